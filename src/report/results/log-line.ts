import { toPrintable } from '../../workspace/errors/printable.ts';
import { wrap } from '../wrap.ts';

/**
 * A line of the server's JSON log for a person, broken between words where a terminal of so many columns would break
 * one. A line that is not JSON stays as it is, but for that.
 */
export function formatLogLine(line: string, color: boolean, columns?: number): string {
  const fields = parse(line);
  const fold = (text: string) => (columns ? wrap(text, columns - 2).join('\n  ') : text);
  if (fields === undefined) return fold(toPrintable(line, { oneLine: true }));
  const { time, level, event, ...rest } = fields;
  const when = typeof time === 'string' ? time.replace('T', ' ').replace(/\.\d+Z$/, '') : '';
  const words = Object.entries(rest).map(([name, value]) => `${name}=${toWord(value)}`);
  const name = typeof event === 'string' ? event : toWord(event);
  const text = toPrintable(`${when}  ${name.padEnd(20)} ${words.join(' ')}`.trimEnd(), { oneLine: true });
  if (!color) return fold(level === 'info' ? text : `${text}  ${toPrintable(`[${toWord(level)}]`, { oneLine: true })}`);
  const code = level === 'error' || level === 'fatal' ? 31 : level === 'warn' ? 33 : 0;
  return code === 0 ? fold(text) : `\x1b[${code}m${fold(text)}\x1b[0m`;
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'event' in value
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Anything that JSON can hold. */
function toWord(value: unknown): string {
  return typeof value === 'string' ? quoteIfNeeded(value) : (JSON.stringify(value) ?? '');
}

function quoteIfNeeded(value: string): string {
  return /[\s="]/.test(value) ? JSON.stringify(value) : value;
}
