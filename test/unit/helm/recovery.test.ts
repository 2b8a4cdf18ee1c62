import { describe, expect, test } from 'vitest';
import { findDeployed, findHold, StandingStill } from '../../../src/adapters/helm/recovery.ts';

const revision = (number: number, status: string, updatedAt = '2026-06-01T12:00:00Z') => ({
  revision: number,
  status,
  chart: 'ws-workspace-0.2.0',
  updatedAt,
});

describe('who holds a release', () => {
  test('nobody, where it is not there or ended one way or another', () => {
    expect(findHold([])).toEqual({ kind: 'none' });
    for (const status of ['deployed', 'failed', 'superseded'])
      expect(findHold([revision(1, status)])).toEqual({ kind: 'none' });
  });

  test('a first install that is half-done could be removed', () => {
    expect(findHold([revision(1, 'pending-install')])).toEqual({ kind: 'uninstall', revision: 1 });
  });

  test('a half-done upgrade could go back to the revision that works', () => {
    const history = [revision(3, 'superseded'), revision(4, 'deployed'), revision(5, 'pending-upgrade')];
    expect(findHold(history)).toEqual({ kind: 'rollback', revision: 5, to: 4 });
  });

  test('an uninstallation could be finished', () => {
    const history = [revision(1, 'superseded'), revision(2, 'uninstalling')];
    expect(findHold(history)).toEqual({ kind: 'removal', revision: 2 });
  });

  test.each([
    ['an upgrade over what never worked', [revision(1, 'failed'), revision(2, 'pending-upgrade')]],
    ['a rollback', [revision(1, 'superseded'), revision(2, 'failed'), revision(3, 'pending-rollback')]],
    ['an install that is not the first revision', [revision(1, 'failed'), revision(2, 'pending-install')]],
  ])('%s is never ended', (_what, history) => {
    expect(findHold(history)).toMatchObject({ kind: 'foreign', revision: history.length });
  });
});

test('the revision in force is the one that was deployed last, not one that failed or is not done', () => {
  expect(findDeployed([revision(1, 'superseded'), revision(2, 'deployed'), revision(3, 'failed')])?.revision).toBe(2);
  expect(findDeployed([revision(1, 'superseded'), revision(2, 'pending-upgrade')])?.revision).toBe(1);
  expect(findDeployed([revision(1, 'failed')])).toBeUndefined();
});

describe('standing still', () => {
  test('counts by the own clock alone, whatever time the other machine wrote', () => {
    for (const updatedAt of ['1999-01-01T00:00:00Z', '2099-01-01T00:00:00Z', 'no time']) {
      const standing = new StandingStill();
      const state = revision(1, 'pending-install', updatedAt);
      expect([0, 10, 30_000].map((nowMs) => standing.look(state, nowMs))).toEqual([0, 10, 30_000]);
    }
  });

  test('begins anew with each change', () => {
    const standing = new StandingStill();
    standing.look(revision(1, 'pending-install'), 0);
    expect(standing.look(revision(1, 'pending-install'), 29_000)).toBe(29_000);
    expect(standing.look(revision(2, 'pending-upgrade'), 29_500)).toBe(0);
    expect(standing.look(revision(2, 'pending-upgrade', 'later'), 40_000)).toBe(0);
    expect(standing.look(revision(2, 'pending-upgrade', 'later'), 41_000)).toBe(1000);
  });
});
