import { describe, expect, it } from 'vitest';
import { event, pendingPod, waiting } from '../workspace/snapshots.ts';
import { codesOf, explain, refused, scene, seen, wants } from './scenes.ts';

const forbidden = (why: string) => `pods "ws-dev-1" is forbidden: ${why}`;

const GATES: [code: string, words: string][] = [
  ['LIMIT_RANGE', forbidden('maximum cpu usage per Container is 500m, but limit is 2')],
  ['POD_SECURITY', forbidden('violates PodSecurity "restricted:latest": hostPath volumes (volume "node")')],
  ['ADMISSION_POLICY', forbidden("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no")],
  ['ADMISSION_WEBHOOK', 'admission webhook "w.example.com" denied the request: no'],
  ['SERVICE_ACCOUNT_MISSING', forbidden('error looking up service account t/x: serviceaccount "x" not found')],
  ['PRIORITY_CLASS_MISSING', forbidden('no PriorityClass with name gold was found')],
  ['RUNTIME_CLASS_MISSING', forbidden('pod rejected: RuntimeClass "kata" not found')],
];

const QUOTAS: [code: string, hard: Record<string, string>][] = [
  ['QUOTA_CPU', { 'limits.cpu': '1' }],
  ['QUOTA_MEMORY', { 'requests.memory': '100Mi' }],
  ['QUOTA_TEMPORARY', { 'limits.ephemeral-storage': '1Gi' }],
  ['QUOTA_PODS', { pods: '0' }],
];

describe('whoever refuses a pod before its quota is asked is named first, and the quota with it', () => {
  const rows = GATES.flatMap(([gate, words]) =>
    QUOTAS.map(([quota, hard]) => ({ gate, words, quota, hard, name: `${gate} and ${quota}` })),
  );
  it.each(rows)('$name', ({ gate, words, quota, hard }) => {
    const quotas = (most: Record<string, string>) => ({
      quotas: seen({ name: 'q', isScoped: false, hard: most, used: {} }),
    });
    expect(codesOf(refused(words, quotas(hard)))).toEqual([gate, quota]);
    const roomy = Object.fromEntries(Object.keys(hard).map((name) => [name, '900Gi']));
    expect(codesOf(refused(words, quotas(roomy)))).toEqual([gate]);
  });
});

describe('a pull secret that is not there', () => {
  const missing = event(
    'Pod/ws-dev-1',
    'FailedToRetrieveImagePullSecret',
    'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
    'Warning',
  );
  const of = (why: string) =>
    explain(
      scene({
        pod: pendingPod({ image: 'r.test/a:1', container: waiting('ErrImagePull', why), wants: wants() }),
        events: [missing],
      }),
    );

  it.each([
    ['IMAGE_TAG', 'r.test/a:1: not found', 'useless'],
    ['IMAGE_BUSY', 'unexpected status: 429 Too Many Requests', 'helps'],
    ['IMAGE_HOST', 'dial tcp: lookup r.test: no such host', 'useless'],
    ['IMAGE_UNREACHABLE', 'dial tcp 10.9.9.9:443: connect: connection refused', 'helps'],
    ['IMAGE_PLATFORM', 'no match for platform in manifest: not found', 'useless'],
    ['IMAGE_NO_SPACE', 'write /var/lib/x: no space left on device', 'helps'],
  ])('comes after %s, and does not end a wait', (code, why, waits) => {
    expect(of(why).map((found) => [found.code, found.waiting])).toEqual([
      [code, waits],
      ['IMAGE_SECRET', 'helps'],
    ]);
  });

  it('is why a registry denies the image, and then the only cause', () => {
    expect(of('unexpected status: 401 Unauthorized')).toMatchObject([{ code: 'IMAGE_SECRET', waiting: 'useless' }]);
  });
});

describe('volumes that cannot be mounted are named each', () => {
  const failed = (name: string, why: string) =>
    event('Pod/ws-dev-1', 'FailedMount', `MountVolume.SetUp failed for volume "${name}" : ${why}`, 'Warning');
  const [secret, map] = [failed('a', 'secret "tokens" not found'), failed('b', 'configmap "npmrc" not found')];
  const folder = failed('c', 'hostPath type check failed: /nowhere is not a directory');
  const of = (...events: ReturnType<typeof event>[]) =>
    explain(scene({ pod: pendingPod(), events })).map(({ code, message }) => [code, message.replace(/ and it.*/, '')]);

  it('whatever they lack', () => {
    expect(of(secret, map, folder, secret)).toEqual([
      ['START_CONFIG', 'The pod needs secret tokens,'],
      ['START_CONFIG', 'The pod needs configmap npmrc,'],
      ['VOLUME_MOUNT', expect.stringContaining('cannot mount volume c: hostPath type check failed')],
    ]);
  });

  it('only as long as they fail', () => {
    expect(of(secret, event('Pod/ws-dev-1', 'Pulled', 'Container image already present'), map)).toEqual([
      ['START_CONFIG', 'The pod needs configmap npmrc,'],
    ]);
    expect(of(secret, event('Pod/ws-dev-1', 'Pulled', 'Container image already present'))).toEqual([]);
  });
});
