import type { V1Deployment, V1Pod, V1PodCondition, V1ReplicaSet } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { toEarlier, toResize } from '../../../../src/adapters/kubernetes/changes/change-pods.ts';

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

describe('what a Deployment was before', () => {
  const metadata = (revision: number, uid: string) => ({
    annotations: { 'deployment.kubernetes.io/revision': String(revision) },
    ownerReferences: [{ uid }],
  });
  const template = (image: string) => ({ spec: { containers: [{ name: 'workspace', image }] } });
  const set = (revision: number, uid = 'own') =>
    ({ metadata: metadata(revision, uid), spec: { template: template(`ws:${revision}`) } }) as unknown as V1ReplicaSet;
  const rolledOut = (reason: string) =>
    ({
      metadata: { ...metadata(10, ''), name: 'ws-dev', uid: 'own' },
      spec: { template: template('ws:10') },
      status: { conditions: [{ type: 'Progressing', status: 'True', reason }] },
    }) as unknown as V1Deployment;
  const sets = [set(8), set(10), set(9), set(7, 'other')];

  it.each<[string, string, string[]]>([
    ['its earlier templates, the newest first', 'ReplicaSetUpdated', ['ws:9', 'ws:8']],
    ['the same where it has come up in no time', 'ProgressDeadlineExceeded', ['ws:9', 'ws:8']],
    ['nothing, once it has come up', 'NewReplicaSetAvailable', []],
  ])('is %s', (_what, reason, images) => {
    expect(toEarlier(rolledOut(reason), sets).map(({ image }) => image)).toEqual(images);
  });
});
