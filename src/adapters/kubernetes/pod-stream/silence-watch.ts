/** Notices that nothing comes any more, soon after something should have: what is typed, or asked for now and then. */

/** While nothing is said, a sign of life is asked for so often. */
const IDLE_MS = 15_000;

/** What was said is answered sooner, or a sign of life is asked for. */
const ANSWER_MS = 1000;

/** After that question: when people are told, and when the way counts as dead. */
const TELL_MS = 1500;
const DEAD_MS = 8000;

/** A timer this late means that the machine slept. Then nothing of before is likely to stand. */
const SLEPT_MS = 5000;
const DEAD_AFTER_SLEEP_MS = 2000;

export interface SilenceOptions {
  ping(): void;
  /** Nothing has come since then. */
  onSilent(sinceMs: number): void;
  /** Something came again. */
  onHeard(): void;
  onDead(): void;
}

export class SilenceWatch {
  readonly #options: SilenceOptions;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  /** Since when an answer is expected. */
  #expectedMs: number | undefined;
  /** When it was asked for. */
  #askedMs: number | undefined;
  #isTold = false;
  #hasSlept = false;

  constructor(options: SilenceOptions) {
    this.#options = options;
  }

  start(): void {
    this.#forget();
    this.#plan(IDLE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#forget();
  }

  /** Something was said that is answered. */
  spoke(): void {
    if (this.#expectedMs !== undefined || this.#timer === undefined) return;
    this.#expectedMs = Date.now();
    this.#plan(ANSWER_MS);
  }

  heard(): void {
    const wasTold = this.#isTold;
    this.#forget();
    if (wasTold) this.#options.onHeard();
  }

  #forget(): void {
    this.#expectedMs = undefined;
    this.#askedMs = undefined;
    this.#isTold = false;
    this.#hasSlept = false;
  }

  #plan(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#dueMs = Date.now() + delayMs;
    this.#timer = setTimeout(() => this.#tick(), delayMs).unref();
  }

  #tick(): void {
    const nowMs = Date.now();
    if (nowMs - this.#dueMs > SLEPT_MS) {
      this.#forget();
      this.#hasSlept = true;
      return this.#ask(nowMs);
    }
    if (this.#askedMs === undefined) return this.#ask(nowMs);
    const deadMs = this.#askedMs + (this.#hasSlept ? DEAD_AFTER_SLEEP_MS : DEAD_MS);
    if (nowMs >= deadMs) return this.#options.onDead();
    if (!this.#isTold) {
      this.#isTold = true;
      this.#options.onSilent(this.#expectedMs ?? nowMs);
    }
    this.#plan(deadMs - nowMs);
  }

  #ask(nowMs: number): void {
    // It was heard after it was said, or nothing was said: then this is the first that is.
    this.#expectedMs ??= nowMs;
    this.#askedMs = nowMs;
    this.#options.ping();
    this.#plan(TELL_MS);
  }
}
