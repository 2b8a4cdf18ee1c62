export interface LineWriterOptions {
  /** Writes what it can of the bytes without waiting and returns how many; throws EAGAIN when that is nothing. */
  write(bytes: Buffer): number;
  /** The line that reports lost lines, with its line end. */
  toLostLine(count: number): string;
  limitBytes?: number;
}

/** Kept for a reader that is late: half an hour of an ordinary log, or some seconds of a flood. */
const LIMIT_BYTES = 2 ** 20;

const RETRY_MS = 50;
const LAST_RETRY_MS = 5;

/**
 * Writes lines to a pipe whose reader may be late, stuck or gone: it never waits and never throws. What the pipe does
 * not take is kept up to a limit; beyond it new lines are only counted, and a line says how many once there is room.
 */
export class LineWriter {
  readonly #options: LineWriterOptions;
  readonly #limitBytes: number;
  #queue: Buffer[] = [];
  #queuedBytes = 0;
  #lost = 0;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: LineWriterOptions) {
    this.#options = options;
    this.#limitBytes = options.limitBytes ?? LIMIT_BYTES;
  }

  write(line: string): void {
    const bytes = Buffer.from(line);
    if (this.#queuedBytes + bytes.length > this.#limitBytes) this.#lost += 1;
    else this.#push(bytes);
    // The pipe was full a moment ago, so try again in a moment.
    if (this.#retry === undefined) this.#flush();
  }

  /** Waits for the reader, at most this long, so that the last line before the end gets out. */
  flushNow(limitMs: number): void {
    const endMs = performance.now() + limitMs;
    const pause = new Int32Array(new SharedArrayBuffer(4));
    while (!this.#flush() && performance.now() < endMs) Atomics.wait(pause, 0, 0, LAST_RETRY_MS);
  }

  #push(bytes: Buffer): void {
    this.#queue.push(bytes);
    this.#queuedBytes += bytes.length;
  }

  /** True when everything is written, or nothing can be any more. */
  #flush(): boolean {
    try {
      this.#writeQueue();
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') {
        // Nobody reads: for good, or until somebody opens the pipe again.
        this.#lost += this.#queue.length;
        this.#queue = [];
        this.#queuedBytes = 0;
        return true;
      }
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined;
        this.#flush();
      }, RETRY_MS).unref();
      return false;
    }
  }

  #writeQueue(): void {
    while (true) {
      const [first] = this.#queue;
      if (first !== undefined) {
        const written = this.#options.write(first);
        this.#queuedBytes -= written;
        // Keep the rest of a begun line at the front, or two lines would become one.
        if (written < first.length) this.#queue[0] = first.subarray(written);
        else this.#queue.shift();
      } else if (this.#lost > 0) {
        this.#push(Buffer.from(this.#options.toLostLine(this.#lost)));
        this.#lost = 0;
      } else return;
    }
  }
}
