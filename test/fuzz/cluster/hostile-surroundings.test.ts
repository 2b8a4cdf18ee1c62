import type { V1LimitRange, V1Node, V1PersistentVolume, V1Pod, V1ResourceQuota } from '@kubernetes/client-node';
import fc from 'fast-check';
import { describe, expect } from 'vitest';
import { sumLoads, toPodLoad } from '../../../src/adapters/kubernetes/surroundings/loads.ts';
import {
  toLimits,
  toNodeSight,
  toPodSight,
  toQuotaSight,
  toVolumeSight,
} from '../../../src/adapters/kubernetes/surroundings/sights.ts';
import { findCauses } from '../../../src/workspace/diagnosis/diagnosis.ts';
import { type Surroundings, UNASKED } from '../../../src/workspace/diagnosis/scene.ts';
import { spellHere } from '../../spelling.ts';
import { claimHome, deployment, pendingPod, snapshot, waiting } from '../../unit/workspace/snapshots.ts';
import { property } from '../property.ts';
import { hostile, oftenGood } from './hostile-cluster.ts';

const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;

const texts = fc.dictionary(oftenGood('disktype'), oftenGood('ssd'), { maxKeys: 3 });
const amounts = fc.dictionary(
  fc.constantFrom('cpu', 'memory', 'limits.cpu', 'requests.storage', 'pods'),
  fc.oneof(oftenGood('2'), fc.integer(), fc.constant(null)),
);
const wild = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: ['metadata'] });
const metadata = fc.constant({ name: 'node-1' });

const node = wild({
  metadata: texts.map((labels) => ({ name: 'node-1', labels })),
  spec: fc.record({
    taints: fc.array(
      fc.record({ key: oftenGood('dedicated'), value: oftenGood('gpu'), effect: oftenGood('NoSchedule') }),
    ),
    unschedulable: fc.boolean(),
  }),
  status: fc.record({
    allocatable: amounts,
    conditions: fc.array(fc.record({ type: oftenGood('Ready'), status: oftenGood('True') }), { maxLength: 2 }),
    images: fc.array(fc.record({ names: fc.array(oftenGood('ws-workspace:1')) }), { maxLength: 2 }),
    nodeInfo: fc.record({ operatingSystem: hostile, architecture: hostile }),
  }),
}) as unknown as fc.Arbitrary<V1Node>;
const quota = wild({
  metadata,
  status: fc.record({ hard: amounts, used: amounts }),
}) as unknown as fc.Arbitrary<V1ResourceQuota>;
const range = wild({
  metadata,
  spec: fc.array(fc.record({ type: oftenGood('Container'), max: amounts })).map((limits) => ({ limits })),
}) as unknown as fc.Arbitrary<V1LimitRange>;
const pod = wild({
  metadata: texts.map((labels) => ({ name: 'other', labels })),
  spec: fc.record({
    nodeName: oftenGood('node-1'),
    containers: amounts.map((requests) => [{ resources: { requests } }]),
  }),
}) as unknown as fc.Arbitrary<V1Pod>;
const volume = wild({
  metadata,
  spec: fc.record({ key: hostile, value: hostile }).map(({ key, value }) => ({
    claimRef: { namespace: 'team', name: 'ws-dev-home' },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key, operator: 'In', values: [value] }] }] },
    },
  })),
}) as unknown as fc.Arbitrary<V1PersistentVolume>;

const surroundings = fc.record({ node, quota, range, pod, volume }).map(
  (all): Surroundings => ({
    ...UNASKED,
    nodes: { kind: 'seen', items: [toNodeSight(all.node)] },
    loads: { kind: 'seen', items: sumLoads([toPodLoad(all.pod)]) },
    quotas: { kind: 'seen', items: [toQuotaSight(all.quota)] },
    limitRanges: { kind: 'seen', items: toLimits(all.range) },
    pods: { kind: 'seen', items: [toPodSight(all.pod)] },
    volumes: { kind: 'seen', items: [toVolumeSight(all.volume)] },
  }),
);

const wants = {
  ...{ requests: { cpu: '9' }, limits: { cpu: '9' }, nodeSelector: { disktype: 'hdd' } },
  ...{ affinity: [], tolerations: [], pullSecrets: [] },
};
const WORDS = [
  '0/1 nodes are available: 1 Insufficient cpu',
  "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector",
  '0/1 nodes are available: 1 node(s) had untolerated taint(s)',
  "0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity",
];
const SCENES = [
  ...WORDS.map((unschedulable) =>
    snapshot({ pod: pendingPod({ node: undefined, unschedulable, wants }), home: claimHome() }),
  ),
  snapshot({ pod: pendingPod({ container: waiting('ErrImagePull', 'manifest unknown'), wants }) }),
  snapshot({
    pod: undefined,
    deployment: deployment({
      wants,
      failure: 'exceeded quota: q, requested: limits.cpu=2, used: limits.cpu=1, limited: limits.cpu=2',
    }),
  }),
  snapshot({
    pod: undefined,
    deployment: deployment({ wants, failure: 'maximum memory usage per Container is 1Gi, but limit is 4Gi' }),
  }),
];

describe('what is around a workspace, whoever wrote it', () => {
  property('is told in words that nothing obeys, and commands of one line', surroundings, (around) => {
    for (const scene of SCENES) {
      const causes = findCauses({ snapshot: scene, around });
      expect(causes.length).toBeGreaterThan(0);
      for (const { message, evidence, suggestions } of causes) {
        for (const text of [message, ...evidence]) expect(text).not.toMatch(CONTROLS);
        for (const suggestion of suggestions) expect(spellHere(suggestion).line).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }
    }
  });
});
