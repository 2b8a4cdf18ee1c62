/** A terminal of tmux with a shell in it, of an exact size: what a user would see there, with or without its colours. */
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';

export interface TmuxOptions {
  columns: number;
  rows: number;
  /** Of the shell in it: nothing else is passed on. */
  environment: Record<string, string>;
  folder: string;
}

/** A workspace with a new volume is up well within it, on a busy machine too. */
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

  /** Types it; `Enter`, `C-c` and the like are keys. */
  type(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** The screen as it is now, its colours as escape sequences. */
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
   * Waits until the screen shows it and stands still: what was wanted may be there before the rest is drawn. `limitMs` later
   * it throws, with the screen. Returns it with its colours.
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

  /** A command line and what is on the screen when the prompt is back. */
  async run(command: string): Promise<string> {
    await this.start(command);
    return this.see(/\S[\s\S]*\n\$\s*$/);
  }

  [Symbol.dispose](): void {
    try {
      this.#tmux('kill-server');
    } catch {
      // The shell was left, and its server with it.
    }
  }

  #tmux(...words: string[]): string {
    const { environment: env, folder: cwd } = this.#options;
    return execFileSync('tmux', ['-L', this.#socket, '-f', '/dev/null', ...words], { encoding: 'utf8', env, cwd });
  }
}
