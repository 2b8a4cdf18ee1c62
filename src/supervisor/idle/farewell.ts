/** What people at the terminals hear before an idle workspace sleeps. */
import type { Activity } from './idleness.ts';

const LONGEST_NOTICE_MS = 2 * 60_000;

/** Undefined for nothing to say. Says it once in each idle time, with time left to press a key. */
export class Farewell {
  readonly #stopAfterMs: number;
  #hasTold = false;

  constructor(stopAfterMs: number) {
    this.#stopAfterMs = stopAfterMs;
  }

  find({ reason, idleMs }: Activity): string | undefined {
    if (reason !== undefined) this.#hasTold = false;
    const leftMs = this.#stopAfterMs - idleMs;
    const isDue = reason === undefined && leftMs <= Math.min(LONGEST_NOTICE_MS, this.#stopAfterMs / 2);
    if (!isDue || this.#hasTold) return undefined;
    this.#hasTold = true;
    const seconds = Math.max(0, Math.round(leftMs / 1000));
    return `This workspace sleeps in ${seconds} s, because nothing works in it. Any key keeps it awake.`;
  }
}
