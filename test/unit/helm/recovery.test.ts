import { expect, test } from 'vitest';
import { planRecovery } from '../../../src/adapters/helm/recovery.ts';

const NOW = Date.parse('2026-06-01T12:00:00Z');

function revision(number: number, status: string, ageSeconds: number) {
  const updatedAt = new Date(NOW - ageSeconds * 1000).toISOString();
  return { revision: number, status, chart: 'ws-workspace-0.1.0', updatedAt };
}

test('nothing there: try again', () => {
  expect(planRecovery([], NOW)).toEqual({ kind: 'retry' });
});

test.each(['deployed', 'failed', 'superseded'])('the other operation ended as %s: try again', (status) => {
  expect(planRecovery([revision(1, status, 1)], NOW)).toEqual({ kind: 'retry' });
});

test.each(['pending-install', 'pending-upgrade', 'pending-rollback', 'uninstalling'])(
  'a young %s is somebody at work',
  (status) => {
    expect(planRecovery([revision(1, status, 12)], NOW)).toEqual({ kind: 'wait' });
  },
);

test('a time from the near future is a clock that differs, not an old operation', () => {
  expect(planRecovery([revision(1, 'pending-install', -12)], NOW)).toEqual({ kind: 'wait' });
});

test.each(['pending-install', 'uninstalling'])('an old %s is cleared away', (status) => {
  expect(planRecovery([revision(1, status, 31)], NOW)).toEqual({ kind: 'uninstall' });
});

test('an old pending-upgrade goes back to the last revision that worked', () => {
  const history = [revision(3, 'superseded', 900), revision(4, 'deployed', 600), revision(5, 'pending-upgrade', 60)];
  expect(planRecovery(history, NOW)).toEqual({ kind: 'rollback', revision: 4 });
});

test('an old pending-upgrade that nothing came before is cleared away', () => {
  const history = [revision(1, 'failed', 900), revision(2, 'pending-upgrade', 60)];
  expect(planRecovery(history, NOW)).toEqual({ kind: 'uninstall' });
});
