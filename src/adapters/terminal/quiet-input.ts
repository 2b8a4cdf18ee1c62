/**
 * The terminal without its echo, while something is drawn on it: a key would be written into the picture. What is typed
 * meanwhile stays with the terminal, for whoever reads next. Node's raw mode is no way to that: it takes the key of
 * Ctrl-C as well. A program that has the terminal besides (a credential plugin) has its echo.
 */
import { spawn, spawnSync } from 'node:child_process';
import type { Terminal } from '../../workspace/terminal.ts';
import { findForeground } from './foreground.ts';

type Input = Terminal['stdin'] & { fd?: number; isRaw?: boolean };

/** How many programs have the terminal besides, and who wants it quiet. */
let guests = 0;
let quiet: QuietInput | undefined;

/** Lets another program have the terminal with its echo, until the returned function is called. */
export function lendTerminal(): () => void {
  guests += 1;
  quiet?.restoreNow();
  let isLent = true;
  return () => {
    if (!isLent) return;
    isLent = false;
    guests -= 1;
    void quiet?.silence();
  };
}

/** Undefined where the input is no terminal, or Windows' console. The returned function ends it. */
export async function quietInput(stdin: Input): Promise<(() => Promise<void>) | undefined> {
  if (stdin?.isTTY !== true || stdin.fd === undefined || process.platform === 'win32') return undefined;
  const own = new QuietInput(stdin);
  quiet = own;
  const onExit = () => own.restoreNow();
  // A shell that gets the terminal back by Ctrl-Z has its echo, and the drawing is quiet again after `fg`.
  const onStop = () => {
    own.restoreNow();
    process.kill(process.pid, 'SIGSTOP');
  };
  const onContinue = () => void own.silence();
  process.on('exit', onExit).on('SIGTSTP', onStop).on('SIGCONT', onContinue);
  await own.silence();
  return async () => {
    if (quiet === own) quiet = undefined;
    await own.end();
    process.off('exit', onExit).off('SIGTSTP', onStop).off('SIGCONT', onContinue);
  };
}

class QuietInput {
  readonly #stdin: Input;
  /** The modes to go back to, while the echo is off. */
  #saved: string | undefined;
  #isEnded = false;
  #changing: Promise<void> = Promise.resolve();

  constructor(stdin: Input) {
    this.#stdin = stdin;
  }

  silence(): Promise<void> {
    this.#changing = this.#changing.then(() => this.#turnOff());
    return this.#changing;
  }

  async #turnOff(): Promise<void> {
    if (this.#isEnded || guests > 0 || this.#saved !== undefined || this.#stdin.isRaw === true) return;
    if (findForeground() !== true) return;
    const saved = (await stty(this.#stdin, ['-g']))?.trim();
    if (!saved) return;
    this.#saved = saved;
    // Key by key: a line that is not ended yet is to be read as well.
    await stty(this.#stdin, ['-echo', '-icanon']);
    // Somebody wanted it back meanwhile.
    if (this.#saved === undefined) await stty(this.#stdin, [saved]);
  }

  /** At once: the process ends or stops, or another program is about to ask. */
  restoreNow(): void {
    const saved = this.#takeSaved();
    if (saved !== undefined) spawnSync('stty', [saved], { stdio: [this.#stdin.fd, 'ignore', 'ignore'] });
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    await this.#changing;
    const saved = this.#takeSaved();
    if (saved !== undefined) await stty(this.#stdin, [saved]);
  }

  /** Undefined as well where the terminal is a shell's by now: whoever changes its modes then is stopped. */
  #takeSaved(): string | undefined {
    const saved = this.#saved;
    this.#saved = undefined;
    return saved !== undefined && findForeground() === true ? saved : undefined;
  }
}

/** What it printed; undefined where it failed or is not there. */
function stty({ fd }: Input, words: string[]): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const child = spawn('stty', words, { stdio: [fd, 'pipe', 'ignore'] });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.once('error', () => resolve(undefined));
  child.once('close', (status) => resolve(status === 0 ? said : undefined));
  return promise;
}
