/** tmux, as the sessions of `ws ssh --tmux` have it: the user's own server, on its usual socket. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Not the image's wrapper, which waits for us. */
const TMUX = '/usr/bin/tmux';

/** A server answers in a few milliseconds. One that hangs is left alone. */
const ANSWER_LIMIT_MS = 5000;

/** 5000 lines of a wide terminal with colours. */
const MOST_BYTES = 16 * 2 ** 20;

export interface TmuxOptions {
  uid: number;
  /** What a session's programs start with: the server that a start makes hands it to its panes. */
  environment: Record<string, string>;
}

export class Tmux {
  readonly #options: TmuxOptions;
  readonly socket: string;

  constructor(options: TmuxOptions) {
    this.#options = options;
    // As tmux does, which takes /tmp where that folder is missing.
    const wanted = options.environment['TMUX_TMPDIR'] || '/tmp';
    this.socket = path.join(existsSync(wanted) ? wanted : '/tmp', `tmux-${options.uid}`, 'default');
  }

  /** Costs no process. The socket of a server that was killed is there, too. */
  async hasSocket(): Promise<boolean> {
    return stat(this.socket).then(
      (found) => found.isSocket(),
      () => false,
    );
  }

  /** What tmux says. Rejects with what it says of an error, and after a time limit. */
  async run(...words: string[]): Promise<string> {
    // tmux makes it only for a socket that nobody names.
    await mkdir(path.dirname(this.socket), { mode: 0o700 }).catch(() => undefined);
    const options = {
      // The home may be a volume that does not answer.
      cwd: '/',
      env: this.#options.environment,
      timeout: ANSWER_LIMIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MOST_BYTES,
      encoding: 'utf8',
    } as const;
    return new Promise((resolve, reject) => {
      try {
        // -u: without it, letters that are not ASCII come as underscores. -S: where the folder has gone, tmux would ask
        // the server in /tmp, where a pane's number means another pane.
        execFile(TMUX, ['-u', '-S', this.socket, ...words], options, (error, stdout, stderr) => {
          if (error === null) resolve(stdout);
          else reject(new Error(stderr.trim() || error.message));
        });
      } catch (error) {
        reject(error as Error);
      }
    });
  }
}

/** A text as one word: tmux takes a word that ends with a semicolon for the end of a command. */
export function toWord(text: string): string {
  return text.replace(/;$/, '\\;');
}

/** The same where tmux expands formats, of which `#(…)` runs a program. */
export function toLiteral(text: string): string {
  return toWord(text.replaceAll('#', '##'));
}
