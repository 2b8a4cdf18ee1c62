import { expect, it } from 'vitest';
import { parseDuration, parseSpan } from '../../../../src/cli/words/durations.ts';
import { CHOICES } from '../../../../src/workspace/choices/table.ts';
import { saying } from '../../../spelling.ts';

it.each([
  ['0s', 0],
  ['90m', 5_400_000],
  ['2h', 7_200_000],
  ['168h', 604_800_000],
  ['7d', 604_800_000],
  ['2h30m', 9_000_000],
  ['1d2h3m4s', 93_784_000],
])('%s is so many milliseconds', (text, ms) => {
  expect(parseSpan(text)).toBe(ms);
});

it.each([
  ['169h', 'too long', 'ws keep 7d'],
  ['999999999h', 'too long', 'ws keep 7d'],
  ['2 hours', 'not a time', 'ws keep 2h'],
  ['8d', 'too long', 'ws keep 7d'],
  ['30m2h', 'not a time', 'ws keep 2h'],
  ['2 hours and 30 minutes', 'not a time', 'ws keep 2h30m'],
  ['9 days', 'not a time', 'ws keep 7d'],
  ['2w', 'not a time', 'ws keep 2h'],
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

it('names the spellings that there are', () => {
  const reason = 'a time is a number with s, m, h or d, such as 90m, or several of them, such as 2h30m';
  expect(() => parseSpan('1w')).toThrow(expect.objectContaining({ reason }));
  expect(() => parseDuration('1w', 'wait-timeout')).toThrow(expect.objectContaining({ reason }));
  expect(CHOICES.ttl.findFault('1w')).toBe(reason);
});

it.each([
  ['1h30m', '90m'],
  ['2d', '48h'],
  ['1d1s', '86401s'],
  ['90m', '90m'],
  ['08h', '8h'],
  ['none', 'none'],
])('--ttl %s is %s for the chart, which reads one number', (text, span) => {
  expect(CHOICES.ttl.findFault(text)).toBeUndefined();
  expect(CHOICES.ttl.read(text)).toBe(span);
});

it.each([
  ['1m0s', undefined],
  ['59s', 'it is shorter than a minute'],
  ['0d', 'it is shorter than a minute'],
  ['99999d1s', 'it is too long'],
])('--ttl %s has the fault %s', (text, fault) => {
  expect(CHOICES.ttl.findFault(text)).toBe(fault);
});

it.each([
  ['2 hours', '2h'],
  ['1 day 2 hours', '26h'],
  ['8', undefined],
  ['30 sec', undefined],
])('--ttl %s may mean %s', (text, meant) => {
  const proposal = CHOICES.ttl.propose(text);
  expect(proposal === undefined ? undefined : CHOICES.ttl.read(proposal)).toBe(meant);
});

it('waits as long as it is told in days and hours', () => {
  expect(parseDuration('1d1h', 'wait-timeout')).toBe(90_000_000);
  expect(() => parseDuration('25d', 'wait-timeout')).toThrow(
    expect.objectContaining({ reason: 'the longest time is 596h' }),
  );
});
