import { takeWaiting } from '../../report/asking/waiting-input.ts';
import type { Terminal } from '../../workspace/terminal.ts';

/**
 * What is typed while progress is drawn: it is not echoed, waits for the shell that follows, and answers no question
 * that comes between.
 */
export class TypeAhead {
  readonly #stdin: Terminal['stdin'];
  #isForQuestion = false;
  #held: Buffer[] = [];
  #wasQuiet = false;

  constructor({ stdin }: Pick<Terminal, 'stdin'>) {
    this.#stdin = stdin;
  }

  /** Quiet until the returned function is called. */
  readonly hush = async (): Promise<() => Promise<void>> => {
    const { quietInput } = await import('../wiring/quiet-input.ts');
    const end = await quietInput(this.#stdin);
    this.#wasQuiet = end !== undefined;
    return async () => {
      if (end !== undefined && this.#isForQuestion) this.#held.push(await takeWaiting(this.#stdin));
      await end?.();
    };
  };

  /** Whether a Ctrl-C has left no ^C on the screen. */
  get wasQuiet(): boolean {
    return this.#wasQuiet;
  }

  /** Asks a question once `free` has let go of the terminal: with what was typed before held back. */
  async whileAsking<Answer>(free: () => Promise<void>, ask: () => Promise<Answer>): Promise<Answer> {
    this.#isForQuestion = true;
    try {
      await free();
      return await ask();
    } finally {
      this.#isForQuestion = false;
      const held = Buffer.concat(this.#held);
      if (held.length > 0) this.#stdin.unshift(held);
      this.#held = [];
    }
  }
}
