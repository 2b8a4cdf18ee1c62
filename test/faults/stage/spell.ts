/** Figures as a page says them. */

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
