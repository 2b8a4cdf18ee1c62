import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeStop, describeStopped, formatStop, parseStop, type Stop } from '../../../src/workspace/sleep/stop.ts';
import { property } from '../../fuzz/property.ts';

const stop: Stop = { until: 'login', since: '2026-11-29T14:02:00.000Z', by: 'anna' };

describe('how a workspace was stopped', () => {
  it.each(['up', 'login'] as const)('is read as it was written, until %s', (until) => {
    expect(parseStop(formatStop({ ...stop, until }, 7), 7)).toEqual({ ...stop, until });
    const bare = { until, since: undefined, by: undefined };
    expect(parseStop(formatStop(bare, 7), 7)).toEqual(bare);
  });

  it('counts for no other generation: somebody else has scaled it since', () => {
    for (const generation of [6, 8, undefined]) expect(parseStop(formatStop(stop, 7), generation)).toBeUndefined();
    expect(parseStop('{"until":"login"}', undefined)).toBeUndefined();
  });

  it.each([
    ['nothing', undefined],
    ['no JSON', 'login'],
    ['a list', '[]'],
    ['null', 'null'],
    ['another word', '{"until":"tomorrow","generation":7}'],
  ])('is not read from %s', (_what, text) => {
    expect(parseStop(text, 7)).toBeUndefined();
  });

  it('loses a name or a time that could not be one, and wakes all the same', () => {
    const text = JSON.stringify({ until: 'login', since: 'now\n', by: 'an\u001b[2Jna', generation: 7 });
    expect(parseStop(text, 7)).toEqual({ until: 'login', since: undefined, by: undefined });
    expect(parseStop(JSON.stringify({ until: 'up', by: 'x'.repeat(300), generation: 7 }), 7)?.by).toBeUndefined();
  });

  property('throws at no text', fc.oneof(fc.string(), fc.json()), (text) => {
    expect(() => parseStop(text, 1)).not.toThrow();
  });

  it('is said as far as it is known', () => {
    expect(describeStop(stop)).toMatch(/^ since 2026-11-\d\d \d\d:\d\d, by anna$/);
    expect(describeStop({ ...stop, since: undefined })).toBe(', by anna');
    expect(describeStop(undefined)).toBe('');
    expect(describeStopped('asleep', stop)).toMatch(/^has been asleep since 2026-11-\d\d \d\d:\d\d, by anna$/);
    expect(describeStopped('stopped', { ...stop, since: undefined })).toBe('is stopped, by anna');
    expect(describeStopped('stopped', undefined)).toBe('is stopped');
  });
});
