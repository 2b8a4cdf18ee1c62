import { expect, test } from 'vitest';
import { findEventSubjects } from '../../../../src/adapters/kubernetes/objects/read-workspaces.ts';
import { objects, pod } from '../fixtures.ts';

/** One of many that a node rejects, made in the given second. */
function rejected(second: number, metadata: Record<string, unknown> = {}) {
  const creationTimestamp = new Date(Date.UTC(2026, 5, 1, 10, 0, second)).toISOString();
  const status = { phase: 'Failed', reason: 'SysctlForbidden' };
  return pod(`ws-dev-${second}`, { metadata: { creationTimestamp, ...metadata }, status });
}

test('however many pods a node has rejected, the events of the newest one are enough', () => {
  const pods = Array.from({ length: 300 }, (_, second) => rejected(second));
  expect(findEventSubjects(objects({ pods }))).toEqual([{ kind: 'Pod', name: 'ws-dev-299' }]);
});

test('those that are ending say when their node is lost, whatever is newer', () => {
  const pods = [rejected(1, { deletionTimestamp: '2026-06-01T11:00:00Z' }), rejected(2), rejected(3)];
  expect(findEventSubjects(objects({ pods })).map(({ name }) => name)).toEqual(['ws-dev-1', 'ws-dev-3']);
});
