import fc from 'fast-check';
import { expect } from 'vitest';
import { type Guest, judge, LOOPBACK, toSource } from '../../src/supervisor/connections/admission.ts';
import { property } from './property.ts';

const LIMITS = { maxConnections: 40, maxUnauthenticated: 8 };

/** Who comes when, and whether it ever logs in. */
const visits = fc.array(
  fc.record({
    source: fc.constantFrom(LOOPBACK, 'a', 'b', 'c', 'd'),
    afterMs: fc.constantFrom(0, 0, 1, 100, 5000),
    logsIn: fc.boolean(),
  }),
  { maxLength: 80 },
);

property('no limit is ever passed, and nobody who is logged in leaves for another', visits, (all) => {
  let present: Guest[] = [];
  let nowMs = 0;
  for (const { source, afterMs, logsIn } of all) {
    nowMs += afterMs;
    const verdict = judge(source, present, LIMITS, nowMs);
    const waiting = () => present.filter(({ isAuthenticated }) => !isAuthenticated);
    if (verdict.admitted) {
      const { displaced } = verdict;
      expect(displaced?.isAuthenticated ?? false).toBe(false);
      // Loopback never leaves for a stranger.
      if (source !== LOOPBACK) expect(displaced?.source).not.toBe(LOOPBACK);
      present = present.filter((guest) => guest !== displaced);
      present.push({ source, isAuthenticated: false, startedAtMs: nowMs });
    }
    expect(present.length).toBeLessThanOrEqual(LIMITS.maxConnections);
    const byLoopback = waiting().filter((guest) => guest.source === LOOPBACK).length;
    expect(byLoopback).toBeLessThanOrEqual(LIMITS.maxUnauthenticated);
    expect(waiting().length - byLoopback).toBeLessThanOrEqual(LIMITS.maxUnauthenticated);
    const last = present.at(-1);
    if (logsIn && verdict.admitted && last !== undefined)
      present[present.length - 1] = { ...last, isAuthenticated: true };
  }
});

property('a source that has nobody waiting comes in as long as another has two', visits, (all) => {
  const strangers = all.filter(({ source }) => source !== LOOPBACK).map(({ source }) => source);
  let present: Guest[] = [];
  for (const [at, source] of strangers.entries()) {
    const verdict = judge(source, present, LIMITS, at);
    if (!verdict.admitted) continue;
    present = present.filter((guest) => guest !== verdict.displaced);
    present.push({ source, isAuthenticated: false, startedAtMs: at });
  }
  const counts = Object.values(Object.groupBy(present, ({ source }) => source)).map((group) => group?.length ?? 0);
  if (Math.max(0, ...counts) >= 2) expect(judge('newcomer', present, LIMITS, strangers.length).admitted).toBe(true);
});

property('every address is one source, and all of an IPv6 network are one', fc.ipV6(), (address) => {
  const source = toSource(address);
  expect(source).not.toBe('');
  if (source !== LOOPBACK && source.includes(':')) expect(source.split(':')).toHaveLength(4);
});
