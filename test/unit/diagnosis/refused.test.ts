import { describe, expect, it } from 'vitest';
import { findCauses } from '../../../src/workspace/diagnosis/diagnosis.ts';
import { type QuotaSight, UNASKED } from '../../../src/workspace/diagnosis/scene.ts';
import { failure } from '../../../src/workspace/errors/errors.ts';
import { claim, snapshot } from '../workspace/snapshots.ts';
import { codesOf, explain, refused, seen, wants } from './scenes.ts';

const forbidden = (words: string) => `pods "ws-dev-5d9f7c-x2x7k" is forbidden: ${words}`;

describe('a quota', () => {
  it.each([
    [
      'cpu',
      'QUOTA_CPU',
      'requested: limits.cpu=2, used: limits.cpu=1500m, limited: limits.cpu=2',
      'ws up dev --cpu 500m',
    ],
    [
      'requests of cpu',
      'QUOTA_CPU',
      'requested: requests.cpu=100m, used: requests.cpu=940m, limited: requests.cpu=1',
      'ws up dev --cpu 60m',
    ],
    [
      'memory',
      'QUOTA_MEMORY',
      'requested: limits.memory=4Gi, used: limits.memory=5Gi, limited: limits.memory=8Gi',
      'ws up dev --memory 3Gi',
    ],
    [
      'memory in bytes',
      'QUOTA_MEMORY',
      'requested: memory=268435456, used: memory=700Mi, limited: memory=900Mi',
      'ws up dev --memory 200Mi',
    ],
    [
      'both',
      'QUOTA_CPU',
      'requested: limits.cpu=2,limits.memory=4Gi, used: limits.cpu=1,limits.memory=1Gi, limited: limits.cpu=2,limits.memory=2Gi',
      'ws up dev --cpu 1 --memory 1Gi',
    ],
    [
      'temporary storage',
      'QUOTA_TEMPORARY',
      'requested: limits.ephemeral-storage=20Gi, used: limits.ephemeral-storage=0, limited: limits.ephemeral-storage=10Gi',
      'Ask for less by resources.requests.ephemeral-storage and its limit in a values file',
    ],
    ['pods', 'QUOTA_PODS', 'requested: pods=1, used: pods=3, limited: pods=3', 'kubectl get pods'],
  ])('of %s: the numbers side by side, and those that fit', (_name, code, words, first) => {
    const [found] = explain(refused(forbidden(`exceeded quota: compute, ${words}`)));
    expect(found).toMatchObject({ code, reason: 'FailedCreate', waiting: 'useless' });
    expect(found?.tries[0]).toBe(first);
    expect(found?.message).toMatch(/^Quota compute allows .* is used, and the workspace asks for /);
    expect(found?.evidence[0]).toMatch(/^quota compute, \S+: requested \S+, used \S+, limit \S+$/);
  });

  it('with 10m left has nothing that fits', () => {
    const words = 'exceeded quota: q, requested: requests.cpu=100m, used: requests.cpu=990m, limited: requests.cpu=1';
    const [found] = explain(refused(forbidden(words)));
    expect(found?.tries).toEqual([
      'kubectl describe quota',
      'What is left of CPU is too little for a workspace: end something, or ask for a larger quota',
    ]);
  });

  it('that the API server does not name, because another one refused before, is named as well', () => {
    const words = 'exceeded quota: a, requested: pods=1, used: pods=3, limited: pods=3';
    const other: QuotaSight = {
      name: 'b',
      isScoped: false,
      hard: { 'limits.memory': '2Gi' },
      used: { 'limits.memory': '0' },
    };
    const scoped: QuotaSight = { name: 'c', isScoped: true, hard: { 'limits.cpu': '1' }, used: {} };
    expect(codesOf(refused(forbidden(words), { quotas: seen(other, scoped) }))).toEqual(['QUOTA_MEMORY', 'QUOTA_PODS']);
  });

  it('that may not be read is told by its refusal alone', () => {
    const words = 'exceeded quota: a, requested: pods=1, used: pods=3, limited: pods=3';
    const [found] = explain(refused(forbidden(words), { quotas: { kind: 'refused' } }));
    expect(found).toMatchObject({ code: 'QUOTA_PODS', unseen: ['the quotas may not be read'] });
  });

  it('that wants limits names them', () => {
    const words = 'failed quota: q: must specify limits.cpu for: workspace; limits.memory for: workspace';
    const [found] = explain(refused(forbidden(words)));
    expect(found).toMatchObject({
      code: 'QUOTA_DEMAND',
      tries: [expect.stringMatching(/--cpu 2 --memory 4Gi/), expect.anything()],
    });
    expect(codesOf(refused(forbidden('failed quota: q: must specify nothing of this kind')))).toEqual(['UNKNOWN']);
  });
});

describe('a quota of homes, which Helm hears of', () => {
  const claimRefused = (words: string, around = {}) => ({
    snapshot: undefined,
    around: { ...UNASKED, ...around },
    failure: failure('NOT_PERMITTED', {
      message: 'x',
      reason: `persistentvolumeclaims "ws-dev-home" is forbidden: exceeded quota: s, ${words}`,
    }),
  });
  const classes = seen(
    { name: 'fast', provisioner: 'x', isDefault: true, bindingMode: 'Immediate' as const, canGrow: false },
    { name: 'slow', provisioner: 'x', isDefault: false, bindingMode: 'Immediate' as const, canGrow: false },
  );

  it.each([
    [
      'QUOTA_CLAIMS',
      'requested: persistentvolumeclaims=1, used: persistentvolumeclaims=2, limited: persistentvolumeclaims=2',
      'ws up --storage-class none',
    ],
    [
      'QUOTA_STORAGE',
      'requested: requests.storage=10Gi, used: requests.storage=17Gi, limited: requests.storage=20Gi',
      'ws up --size 3Gi',
    ],
    [
      'QUOTA_CLASS',
      'requested: fast.storageclass.storage.k8s.io/requests.storage=10Gi, used: fast.storageclass.storage.k8s.io/requests.storage=0, limited: fast.storageclass.storage.k8s.io/requests.storage=1Gi',
      'ws up --storage-class slow',
    ],
    [
      'QUOTA_CLASS',
      'requested: fast.storageclass.storage.k8s.io/persistentvolumeclaims=1, used: fast.storageclass.storage.k8s.io/persistentvolumeclaims=1, limited: fast.storageclass.storage.k8s.io/persistentvolumeclaims=1',
      'ws up --storage-class slow',
    ],
  ])('%s: %s', (code, words, first) => {
    const [found, ...others] = explain(claimRefused(words, { classes }));
    expect([found?.code, found?.tries[0], others]).toEqual([code, first, []]);
  });

  it.each([
    ['4Gi', 'ws up dev --size 4Gi'],
    ['3Gi', 'kubectl describe quota'],
  ])('for a home that grows under %s, says how much more it asks for, and the size that fits', (limit, first) => {
    const words = `requested: requests.storage=6Gi, used: requests.storage=3Gi, limited: requests.storage=${limit}`;
    const home = { kind: 'claim' as const, claim: claim({ requested: '3Gi' }), subPath: undefined };
    const [found, ...others] = explain({ ...claimRefused(words, { classes }), snapshot: snapshot({ home }) });
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      code: 'QUOTA_STORAGE',
      message: `Quota s allows ${limit} of requests.storage, 3Gi is used, and the workspace asks for 6Gi more`,
      evidence: [`quota s, requests.storage: requested 6Gi more, used 3Gi, limit ${limit}`],
    });
    expect(found?.tries).toEqual([...new Set([first, 'kubectl describe quota'])]);
  });

  it('suggests no size beside a home on no volume', () => {
    const words = 'requested: requests.storage=10Gi, used: requests.storage=17Gi, limited: requests.storage=20Gi';
    const [found] = findCauses(claimRefused(words));
    expect(found?.suggestions[1]).toMatchObject({
      words: ['up', '--storage-class', 'none'],
      again: { without: ['size'] },
    });
  });

  it('names the homes that nobody uses now', () => {
    const words =
      'requested: persistentvolumeclaims=1, used: persistentvolumeclaims=2, limited: persistentvolumeclaims=2';
    const claims = seen(
      claim({ name: 'ws-old-home', workspace: 'old' }),
      claim({ name: 'data', workspace: undefined }),
    );
    const [found] = explain(claimRefused(words, { claims, pods: seen() }));
    expect(found?.evidence).toContain('no pod uses home ws-old-home of workspace old, 10Gi');
    expect(found?.tries).toContain('ws homes ls');
  });
});

describe('a LimitRange', () => {
  const range = { name: 'lr', type: 'Container', min: {}, max: { cpu: '500m', memory: '1Gi' } };

  it.each([
    ['maximum memory usage per Container is 1Gi, but limit is 4Gi', 'ws up dev --memory 1Gi'],
    [
      '[maximum cpu usage per Container is 500m, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 4Gi]',
      'ws up dev --cpu 500m --memory 1Gi',
    ],
    ['cpu max limit to request ratio per Container is 2, but provided ratio is 20.000000', 'ws up dev --cpu 200m'],
    ['minimum cpu usage per Container is 3, but limit is 2', 'ws up dev --cpu 3'],
    [
      'minimum memory usage per Container is 1Gi, but request is 256Mi',
      'Ask for at least 1Gi by resources.requests.memory in a values file',
    ],
    ['maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 10Gi', 'ws up dev --size 5Gi'],
    [
      '[minimum memory usage per Container is 300Mi, but request is 256Mi, maximum cpu usage per Container is 500m, but limit is 2, maximum memory usage per Container is 1Gi, but limit is 4Gi]',
      'Ask for at least 300Mi by resources.requests.memory, at most 1Gi by resources.limits.memory and at most 500m by resources.limits.cpu in a values file',
    ],
    [
      '[minimum memory usage per Container is 1G, but request is 256Mi, minimum memory usage per Pod is 2Gi, but request is 256Mi, memory max limit to request ratio per Container is 1, but provided ratio is 16.000000]',
      'Ask for at least 2Gi by resources.requests.memory and at most 2Gi by resources.limits.memory in a values file',
    ],
    [
      '[minimum cpu usage per Container is 3, but request is 100m, maximum ephemeral-storage usage per Container is 2Gi, but limit is 20Gi]',
      'Ask for at least 3 by resources.requests.cpu, at least 3 by resources.limits.cpu and at most 2Gi by resources.limits.ephemeral-storage in a values file',
    ],
    [
      '[minimum cpu usage per Container is 3, but limit is 2, minimum cpu usage per Pod is 4, but limit is 2]',
      'ws up dev --cpu 4',
    ],
  ])('%s', (words, first) => {
    const [found, ...others] = explain(refused(forbidden(words), { limitRanges: seen(range) }));
    expect([found?.code, found?.tries[0], others]).toEqual(['LIMIT_RANGE', first, []]);
  });

  it('is named, with what it allows and what was asked for', () => {
    const words = forbidden('maximum memory usage per Container is 1Gi, but limit is 4Gi');
    expect(explain(refused(words, { limitRanges: seen(range) }))[0]).toMatchObject({
      message: 'LimitRange lr allows at most 1Gi of memory for a container, and the workspace has a limit of 4Gi',
      evidence: ['maximum of memory per Container: 1Gi, limit: 4Gi'],
    });
  });

  it('of a ratio to a request that nobody has made wants one', () => {
    const words = 'cpu max limit to request ratio per Container is 2, but no request is specified';
    const [found] = explain(refused(forbidden(words), {}, wants({ requests: {} })));
    expect(found?.tries[0]).toBe('Set resources.requests.cpu in a values file');
  });

  it('that leaves too little says so instead of a command that would fail as well', () => {
    const words =
      '[maximum cpu usage per Container is 50m, but limit is 2, maximum memory usage per Container is 32Mi, but limit is 4Gi]';
    const [found] = explain(refused(forbidden(words)));
    expect(found?.message).toMatch(/What it allows is too little for a workspace$/);
    expect(found?.tries[0]).toBe('kubectl describe limitrange');
  });
});

it.each([
  [
    'POD_SECURITY',
    forbidden(
      'violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "workspace" must set securityContext.allowPrivilegeEscalation=false), runAsNonRoot != true (pod or container "workspace" must set securityContext.runAsNonRoot=true)',
    ),
    /security level restricted:latest/,
  ],
  [
    'ADMISSION_WEBHOOK',
    'admission webhook "validate.kyverno.svc-fail" denied the request: policy Pod/team/x: label team is required',
    /validate\.kyverno\.svc-fail.*label team is required/,
  ],
  ['ADMISSION_WEBHOOK', 'admission webhook "a.b" denied the request without explanation', /does not say why/],
  [
    'ADMISSION_WEBHOOK_SILENT',
    'Internal error occurred: failed calling webhook "a.b.c": failed to call webhook: Post "https://x.y.svc:443/v?timeout=10s": no endpoints available for service "x"',
    /a\.b\.c.*no endpoints/,
  ],
  [
    'ADMISSION_POLICY',
    forbidden("ValidatingAdmissionPolicy 'no-latest' with binding 'no-latest-team' denied request: images need a tag"),
    /no-latest.*images need a tag/,
  ],
  [
    'SERVICE_ACCOUNT_MISSING',
    forbidden('error looking up service account team/robot: serviceaccount "robot" not found'),
    /names service account robot/,
  ],
  ['PRIORITY_CLASS_MISSING', forbidden('no PriorityClass with name gold was found'), /names priority class gold/],
  ['RUNTIME_CLASS_MISSING', forbidden('pod rejected: RuntimeClass "kata" not found'), /names runtime class kata/],
  [
    'NAMESPACE_ENDING',
    forbidden('unable to create new content in namespace team because it is being terminated'),
    /Namespace team is being deleted/,
  ],
  [
    'QUOTA_OBJECTS',
    forbidden('exceeded quota: q, requested: count/services=1, used: count/services=2, limited: count/services=2'),
    /allows 2 of count\/services/,
  ],
  ['UNKNOWN', forbidden('the moon is full'), /the moon is full/],
])('%s, of %s', (code, words, message) => {
  const [found, ...others] = explain(refused(words));
  expect([found?.code, others]).toEqual([code, []]);
  expect(found?.message).toMatch(message);
  expect(found?.waiting).toBe(code === 'ADMISSION_WEBHOOK_SILENT' ? 'helps' : 'useless');
});

it('is no matter for a workspace whose pod is there, or that is stopped', () => {
  const words = forbidden('the moon is full');
  const { snapshot, around } = refused(words, {}, wants());
  if (snapshot?.deployment === undefined) throw new Error('no deployment');
  const stopped = { ...snapshot, deployment: { ...snapshot.deployment, replicas: 0 } };
  expect(codesOf({ snapshot: stopped, around })).toEqual([]);
});
