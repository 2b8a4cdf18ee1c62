import type { V1Pod, V1PodCondition } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { toResize } from '../../../../src/adapters/kubernetes/changes/change-pods.ts';

const AMOUNTS = { limits: { cpu: '1', memory: '1Gi', 'ephemeral-storage': '1Gi' }, requests: { cpu: '100m' } };

const pod = (has: object, conditions: Partial<V1PodCondition>[] = []) =>
  ({
    spec: { containers: [{ name: 'workspace', resources: AMOUNTS }] },
    status: { conditions, containerStatuses: [{ name: 'workspace', resources: has }] },
  }) as unknown as V1Pod;

describe('what a node makes of a resize', () => {
  it.each<[string, V1Pod, object]>([
    ['done', pod(AMOUNTS), { kind: 'done' }],
    [
      'done, in the words of the node',
      pod({ limits: { cpu: '1000m', memory: '1048576Ki' }, requests: { cpu: '0.1' } }),
      { kind: 'done' },
    ],
    ['not begun', pod({ ...AMOUNTS, limits: { cpu: '2', memory: '1Gi' } }), { kind: 'going-on' }],
    ['going on', pod(AMOUNTS, [{ type: 'PodResizeInProgress', status: 'True' }]), { kind: 'going-on' }],
    [
      'deferred',
      pod({}, [{ type: 'PodResizePending', status: 'True', reason: 'Deferred', message: 'Node has no room' }]),
      { kind: 'refused', why: 'Node has no room' },
    ],
    [
      'failed',
      pod({}, [{ type: 'PodResizeInProgress', status: 'True', reason: 'Error', message: 'below use' }]),
      { kind: 'refused', why: 'below use' },
    ],
    [
      'infeasible without a word',
      pod({}, [{ type: 'PodResizePending', reason: 'Infeasible' }]),
      { kind: 'refused', why: 'Infeasible' },
    ],
  ])('is %s', (_what, seen, expected) => {
    expect(toResize(seen)).toEqual(expected);
  });
});
