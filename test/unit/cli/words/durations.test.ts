import { expect, it } from 'vitest';
import { parseSpan } from '../../../../src/cli/words/durations.ts';
import { saying } from '../../../spelling.ts';

it.each([
  ['0s', 0],
  ['90m', 5_400_000],
  ['2h', 7_200_000],
  ['168h', 604_800_000],
])('%s is so many milliseconds', (text, ms) => {
  expect(parseSpan(text)).toBe(ms);
});

it.each([
  ['169h', 'too long', 'ws keep 168h'],
  ['999999999h', 'too long', 'ws keep 168h'],
  ['2 hours', 'not a time', 'ws keep 2h'],
  ['tomorrow', 'not a time', 'ws keep 2h'],
  ['-5m', 'not a time', 'ws keep 2h'],
  ['', 'not a time', 'ws keep 2h'],
])('%j is %s', (text, what, line) => {
  expect(() => parseSpan(text)).toThrow(
    expect.objectContaining({
      code: 'BAD_VALUE',
      message: expect.stringContaining(what),
      suggestions: [saying(line)],
    }),
  );
});
