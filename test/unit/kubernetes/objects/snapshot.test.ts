import type { V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { findEndpoint } from '../../../../src/adapters/kubernetes/objects/pod-template.ts';
import { toSnapshots } from '../../../../src/adapters/kubernetes/objects/read-workspaces.ts';
import { toSnapshot } from '../../../../src/adapters/kubernetes/objects/snapshot.ts';
import { describeState } from '../../../../src/report/state-words.ts';
import { toEndpoint } from '../../../../src/workspace/state/endpoint.ts';
import { toInfo } from '../../../../src/workspace/state/info.ts';
import { claim, containerStatus, deployment, event, labels, objects, pod, service } from '../fixtures.ts';

function snapshot(some: Parameters<typeof objects>[0]) {
  return toSnapshot('dev', objects(some), 'team');
}

test('a deployment tells the user, the secrets as they are mounted, and the port', () => {
  expect(snapshot({ deployments: [deployment()], services: [service()] })).toMatchObject({
    name: 'dev',
    namespace: 'team',
    release: 'ws-dev',
    deployment: {
      name: 'ws-dev',
      replicas: 1,
      user: 'alice',
      hostKeySecret: 'ws-dev-host-key',
      authorizedKeysSecret: 'keys',
      sshPort: 2200,
      failure: undefined,
    },
    service: { name: 'ws-dev', type: 'NodePort', port: 22 },
    home: { kind: 'emptyDir' },
    pod: undefined,
  });
});

test('a pod that no node takes says why', () => {
  const conditions = [
    { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes: Insufficient cpu.' },
  ];
  const waiting = pod('p', { spec: { nodeName: undefined }, status: { conditions } });
  expect(snapshot({ deployments: [deployment()], pods: [waiting] }).pod).toMatchObject({
    phase: 'Pending',
    node: undefined,
    unschedulable: '0/1 nodes: Insufficient cpu.',
    container: undefined,
  });
});

test('a pod that pulls has a waiting container and its events in order', () => {
  const status = containerStatus({ waiting: { reason: 'ContainerCreating' } });
  const seen = snapshot({
    deployments: [deployment()],
    pods: [pod('p', { status })],
    events: [
      event('Pod', 'p', 'Pulling', '2026-06-01T10:00:03Z'),
      event('Pod', 'p', 'Scheduled', '2026-06-01T10:00:02Z'),
      event('Pod', 'other', 'Pulling', '2026-06-01T10:00:04Z'),
    ],
  });
  expect(seen.pod?.container).toMatchObject({ state: 'waiting', reason: 'ContainerCreating', restarts: 0 });
  expect(seen.events.map(({ reason, object }) => [reason, object])).toEqual([
    ['Scheduled', 'Pod/p'],
    ['Pulling', 'Pod/p'],
  ]);
});

test('a crash loop keeps how the last run ended', () => {
  const status = containerStatus(
    { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 10s' } },
    { restartCount: 3, lastState: { terminated: { reason: 'Error', exitCode: 7 } } },
  );
  expect(snapshot({ deployments: [deployment()], pods: [pod('p', { status })] }).pod?.container).toEqual({
    state: 'waiting',
    reason: 'CrashLoopBackOff',
    message: 'back-off 10s',
    restarts: 3,
    lastEnd: { reason: 'Error', exitCode: 7, message: undefined },
  });
});

test.each([
  ['has not been ready since its start', '2026-06-01T10:00:00Z', {}, true],
  ['was ready since', '2026-06-01T10:00:09Z', {}, undefined],
  ['is ready, and its pod waits for others', '2026-06-01T10:00:00Z', { ready: true }, undefined],
])('a container that runs and %s', (_, lastTransitionTime, rest, isOnTrial) => {
  const status = {
    ...containerStatus({ running: { startedAt: '2026-06-01T10:00:05Z' } }, rest),
    conditions: [{ type: 'Ready', status: 'False', lastTransitionTime }],
  };
  const seen = snapshot({ deployments: [deployment()], pods: [pod('p', { status })] });
  expect(seen.pod?.container?.isOnTrial).toBe(isOnTrial);
});

test('what a container left behind at its end is one line of a stranger, and bounded', () => {
  const say = (message: string) => {
    const ended = { reason: 'Error', exitCode: 1, message };
    const looped = containerStatus({ waiting: { reason: 'CrashLoopBackOff' } }, { lastState: { terminated: ended } });
    const just = containerStatus({ terminated: ended });
    const words = [looped, just].map(
      (status) =>
        snapshot({ deployments: [deployment()], pods: [pod('p', { status })] }).pod?.container?.lastEnd?.message,
    );
    expect(words[1]).toBe(words[0]);
    return words[0];
  };
  expect(say('the home cannot be read')).toBe('the home cannot be read');
  expect(say('\u001b]52;c;aGk=\u0007a\u001b[2Jb\nc\u202e')).toBe('ab c');
  expect(say('\n\u0000\n')).toBeUndefined();
  expect(say('x'.repeat(100_000))?.length).toBe(1025);
});

test('a container that has to end before the workspace starts, and does not, is what the pod waits for', () => {
  const status = {
    ...containerStatus({ waiting: { reason: 'PodInitializing' } }),
    initContainerStatuses: [{ name: 'users', restartCount: 0, state: { waiting: { reason: 'ImagePullBackOff' } } }],
  };
  const seen = (overrides: object) =>
    snapshot({ deployments: [deployment()], pods: [pod('p', { status: { ...status, ...overrides } })] }).pod?.container;
  expect(seen({})).toMatchObject({ state: 'waiting', reason: 'ImagePullBackOff' });
  const running = [{ name: 'users', restartCount: 0, state: { running: {} } }];
  expect(seen({ initContainerStatuses: running })).toMatchObject({ reason: 'PodInitializing' });
  // What somebody else put there is not the server, whatever ends it.
  const foreign = { name: 'sidecar', restartCount: 3, state: { waiting: { reason: 'CrashLoopBackOff' } } };
  const crashed = { ...foreign, lastState: { terminated: { exitCode: 7, reason: 'Error' } } };
  expect(seen({ initContainerStatuses: [crashed] })).toMatchObject({ reason: 'PodInitializing', lastEnd: undefined });
});

test('an evicted pod says who ended it, and the newer one is the pod', () => {
  const evicted = pod('old', { status: { phase: 'Failed', reason: 'Evicted', message: 'low on disk' } });
  expect(snapshot({ deployments: [deployment()], pods: [evicted] }).pod).toMatchObject({
    phase: 'Failed',
    reason: 'Evicted',
  });
  const newer = pod('new', { metadata: { creationTimestamp: '2026-06-01T11:00:00Z' } });
  expect(snapshot({ deployments: [deployment()], pods: [newer, evicted] }).pod?.name).toBe('new');
});

test('a folder that the kubelet cannot make is known by its words', () => {
  const waitingFor = (message: string) =>
    snapshot({
      deployments: [deployment()],
      pods: [
        pod('new', {
          status: {
            containerStatuses: [
              { name: 'workspace', state: { waiting: { reason: 'CreateContainerConfigError', message } } },
            ],
          },
        }),
      ],
    }).pod?.container;
  expect(
    waitingFor('failed to create subPath directory for volumeMount "home" of container "workspace"'),
  ).toMatchObject({
    isSubPathRefused: true,
  });
  expect(waitingFor('failed to prepare subPath for volumeMount "home" of container "workspace"')).toMatchObject({
    isSubPathRefused: true,
  });
  expect(waitingFor('secret "x" not found')).not.toHaveProperty('isSubPathRefused');
});

test('a pod that is being deleted is not the pod', () => {
  const metadata = { deletionTimestamp: '2026-06-01T11:00:30Z', deletionGracePeriodSeconds: 30, finalizers: ['x/y'] };
  const ending = pod('old', {
    metadata,
    status: {
      containerStatuses: [{ name: 'workspace', state: { running: {} } }],
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager' }],
    },
  });
  const seen = snapshot({ deployments: [deployment()], pods: [ending] });
  expect(seen.pod).toBeUndefined();
  expect(seen.endingPods).toMatchObject([
    {
      name: 'old',
      since: '2026-06-01T11:00:00Z',
      graceSeconds: 30,
      node: 'node-1',
      finalizers: ['x/y'],
      isRunning: true,
      disruption: 'DeletionByTaintManager',
      wants: { requests: {}, limits: {} },
    },
  ]);
  const nonsense = pod('old', { metadata: { deletionTimestamp: 'soon' } });
  expect(snapshot({ pods: [nonsense] }).endingPods).toMatchObject([{ since: undefined, isRunning: false }]);
});

test('a quota that stops the pod is the failure of the deployment', () => {
  const conditions = [{ type: 'ReplicaFailure', status: 'True', message: 'pods "x" is forbidden: exceeded quota: q' }];
  const seen = snapshot({ deployments: [deployment('dev', 'emptyDir', { conditions })] });
  expect(seen.deployment?.failure).toMatch(/exceeded quota/);
});

describe('a Deployment that keeps the words of an earlier refusal', () => {
  const saying = (message: string) => ({ conditions: [{ type: 'ReplicaFailure', status: 'True', message }] });
  const numbered = (revision: number) => ({ 'deployment.kubernetes.io/revision': String(revision) });
  const set = (revision: number, replicas: number, status: object, metadata: object = {}) =>
    ({
      metadata: { annotations: numbered(revision), ownerReferences: [{ uid: 'deployment-dev' }], ...metadata },
      spec: { replicas },
      status,
    }) as unknown as V1ReplicaSet;
  const refused = deployment('dev', 'emptyDir', saying('too little'));
  refused.metadata = { ...refused.metadata, annotations: { ...refused.metadata?.annotations, ...numbered(2) } };
  const failureOf = (replicaSets: V1ReplicaSet[] | undefined) =>
    snapshot({ deployments: [refused], replicaSets }).deployment?.failure;
  const old = set(1, 0, saying('too little'));

  test('has that of its current ReplicaSet', () => {
    expect(failureOf([old, set(2, 1, saying('too much'))])).toBe('too much');
    expect(failureOf([old, set(2, 1, {})])).toBeUndefined();
  });

  test('has none while there is no current one yet', () => {
    expect(failureOf([old])).toBeUndefined();
    // The controller counts the rollout when it makes the next one.
    expect(failureOf([set(2, 0, saying('too little'))])).toBeUndefined();
    expect(failureOf([set(2, 1, saying('too little'), { ownerReferences: [{ uid: 'other' }] })])).toBeUndefined();
  });

  test('has none while the ReplicaSet has not been looked at as it is', () => {
    const again = { ...saying('too little'), observedGeneration: 2 };
    const metadata = { annotations: numbered(2), ownerReferences: [{ uid: 'deployment-dev' }] };
    expect(failureOf([set(2, 1, again, { ...metadata, generation: 3 })])).toBeUndefined();
    expect(failureOf([set(2, 1, again, { ...metadata, generation: 2 })])).toBe('too little');
  });

  test('speaks for itself where nobody may list ReplicaSets', () => {
    expect(failureOf(undefined)).toBe('too little');
  });
});

test('what was said of a pod is over with the next one', () => {
  const ending = pod('p-1', { metadata: { deletionTimestamp: '2026-06-01T10:05:00Z' } });
  const events = [
    event('Pod', 'p-1', 'Failed', '2026-06-01T10:04:00Z'),
    event('Pod', 'p-2', 'Pulling', '2026-06-01T10:05:02Z'),
  ];
  const next = pod('p-2', { metadata: { creationTimestamp: '2026-06-01T10:05:01Z' } });
  const reasonsOf = (pods: V1Pod[]) =>
    snapshot({ deployments: [deployment()], pods, events }).events.map((e) => e.reason);
  expect(reasonsOf([ending, next])).toEqual(['Pulling']);
  expect(reasonsOf([ending])).toEqual(['Failed']);
});

test('readiness is the condition, not the phase', () => {
  const running = { phase: 'Running', ...containerStatus({ running: {} }) };
  const notYet = pod('p', { status: { ...running, conditions: [{ type: 'Ready', status: 'False' }] } });
  const ready = pod('p', { status: { ...running, conditions: [{ type: 'Ready', status: 'True' }] } });
  expect(snapshot({ deployments: [deployment()], pods: [notYet] }).pod?.ready).toBe(false);
  expect(snapshot({ deployments: [deployment()], pods: [ready] }).pod?.ready).toBe(true);
});

test('a home on a claim has its size, class and subPath', () => {
  const seen = snapshot({ deployments: [deployment('dev', 'ws-dev-home')], claims: [claim('ws-dev-home')] });
  expect(seen.home).toEqual({
    kind: 'claim',
    subPath: 'alice',
    claim: {
      name: 'ws-dev-home',
      phase: 'Bound',
      requested: '10Gi',
      capacity: '12Gi',
      storageClass: 'fast',
      createdAt: '2026-06-01T09:00:00Z',
      workspace: 'dev',
      user: 'alice',
    },
  });
});

test("somebody else's claim is never deleted with the workspace, and an absent one is said to be", () => {
  const foreign = claim('shared', { metadata: { labels: {}, annotations: {} } });
  expect(snapshot({ deployments: [deployment('dev', 'shared')], claims: [foreign] }).home).toMatchObject({
    kind: 'claim',
  });
  expect(snapshot({ deployments: [deployment('dev', 'shared')] }).home).toEqual({
    kind: 'missing-claim',
    name: 'shared',
  });
});

test('a claim that was deleted and that a pod still has is ending, as kubectl shows it', () => {
  const ending = claim('ws-dev-home', { metadata: { deletionTimestamp: new Date('2026-06-01T10:00:00Z') } });
  const { home } = snapshot({ deployments: [deployment('dev', 'ws-dev-home')], claims: [ending] });
  expect(home).toMatchObject({ kind: 'claim', claim: { phase: 'Terminating' } });
});

test('events of a deleted claim of the same name are not those of the new one', () => {
  const seen = snapshot({
    deployments: [deployment('dev', 'ws-dev-home')],
    claims: [claim('ws-dev-home')],
    events: [
      event('PersistentVolumeClaim', 'ws-dev-home', 'Old', '2026-06-01T08:00:00Z', {
        involvedObject: { kind: 'PersistentVolumeClaim', name: 'ws-dev-home', uid: 'gone' },
      }),
      event('PersistentVolumeClaim', 'ws-dev-home', 'New', '2026-06-01T09:00:00Z'),
    ],
  });
  expect(seen.events.map(({ reason }) => reason)).toEqual(['New']);
});

test('a list has every workspace once, kept homes alone included, by name', () => {
  const kept = claim('ws-old-home', { metadata: { labels: labels('old') } });
  const list = toSnapshots(
    objects({ deployments: [deployment('dev'), deployment('api')], pods: [pod('p')], claims: [kept] }),
    'team',
  );
  expect(list.map(({ name, deployment: made }) => [name, made !== undefined])).toEqual([
    ['api', true],
    ['dev', true],
    ['old', false],
  ]);
  expect(list[2]).toMatchObject({ release: 'ws-old', home: { kind: 'claim', claim: { name: 'ws-old-home' } } });
  expect(list[0]?.pod).toBeUndefined();
});

test('a release whose uninstallation has not ended is half down, also where nothing but its record is left', () => {
  const of = (workspace: string | undefined, release = `ws-${workspace}`) => ({
    namespace: 'team',
    release,
    status: 'uninstalling' as const,
    workspace,
  });
  const list = toSnapshots(
    objects({
      deployments: [deployment('api')],
      claims: [claim('ws-dev-home')],
      // The last one is of somebody else.
      unended: [of('api'), of('dev'), of('bare'), of(undefined, 'redis')],
    }),
    'team',
  );
  expect(list.map(({ name, isHalfDown }) => [name, isHalfDown])).toEqual([
    ['api', undefined],
    ['bare', true],
    ['dev', true],
  ]);
});

test('a release that Helm has not ended to make or change says so, and makes no workspace of a record alone', () => {
  const of = (name: string, status: 'pending-install' | 'pending-upgrade') => ({
    namespace: 'team',
    release: `ws-${name}`,
    status,
    workspace: name,
  });
  const list = toSnapshots(
    objects({
      deployments: [deployment('api'), deployment('dev'), deployment('web')],
      unended: [of('api', 'pending-upgrade'), of('dev', 'pending-install'), of('bare', 'pending-install')],
    }),
    'team',
  );
  expect(list.map(({ name, unended }) => [name, unended])).toEqual([
    ['api', 'pending-upgrade'],
    ['dev', 'pending-install'],
    ['web', undefined],
  ]);
  expect(list.map((one) => describeState(toInfo(one, 'kind')))).toEqual([
    expect.stringMatching(/, unfinished: changing it has not ended; ws up finishes it, unless Helm is still at work$/),
    expect.stringMatching(/, unfinished: making it has not ended; /),
    expect.not.stringMatching(/unfinished/),
  ]);
});

test('knows from a mark of Helm whether Helm has installed it, and then what starts it again', () => {
  const stop = { until: 'up' as const, since: undefined, by: undefined };
  const stateOf = (annotations: Record<string, string>) => {
    const stopped = deployment('dev');
    const metadata = { ...stopped.metadata, annotations: { ...stopped.metadata?.annotations, ...annotations } };
    const [found] = toSnapshots(objects({ deployments: [{ ...stopped, metadata }] }), 'team');
    if (found?.deployment === undefined) throw new Error('it is not there');
    const info = toInfo({ ...found, deployment: { ...found.deployment, replicas: 0, stop } }, 'kind');
    return [found.deployment.isForeign, info.foreign, describeState(info)];
  };
  expect(stateOf({ 'meta.helm.sh/release-name': 'ws-dev' })).toEqual([
    undefined,
    undefined,
    'stopped; only ws up starts it',
  ]);
  expect(stateOf({})).toEqual([true, true, 'stopped; only a scale to 1 starts it, as Helm did not install it']);
});

function podOf(
  template: NonNullable<ReturnType<typeof deployment>['spec']>['template'],
  metadata = {},
  ready = 'True',
) {
  return pod('p', {
    metadata: { annotations: template?.metadata?.annotations, ...metadata },
    spec: { ...template?.spec },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: ready }] },
  });
}

test('a ready pod alone says where to log in, as the deployment and the pod together do', () => {
  const template = deployment().spec?.template as never;
  expect(findEndpoint('dev', [podOf(template)], 'team')).toEqual(
    toEndpoint(snapshot({ deployments: [deployment()], pods: [podOf(template)] })),
  );
  expect(findEndpoint('dev', [podOf(template)], 'team')).toEqual({
    workspace: 'dev',
    namespace: 'team',
    pod: 'p',
    sshPort: 2200,
    user: 'alice',
    hostKeySecret: 'ws-dev-host-key',
    authorizedKeysSecret: 'keys',
  });
});

test('no pod, one that is not ready or ends, one that does not say enough, or two of them, say nothing', () => {
  const template = deployment().spec?.template as never;
  const good = podOf(template);
  const ending = podOf(template, { name: 'old', deletionTimestamp: '2026-06-01T10:00:09Z' });
  expect(findEndpoint('dev', [ending, good], 'team')?.pod).toBe('p');
  const none = [
    [],
    [podOf(template, {}, 'False')],
    [ending],
    [good, good],
    [podOf(template, { annotations: {} })],
    [podOf(template, { labels: labels('other') })],
    [pod('p', { status: { conditions: [{ type: 'Ready', status: 'True' }] } })],
  ];
  expect(none.map((pods) => findEndpoint('dev', pods, 'team'))).toEqual(none.map(() => undefined));
});

test("an event tells its container, and no init container's start counts for that", () => {
  const about = (fieldPath: string | undefined) =>
    event('Pod', 'p', 'Started', '2026-06-01T10:00:03Z', {
      involvedObject: { kind: 'Pod', name: 'p', uid: 'uid-p', fieldPath },
    });
  const paths = ['spec.containers{workspace}', 'spec.initContainers{users}', undefined];
  const seen = snapshot({ deployments: [deployment()], pods: [pod('p')], events: paths.map(about) });
  expect(seen.events.map(({ container }) => container)).toEqual(['workspace', undefined, undefined]);
});

test('what the API server does not say is undefined, and what has no name is nothing', () => {
  const bare = { metadata: { name: 'ws-dev', labels: labels('dev') } };
  const nameless = { metadata: { labels: labels('dev') } };
  const seen = snapshot({ deployments: [bare], pods: [nameless], claims: [nameless], services: [nameless] } as never);
  expect(JSON.stringify(seen)).not.toContain('""');
  expect(seen).toMatchObject({
    deployment: { createdAt: undefined, image: undefined, hostKeySecret: undefined, authorizedKeysSecret: undefined },
    pod: undefined,
    service: undefined,
    home: { kind: 'emptyDir' },
  });
});

test('two releases of one name are two workspaces, each with what is its own, and each names the other', () => {
  const of = (release: string) => {
    const own = { ...labels('dev'), 'app.kubernetes.io/instance': release };
    const one = deployment();
    return {
      deployment: { ...one, metadata: { ...one.metadata, name: release, labels: own } },
      pod: pod(`${release}-pod`, { metadata: { labels: own } }),
    };
  };
  const all = [of('two'), of('one')];
  const seen = toSnapshots(
    objects({
      deployments: [...all.map((one) => one.deployment), deployment('web')],
      pods: all.map((one) => one.pod),
    }),
    'team',
  );
  expect(seen.map((one) => [one.name, one.release, one.pod?.name, one.otherReleases])).toEqual([
    ['dev', 'one', 'one-pod', ['two']],
    ['dev', 'two', 'two-pod', ['one']],
    ['web', 'ws-web', undefined, undefined],
  ]);
});
