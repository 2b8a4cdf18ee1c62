import { describeLoss, type StreamWatcher } from '../../../workspace/byte-stream.ts';
import type { Terminal } from '../../../workspace/terminal.ts';

/** A way that is back sooner was not worth a word. */
const PATIENCE_MS = 1000;

/** xterm keeps the title on a stack; terminals that know no stack ignore both. */
const KEEP_TITLE = '\x1b[22;0t';
const RESTORE_TITLE = '\x1b[23;0t';

export interface LossLineOptions {
  /** Whether a prompt has the terminal, and no program that draws on all of it. */
  isPlain(): boolean;
  /** Whether `~.` ends the session. */
  escapes: boolean;
}

/**
 * Says on the terminal that the way to the workspace is gone, and since when; and takes it back when it is there again.
 * The title says it always. Below a prompt a line says it as well: nothing else writes meanwhile, since all that is
 * shown comes from there.
 */
export class LossLine implements StreamWatcher {
  readonly #stdout: Terminal['stdout'];
  readonly #options: LossLineOptions;
  #timer: NodeJS.Timeout | undefined;
  #isTitled = false;
  #hasLine = false;

  constructor(stdout: Terminal['stdout'], options: LossLineOptions) {
    this.#stdout = stdout;
    this.#options = options;
  }

  lost(sinceMs: number): void {
    if (this.#stdout.isTTY !== true) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(sinceMs), Math.max(0, PATIENCE_MS - (Date.now() - sinceMs)));
  }

  found(): void {
    clearTimeout(this.#timer);
    if (!this.#stdout.writable) return;
    // The cursor is where it was.
    if (this.#hasLine) this.#stdout.write('\x1b7\r\n\x1b[2K\x1b8');
    if (this.#isTitled) this.#stdout.write(RESTORE_TITLE);
    this.#hasLine = false;
    this.#isTitled = false;
  }

  #show(sinceMs: number): void {
    if (!this.#stdout.writable) return;
    const since = `ws: ${describeLoss(sinceMs)}`;
    this.#stdout.write(`${KEEP_TITLE}\x1b]0;${since}\x07`);
    this.#isTitled = true;
    if (!this.#options.isPlain()) return;
    const more = this.#options.escapes
      ? '; what you type is kept, ~. on a new line ends it'
      : '; what you type is kept';
    const columns = this.#stdout.columns || 80;
    // First make sure that there is a line below, and only then remember where the cursor is: the screen may scroll.
    this.#stdout.write(`\n\x1b[1A\x1b7\r\n\x1b[2K\x1b[7m${`${since}${more}`.slice(0, columns - 1)}\x1b[27m\x1b8`);
    this.#hasLine = true;
  }
}
