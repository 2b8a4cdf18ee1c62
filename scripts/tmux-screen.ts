/** A shell in a tmux terminal of an exact size. Shows what a user would see, with or without colours. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

export interface TmuxOptions {
  columns: number;
  rows: number;
  /** The shell's whole environment. */
  environment: Record<string, string>;
  folder: string;
}

/** Even on a busy machine, a workspace with a new volume is up well before this. */
const SEE_LIMIT_MS = 60_000;
let opened = 0;

export class TmuxScreen implements Disposable {
  readonly #socket = `ws-screens-${process.pid}-${opened++}`;
  readonly #options: TmuxOptions;

  constructor(options: TmuxOptions) {
    this.#options = options;
    const size = ['-x', String(options.columns), '-y', String(options.rows)];
    this.#tmux('new-session', '-d', ...size, "env -u TMUX -u TMUX_PANE PS1='$ ' bash --noprofile --norc");
  }

  /** Types the keys. `Enter`, `C-c` and so on are keys too. */
  type(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** The screen as it is now, with its colours as escape sequences. */
  capture(): string {
    return this.#tmux('capture-pane', '-p', '-e');
  }

  /** The screen with its cursor, which a program may hide. */
  look(): { screen: string; cursor: { column: number; row: number } | undefined } {
    const position = '#{cursor_flag} #{cursor_x} #{cursor_y}';
    const lines = this.#tmux('capture-pane', '-p', '-e', ';', 'display-message', '-p', position).trimEnd().split('\n');
    const [flag, column = 0, row = 0] = (lines.pop() ?? '').split(' ').map(Number);
    return { screen: lines.join('\n'), cursor: flag === 1 ? { column, row } : undefined };
  }

  /**
   * Waits until the screen shows what is wanted and stands still, because the rest may come later. Returns the screen
   * with its colours. Throws after `limitMs`, with the screen.
   */
  async see(wanted: RegExp, limitMs = SEE_LIMIT_MS): Promise<string> {
    let last = '';
    for (const until = Date.now() + limitMs; Date.now() < until; await sleep(50)) {
      const screen = this.capture();
      if (screen === last && wanted.test(stripVTControlCharacters(screen))) return screen;
      last = screen;
    }
    throw new Error(`The screen never showed ${wanted}. It shows:\n${stripVTControlCharacters(this.capture())}`);
  }

  /** Types a command line on a cleared screen. */
  async start(command: string): Promise<void> {
    this.type('C-l');
    await this.see(/^\$\s*$/);
    this.type('-l', command);
    this.type('Enter');
  }

  /** Runs a command line, and returns the screen when the prompt is back. */
  async run(command: string): Promise<string> {
    await this.start(command);
    return this.see(/\S[\s\S]*\n\$\s*$/);
  }

  [Symbol.dispose](): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // The shell has ended, and its server with it.
    }
  }

  #tmux(...words: string[]): string {
    const { environment: env, folder: cwd } = this.#options;
    return execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', ...words], { encoding: 'utf8', env, cwd });
  }
}
