/** Contenders take turns in one run, so that whatever else the machine does falls on all of them alike. */

export interface Contender {
  name: string;
  /** One measured round. Throws when it did not do its work: a failing command must not count as a fast one. */
  run(): Promise<number | void>;
  /** Not measured, after each round. */
  after?(): Promise<void>;
}

export interface Result {
  name: string;
  /** Sorted; milliseconds, or what `run` returned. */
  values: number[];
}

/**
 * Each contender once to warm up, then `rounds` times in turn. A round's value is what `run` returns, else its
 * milliseconds.
 */
export async function race(contenders: Contender[], rounds: number, warmUp = 1): Promise<Result[]> {
  const results = contenders.map(({ name }): Result => ({ name, values: [] }));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      const begun = performance.now();
      const value = (await contender.run()) ?? performance.now() - begun;
      if (round >= 0) results[index]?.values.push(value);
      await contender.after?.();
    }
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  for (const { values } of results) values.sort((a, b) => a - b);
  return results;
}

/** The value that a share of the sorted values is below: 0.5 is the median. */
export function quantile(sorted: number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}
