/** What people at the terminals hear before a workspace sleeps or stops. */
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

/** How long before the end people hear of it. */
const NOTICES_MS = [10 * 60_000, 60_000];

/** The notices before a workspace is stopped whatever works in it: there is time to finish a thought, and to save. */
export class Ending {
  readonly #noticesMs: number[];

  constructor(endAfterMs: number) {
    this.#noticesMs = NOTICES_MS.map((noticeMs) => Math.min(noticeMs, endAfterMs / 2));
  }

  /** Undefined for nothing to say. */
  find(leftMs: number): string | undefined {
    const due = this.#noticesMs.filter((noticeMs) => leftMs <= noticeMs);
    if (due.length === 0) return undefined;
    this.#noticesMs.splice(0, due.length);
    const seconds = Math.round(leftMs / 1000);
    const when = seconds > 120 ? `${Math.round(seconds / 60)} min` : `${seconds} s`;
    return `This workspace stops in ${when}, whatever works in it: its time is over. ws up starts it again.`;
  }
}
