/** Notices a dead connection: a closed laptop lid, a pulled cable. TCP alone would take a quarter of an hour. */

const INTERVAL_MS = 15_000;

/** Pings without any answer after which the connection counts as dead. */
const MISSES = 2;

/** A timer this late means that the machine slept: then one unanswered ping is enough, after a shorter time. */
const SLEPT_MS = 5_000;
const AFTER_SLEEP_MS = 4_000;

export interface HeartbeatOptions {
  ping(): unknown;
  /** False while nobody reads: answers wait in the socket then, and their absence means nothing. */
  isListening(): boolean;
  onDead(): void;
}

export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #timer: NodeJS.Timeout | undefined;
  #misses = 0;
  #dueMs = 0;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    this.#plan(INTERVAL_MS);
  }

  /** Any message is a sign of life. */
  beat(): void {
    this.#misses = 0;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #plan(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = Date.now() + delayMs;
    this.#timer = setTimeout(() => this.#tick(), delayMs).unref();
  }

  #tick(): void {
    if (!this.#options.isListening()) this.#misses = 0;
    if (this.#misses >= MISSES) {
      this.#options.onDead();
      return;
    }
    const slept = Date.now() - this.#dueMs > SLEPT_MS;
    this.#misses = slept ? MISSES : this.#misses + 1;
    this.#options.ping();
    this.#plan(slept ? AFTER_SLEEP_MS : INTERVAL_MS);
  }
}
