import { expect, it } from 'vitest';
import { formatLocalClock, formatLocalTime } from '../../../src/workspace/sleep/local-time.ts';

const at = (day: number, hour: number, minute: number) => new Date(2026, 10, day, hour, minute).getTime();

it('shows a time where this machine is, and the day unless it is today', () => {
  expect(formatLocalTime(at(9, 7, 5))).toBe('2026-11-09 07:05');
  expect(formatLocalClock(at(9, 23, 59), at(9, 0, 0))).toBe('23:59');
  expect(formatLocalClock(at(10, 0, 1), at(9, 23, 59))).toBe('2026-11-10 00:01');
});
