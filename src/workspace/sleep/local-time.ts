/** Times as people read them, where this machine is. */

/** `2026-11-29 14:02`. */
export function formatLocalTime(ms: number): string {
  return `${toDay(new Date(ms))} ${toClock(new Date(ms))}`;
}

/** `14:02`, with the day unless it is today. */
export function formatLocalClock(ms: number, nowMs: number): string {
  const at = new Date(ms);
  return at.toDateString() === new Date(nowMs).toDateString() ? toClock(at) : formatLocalTime(ms);
}

function toClock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

function toDay(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
