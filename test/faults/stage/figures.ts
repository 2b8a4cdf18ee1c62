/** Figures of docs/reliability.md, as the page says them. */
import { keepFigure } from '../../figures/figures.ts';

/** Of sorted or unsorted values, the one that a share of them is not above. */
export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** Milliseconds, as seconds. */
export function spellTimes(values: number[]): string {
  const say = (share: number) => `${(quantile(values, share) / 1000).toFixed(2)} s`;
  if (values.length < 3) return values.map((value) => `${(value / 1000).toFixed(2)} s`).join(', ');
  return `median ${say(0.5)}, p95 ${say(0.95)}, longest ${say(1)} (${values.length} times)`;
}

/** For what shall go well each time. `faults` has a line for each time that it did not. */
export function keepEachTime(what: string, count: number, faults: string[]): void {
  const figure = `${count - faults.length} of ${count}`;
  keepFigure('faults', { what, goal: 'each time', figure, isMet: faults.length === 0 });
}

/** For what shall be over soon: all but one of twenty. Returns the 95th percentile, in milliseconds. */
export function keepTimes(what: string, timesMs: number[], limitMs: number): number {
  const p95 = quantile(timesMs, 0.95);
  keepFigure('faults', {
    what,
    goal: `p95 ≤ ${limitMs / 1000} s`,
    figure: spellTimes(timesMs),
    isMet: p95 <= limitMs,
  });
  return p95;
}
