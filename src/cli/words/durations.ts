import { failure } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { correction, ws } from '../../workspace/errors/suggestion.ts';

/** How long we wait for a workspace that is starting. */
export const DEFAULT_WAIT = '10m';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000 };

/** The longest time of Node's timers, in milliseconds. A longer one fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** `90s`, `10m`, `1h` in milliseconds. Throws `BAD_VALUE`. */
export function parseDuration(text: string, flag: string): number {
  const match = /^(\d+)([smh])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined) {
    throw failure('BAD_VALUE', {
      message: `--${flag} ${toQuoted(text)} is not a time`,
      reason: 'a time is a number and s, m or h',
      suggestions: [correction(`--${flag}`, proposeDuration(text) ?? DEFAULT_WAIT, text)],
    });
  }
  const ms = Number(match[1]) * unit;
  if (ms <= LONGEST_MS) return ms;
  throw failure('BAD_VALUE', {
    message: `--${flag} ${toQuoted(text)} is too long`,
    reason: `the longest time is ${Math.floor(LONGEST_MS / 3_600_000)}h`,
    suggestions: [correction(`--${flag}`, '24h', text)],
  });
}

/** As the server counts: image and chart hold nothing for longer. */
const LONGEST_SPAN_MS = 7 * 24 * 3_600_000;

/** The time of `ws keep`, in milliseconds: `0s` is none. Throws `BAD_VALUE`. */
export function parseSpan(text: string): number {
  const match = /^(\d{1,9})([smh])$/.exec(text);
  const ms = Number(match?.[1]) * (UNITS[match?.[2] ?? ''] ?? Number.NaN);
  if (ms <= LONGEST_SPAN_MS) return ms;
  throw failure('BAD_VALUE', {
    message: `${toQuoted(text)} is ${match === null ? 'not a time' : 'too long'}`,
    reason: match === null ? 'a time is a number and s, m or h' : 'the longest time is 168h, seven days',
    suggestions: [ws`keep ${match === null ? (proposeDuration(text) ?? '2h') : '168h'}`],
  });
}

/** From so many on, a number without a unit is thought of in seconds. */
const FIRST_IN_SECONDS = 30;

/** What a text was meant to be that is nearly a time: `10` and `10 minutes` are `10m`, `300` is `300s`. */
export function proposeDuration(text: string): string | undefined {
  const { amount = '', letter } =
    /^\s*(?<amount>\d{1,6})\s*(?:(?<letter>[smh])(?:ec(?:ond)?|in(?:ute)?|our|r)?s?)?\s*$/i.exec(text)?.groups ?? {};
  if (Number(amount) === 0) return undefined;
  return `${Number(amount)}${letter?.toLowerCase() ?? (Number(amount) < FIRST_IN_SECONDS ? 'm' : 's')}`;
}
