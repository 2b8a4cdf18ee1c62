import { describe, expect, it } from 'vitest';
import { chooseNext, type Guest, judge, LOOPBACK, toSource } from '../../../../src/supervisor/connections/admission.ts';
import { readDescriptorLimit, toMostConnections } from '../../../../src/supervisor/connections/descriptors.ts';

const LIMITS = { maxConnections: 1000, maxUnauthenticated: 200 };
const NOW_MS = 100_000;

const guests = (count: number, source: string, ageMs = 0, isAuthenticated = false): Guest[] =>
  Array.from({ length: count }, () => ({ source, isAuthenticated, startedAtMs: NOW_MS - ageMs }));

const ask = (source: string, present: Guest[], limits = LIMITS) => judge(source, present, limits, NOW_MS);

describe('who may come in', () => {
  it('is anybody while there is room, as many of one source as there is', () => {
    expect(ask('10.0.0.1', guests(199, '10.0.0.1'))).toEqual({ admitted: true, displaced: undefined });
  });

  it('is a source with less than the others, at once', () => {
    const silent = guests(200, '10.0.0.1');
    const verdict = ask('10.0.0.2', silent);
    expect(verdict).toEqual({ admitted: true, displaced: silent[0] });
  });

  it('is one of the same source when the oldest has had time enough for a login', () => {
    expect(ask('10.0.0.1', guests(200, '10.0.0.1', 2999))).toEqual({
      admitted: false,
      reason: 'too_many_unauthenticated',
    });
    const [oldest, ...rest] = guests(200, '10.0.0.1', 3000);
    expect(ask('10.0.0.1', [...rest, oldest as Guest])).toMatchObject({
      admitted: true,
      displaced: { source: '10.0.0.1' },
    });
  });

  it('is who comes by the API server, whoever else is there', () => {
    for (const many of [200, 900, 5000]) {
      const verdict = ask(LOOPBACK, guests(many, '10.0.0.1'));
      expect(verdict.admitted, `${many} strangers`).toBe(true);
    }
    expect(ask(LOOPBACK, guests(900, '10.0.0.1', 0, true))).toEqual({ admitted: true, displaced: undefined });
    expect(ask('10.0.0.2', guests(900, '10.0.0.1', 0, true))).toEqual({
      admitted: false,
      reason: 'too_many_connections',
    });
  });

  it('is never one more than there may be, and a session that is logged in never leaves for it', () => {
    expect(ask(LOOPBACK, guests(1000, '10.0.0.1', 9000, true))).toEqual({
      admitted: false,
      reason: 'too_many_connections',
    });
  });

  it('is somebody where there may be one connection only', () => {
    const limits = { maxConnections: 1, maxUnauthenticated: 1 };
    expect(ask('10.0.0.1', [], limits)).toEqual({ admitted: true, displaced: undefined });
    expect(ask('10.0.0.1', guests(1, '10.0.0.2', 0), limits).admitted).toBe(false);
  });
});

describe('who is served first', () => {
  const NOBODY = new Set<Guest>();

  it('is who comes by the API server, then the source with the fewest', () => {
    const crowd = guests(5, '10.0.0.1', 50);
    const [one] = guests(1, '10.0.0.2');
    const [api] = guests(1, LOOPBACK);
    expect(chooseNext([...crowd, one, api] as Guest[], NOBODY)).toBe(api);
    expect(chooseNext([...crowd, one] as Guest[], NOBODY)).toBe(one);
    expect(chooseNext(crowd, NOBODY)).toBe(crowd[0]);
    expect(chooseNext([], NOBODY)).toBeUndefined();
  });

  it.each([LOOPBACK, '10.0.0.1'])('is of %s who has said something, whoever came before', (source) => {
    const crowd = guests(5, source, 50);
    const [login] = guests(1, source) as [Guest];
    expect(chooseNext([...crowd, login], new Set(crowd))).toBe(login);
    expect(chooseNext(crowd, new Set(crowd))).toBe(crowd[0]);
    // What strangers say does not put them before those who come by the API server.
    const [stranger] = guests(1, '10.0.0.9') as [Guest];
    if (source === LOOPBACK) expect(chooseNext([stranger, ...crowd], new Set(crowd))).toBe(crowd[0]);
  });
});

describe('toSource', () => {
  it.each([
    ['127.0.0.1', LOOPBACK],
    ['127.8.9.1', LOOPBACK],
    ['::1', LOOPBACK],
    ['::ffff:127.0.0.1', LOOPBACK],
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:db8::9', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    [undefined, 'unknown'],
  ])('of %s is %s', (address, source) => expect(toSource(address)).toBe(source));
});

describe('the connections that descriptors allow', () => {
  it.each([
    [20, 10],
    [255, 127],
    [400, 272],
    [1_048_576, 1_048_448],
    [0, 1],
    [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('of %s descriptors are %s', (descriptors, most) => expect(toMostConnections(descriptors)).toBe(most));

  it('are read of the running process', () => {
    expect(readDescriptorLimit()).toBeGreaterThan(100);
    expect(readDescriptorLimit('/nowhere')).toBe(0);
  });
});
