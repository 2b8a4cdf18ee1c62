import { failure } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { correction } from '../../workspace/errors/suggestion.ts';

/** The port of a flag, from 0. Throws `BAD_VALUE`. */
export function parsePort(text: string, flag: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw failure('BAD_VALUE', {
    message: `--${flag} ${toQuoted(text)} is not a port`,
    reason: 'a port is a number from 0 to 65535',
    suggestions: [correction(`--${flag}`, '1080', text)],
  });
}

/** A whole number, from 0. Throws `BAD_VALUE`. */
export function parseCount(text: string, flag: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw failure('BAD_VALUE', {
    message: `--${flag} ${toQuoted(text)} is not a whole number`,
    suggestions: [correction(`--${flag}`, '100', text)],
  });
}
