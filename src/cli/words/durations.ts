import { failure } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { correction, ws } from '../../workspace/errors/suggestion.ts';
import { proposeTime, readTime, TIME_FORM, UNITS } from '../../workspace/sleep/time-words.ts';

/** How long we wait for a workspace that is starting. */
export const DEFAULT_WAIT = '10m';

/** The longest time of Node's timers, in milliseconds. A longer one fires at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** `90s`, `10m`, `1h30m` in milliseconds. Throws `BAD_VALUE`. */
export function parseDuration(text: string, flag: string): number {
  const ms = readTime(text);
  if (ms === undefined) {
    throw failure('BAD_VALUE', {
      message: `--${flag} ${toQuoted(text)} is not a time`,
      reason: TIME_FORM,
      suggestions: [correction(`--${flag}`, proposeTime(text) ?? DEFAULT_WAIT, text)],
    });
  }
  if (ms <= LONGEST_MS) return ms;
  throw failure('BAD_VALUE', {
    message: `--${flag} ${toQuoted(text)} is too long`,
    reason: `the longest time is ${Math.floor(LONGEST_MS / UNITS.h)}h`,
    suggestions: [correction(`--${flag}`, '24h', text)],
  });
}

/** As the server counts: image and chart hold nothing for longer. */
const LONGEST_SPAN_MS = 7 * UNITS.d;

/** The time of `ws keep`, in milliseconds: `0s` is none. Throws `BAD_VALUE`. */
export function parseSpan(text: string): number {
  const ms = readTime(text);
  if (ms !== undefined && ms <= LONGEST_SPAN_MS) return ms;
  throw failure('BAD_VALUE', {
    message: `${toQuoted(text)} is ${ms === undefined ? 'not a time' : 'too long'}`,
    reason: ms === undefined ? TIME_FORM : 'the longest time is 7d',
    suggestions: [ws`keep ${ms === undefined ? (proposeSpan(text) ?? '2h') : '7d'}`],
  });
}

/** No time is proposed that is too long as well. */
function proposeSpan(text: string): string | undefined {
  const proposal = proposeTime(text);
  return proposal !== undefined && (readTime(proposal) ?? 0) > LONGEST_SPAN_MS ? '7d' : proposal;
}
