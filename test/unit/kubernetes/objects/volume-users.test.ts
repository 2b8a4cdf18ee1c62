import { expect, test } from 'vitest';
import { toVolumeUsers } from '../../../../src/adapters/kubernetes/objects/volume-users.ts';

const LABELS = { 'app.kubernetes.io/name': 'ws-workspace', 'ws.dev/workspace': 'dev' };
const volumes = (claim: string, secret?: string) => [
  { name: 'a', persistentVolumeClaim: { claimName: claim } },
  ...(secret === undefined ? [] : [{ name: 'b', secret: { secretName: secret } }]),
];
const pod = (name: string, claim: string, rest: { owner?: string; phase?: string } = {}) => ({
  metadata: {
    name,
    ...(rest.owner === undefined
      ? {}
      : { ownerReferences: [{ kind: 'ReplicaSet', name: rest.owner, apiVersion: '', uid: '' }] }),
  },
  spec: { containers: [], volumes: volumes(claim) },
  status: { phase: rest.phase ?? 'Running' },
});
const none = { pods: [], deployments: [], sets: [], jobs: [] };
const deployment = (claim: string) => ({
  metadata: { name: 'web', labels: LABELS },
  spec: { selector: {}, template: { spec: { containers: [], volumes: volumes(claim, 'key') } } },
});

test('a Deployment without a pod uses what it mounts; its workspace is known by its labels', () => {
  expect(toVolumeUsers({ ...none, deployments: [deployment('home')] })).toEqual([
    { kind: 'Deployment', name: 'web', workspace: 'dev', claims: ['home'], secrets: ['key'] },
  ]);
});

test('a pod is left out where its maker is named, but not for an older claim', () => {
  const pods = [pod('web-1-a', 'home', { owner: 'web-1' }), pod('web-0-a', 'before', { owner: 'web-0' })];
  const users = toVolumeUsers({ ...none, deployments: [deployment('home')], pods });
  expect(users.map(({ kind, name, claims }) => [kind, name, claims])).toEqual([
    ['Deployment', 'web', ['home']],
    ['Pod', 'web-0-a', ['before']],
  ]);
});

test('bare pods count while they live; sets and cron jobs count between their pods', () => {
  const template = { spec: { containers: [], volumes: volumes('data') } };
  const users = toVolumeUsers({
    ...none,
    pods: [pod('probe', 'data'), pod('done', 'data', { phase: 'Succeeded' })],
    sets: [{ metadata: { name: 'db' }, spec: { selector: {}, serviceName: 'db', template } }],
    jobs: [{ metadata: { name: 'backup' }, spec: { schedule: '', jobTemplate: { spec: { template } } } }],
  });
  expect(users.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['StatefulSet db', 'CronJob backup', 'Pod probe']);
});

test('a Secret in a projected volume is mounted, too; what mounts nothing is no user', () => {
  const projected = { name: 'p', projected: { sources: [{ secret: { name: 'key' } }, { configMap: { name: 'x' } }] } };
  const spec = { containers: [], volumes: [projected] };
  const users = toVolumeUsers({ ...none, pods: [{ metadata: { name: 'a' }, spec }, { metadata: { name: 'b' } }] });
  expect(users).toEqual([{ kind: 'Pod', name: 'a', workspace: undefined, claims: [], secrets: ['key'] }]);
});

test('a pod that was deleted is ending, where nothing that is not seen makes another one', () => {
  const deletionTimestamp = new Date(0);
  const ending = (name: string, more: object) => {
    const made = pod(name, 'home', more);
    return { ...made, metadata: { ...made.metadata, ...more, deletionTimestamp } };
  };
  const pods = [
    ending('bare', {}),
    ending('of-job', { owner: 'backup' }),
    ending('dev-1', { owner: 'dev', labels: LABELS }),
  ];
  const users = toVolumeUsers({ ...none, pods });
  expect(users.map(({ name, isEnding }) => [name, isEnding === true])).toEqual([
    ['bare', true],
    ['of-job', false],
    ['dev-1', true],
  ]);
});
