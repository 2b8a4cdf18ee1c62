/** `45s`, `12m`, `3h`, `5d`: how long ago a time was, as kubectl shows ages. `–` for none. */
export function formatAge(iso: string | undefined, nowMs: number): string {
  const at = Date.parse(iso ?? '');
  if (Number.isNaN(at)) return '–';
  const { count, unit } = toSpan(Math.max(0, Math.round((nowMs - at) / 1000)));
  return `${count}${unit}`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** `512 B`, `1.2 MiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `45 s`, `36 min`, `5 h`, `3 d`: how long something lasts, in a sentence. */
export function formatSpan(seconds: number): string {
  const { count, unit } = toSpan(seconds);
  return `${count} ${unit === 'm' ? 'min' : unit}`;
}

/** In the unit that has not much more than a hundred of it, as kubectl does. */
function toSpan(seconds: number): { count: number; unit: 's' | 'm' | 'h' | 'd' } {
  if (seconds < 120) return { count: seconds, unit: 's' };
  if (seconds < 120 * 60) return { count: Math.floor(seconds / 60), unit: 'm' };
  if (seconds < 48 * 3600) return { count: Math.floor(seconds / 3600), unit: 'h' };
  return { count: Math.floor(seconds / 86_400), unit: 'd' };
}
