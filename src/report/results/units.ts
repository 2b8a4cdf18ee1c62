/** `45s`, `12m`, `3h`, `5d`: how long ago a time was, as kubectl shows ages. `–` for none. */
export function formatAge(iso: string | undefined, nowMs: number): string {
  const at = Date.parse(iso ?? '');
  if (Number.isNaN(at)) return '–';
  const seconds = Math.max(0, Math.round((nowMs - at) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
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
