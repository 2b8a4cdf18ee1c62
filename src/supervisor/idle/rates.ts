/** How fast counters grow, each by its key. */

/** Long enough that a job of a few seconds, every few minutes, stays below a floor that a build passes. */
export const WINDOW_MS = 5 * 60_000;

interface Counter {
  /** When it was last read, and what it was; undefined where it could not be read yet. */
  read: { atMs: number; value: number } | undefined;
  growths: { atMs: number; amount: number }[];
}

export class Rates {
  readonly #floorPerMs: number;
  readonly #counters = new Map<string, Counter>();
  #lookedAtMs: number | undefined;

  /** `floorPerSecond`: what grows more slowly does not count. */
  constructor(floorPerSecond: number) {
    this.#floorPerMs = floorPerSecond / 1000;
  }

  /**
   * Takes the counters of a look, with undefined for one that cannot be read now. Returns the keys of those that grow
   * now, and have grown over the whole window.
   */
  look(atMs: number, counters: ReadonlyMap<string, number | undefined>): string[] {
    const sinceMs = this.#lookedAtMs;
    this.#lookedAtMs = atMs;
    for (const key of this.#counters.keys()) if (!counters.has(key)) this.#counters.delete(key);
    const growing: string[] = [];
    for (const [key, value] of counters) {
      const { read, growths } = this.#counters.get(key) ?? toNew(sinceMs, value);
      const recent = growths.filter((growth) => growth.atMs > atMs - WINDOW_MS);
      this.#counters.set(key, { read: value === undefined ? read : { atMs, value }, growths: recent });
      if (value === undefined || read === undefined) continue;
      const amount = Math.max(0, value - read.value);
      if (amount > 0) recent.push({ atMs, amount });
      const total = recent.reduce((sum, growth) => sum + growth.amount, 0);
      const isNow = amount > 0 && amount >= this.#floorPerMs * (atMs - read.atMs);
      if (isNow && total >= this.#floorPerMs * WINDOW_MS) growing.push(key);
    }
    return growing;
  }
}

/** What was there at the first look, or could not be read, has grown nobody knows when; what came since, since then. */
function toNew(sinceMs: number | undefined, value: number | undefined): Counter {
  return { read: sinceMs === undefined || value === undefined ? undefined : { atMs: sinceMs, value: 0 }, growths: [] };
}
