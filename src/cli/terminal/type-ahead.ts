import type { Terminal } from '../../workspace/terminal.ts';

/** Turns of the event loop after which all that was typed has been read: the second one looks at the terminal. */
const TURNS = 3;

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
      if (end !== undefined && this.#isForQuestion) await this.#take();
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
      if (this.#held.length > 0) this.#stdin.unshift(Buffer.concat(this.#held));
      this.#held = [];
    }
  }

  async #take(): Promise<void> {
    const hear = (chunk: Buffer | string) => void this.#held.push(Buffer.from(chunk as string));
    this.#stdin.on('data', hear).resume();
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    this.#stdin.off('data', hear).pause();
  }
}
