import { describe, expect, it } from 'vitest';
import { findCauses } from '../../../src/workspace/diagnosis/diagnosis.ts';
import { UNASKED } from '../../../src/workspace/diagnosis/scene.ts';
import type { ContainerSnapshot } from '../../../src/workspace/state/snapshot.ts';
import {
  claimHome,
  container,
  deployment,
  event,
  node,
  pendingPod,
  pod,
  snapshot,
  waiting,
} from '../workspace/snapshots.ts';
import { codesOf, explain, scene, seen, waitingFor, wants } from './scenes.ts';

/** containerd 2 and the kubelet of 1.37, as they put a sentence together. */
const pull = (why: string, image = 'registry.test/team/ws:1') =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`;

describe('an image', () => {
  const of = (words: string, image: string, around = {}) =>
    scene({ pod: pendingPod({ image, container: waiting('ErrImagePull', words), wants: wants() }) }, around);

  it.each([
    [
      'IMAGE_HOST',
      pull(
        'failed to do request: Head "https://nohost.invalid/v2/x/manifests/1": dial tcp: lookup nohost.invalid on 10.96.0.10:53: no such host',
      ),
      /no host registry\.test/,
    ],
    [
      'IMAGE_UNREACHABLE',
      pull('failed to do request: Head "https://10.9.9.9/v2/": dial tcp 10.9.9.9:443: i/o timeout'),
      /do not reach registry registry\.test/,
    ],
    [
      'IMAGE_UNREACHABLE',
      pull('failed to do request: Head "https://r/v2/": net/http: timeout awaiting response headers'),
      /do not reach registry registry\.test/,
    ],
    [
      'IMAGE_UNTRUSTED',
      pull(
        'failed to do request: Head "https://r/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      ),
      /do not trust registry/,
    ],
    [
      'IMAGE_DENIED',
      pull('unexpected status from HEAD request to https://registry.test/v2/team/ws/manifests/1: 403 Forbidden'),
      /does not let the nodes have team\/ws/,
    ],
    [
      'IMAGE_REPOSITORY',
      pull(
        'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      ),
      /has no repository team\/ws/,
    ],
    [
      'IMAGE_TAG',
      `rpc error: code = NotFound desc = ${pull('registry.test/team/ws:1: not found')}`,
      /has no 1 of team\/ws/,
    ],
    [
      'IMAGE_PLATFORM',
      'failed to pull and unpack image "x": no match for platform in manifest: not found',
      /not for the platform/,
    ],
    [
      'IMAGE_NO_SPACE',
      'failed to pull and unpack image "x": failed to extract layer: write /var/lib/x: no space left on device',
      /has no room/,
    ],
    ['IMAGE_BUSY', pull('unexpected status: 429 Too Many Requests: toomanyrequests: rate limit'), /too much already/],
    ['IMAGE_UNPULLED', 'the moon is full', /the moon is full/],
  ])('%s, of %s', (code, words, message) => {
    const [found, ...others] = explain(of(words, 'registry.test/team/ws:1'));
    expect([found?.code, others]).toEqual([code, []]);
    expect(found?.message).toMatch(message);
  });

  it('whose name says no registry is one that no node has', () => {
    const words = pull(
      'pull access denied, repository does not exist or may require authorization',
      'docker.io/library/ws-workspace:9',
    );
    const around = { nodes: seen(node({ images: ['ws-workspace:0.2.0'] })) };
    expect(explain(of(words, 'ws-workspace:9', around))[0]).toMatchObject({
      code: 'IMAGE_UNPUBLISHED',
      message: expect.stringMatching(/^The image ws-workspace:9 cannot be pulled: node node-1 does not have it/),
      tries: ['ws up dev --image ws-workspace:0.2.0', expect.stringMatching(/^Load the image/)],
    });
  });

  it('is told by the try before, while the node waits for the next', () => {
    const failed = {
      ...event('Pod/ws-dev-1', 'Failed', `Failed to pull image "a/b:1": ${pull('a/b:1: not found')}`, 'Warning'),
    };
    const container = waiting('ImagePullBackOff', 'Back-off pulling image "a/b:1"');
    const failing = scene({ pod: pendingPod({ image: 'a/b:1', container }), events: [failed] });
    expect(codesOf(failing)).toEqual(['IMAGE_TAG']);
    // Nobody sees in a whole name that its tag was not typed.
    expect(JSON.stringify(findCauses(failing)[0]?.suggestions)).toContain('without a tag');
    const whole = waiting(
      'ImagePullBackOff',
      `Back-off pulling image "r.test/b:1": ErrImagePull: ${pull('dial tcp: lookup r.test: no such host')}`,
    );
    expect(codesOf(scene({ pod: pendingPod({ image: 'r.test/b:1', container: whole }) }))).toEqual(['IMAGE_HOST']);
  });

  it('whose pull secret is missing is denied for that alone', () => {
    const words = pull('unexpected status from HEAD request to https://r/v2/x: 401 Unauthorized');
    const missing = event(
      'Pod/ws-dev-1',
      'FailedToRetrieveImagePullSecret',
      'Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
      'Warning',
    );
    const [found, ...others] = explain(
      scene({ pod: pendingPod({ image: 'r.test/a:1', container: waiting('ErrImagePull', words) }), events: [missing] }),
    );
    expect([found?.code, others]).toEqual(['IMAGE_SECRET', []]);
    expect(found?.tries[0]).toMatch(/^kubectl create secret docker-registry regcred /);
  });

  it.each([
    ['IMAGE_ABSENT', 'ErrImageNeverPull', 'Container image "x" is not present with pull policy of Never'],
    [
      'IMAGE_NAME',
      'InvalidImageName',
      'Failed to apply default image tag "X": couldn\'t parse image name "X": invalid reference format',
    ],
  ])('%s', (code, reason, words) => {
    expect(codesOf(waitingFor(reason, words))).toEqual([code]);
  });
});

describe('a server that ends', () => {
  const crashed = (end: Partial<NonNullable<ContainerSnapshot['lastEnd']>>, rest: Partial<ContainerSnapshot> = {}) => {
    const lastEnd = { reason: 'Error', exitCode: 1, message: undefined, ...end };
    const crashing = waiting('CrashLoopBackOff', 'back-off 10s', { restarts: 2, lastEnd, ...rest });
    return scene({ pod: pod({ ready: false, container: crashing, wants: wants() }), deployment: deployment() });
  };

  it.each([
    [
      'HOME_NOT_WRITABLE',
      'the home cannot be written by UID 1000: /home/alice belongs to UID 4242 with mode 0755; change its owner to 1000 (chown 1000 on the volume), or take another volume or user.uid',
      'ws up dev --uid 4242',
    ],
    [
      'HOME_FULL',
      "the home's volume is full, so that /homes cannot take a home; make it larger, or free some of it",
      'ws up dev --size 20Gi',
    ],
    [
      'HOME_READ_ONLY',
      "the home's volume is read-only, and a home is written to; take another volume",
      'kubectl get pvc',
    ],
    ['HOME_SILENT', "the home's volume did not answer within 60 s; see whether its server is up", 'kubectl get pvc'],
    [
      'START_VALUES',
      'WS_LOG_LEVEL is "loud"; it may be debug, info, warn, error',
      'Change that value in the values file that sets it, and give it with --values',
    ],
    [
      'START_VALUES',
      "the login shell /bin/fish is none of the image's, so nobody could log in; it has /bin/sh, /bin/bash",
      'Change that value in the values file that sets it, and give it with --values',
    ],
    [
      'START_PORT',
      'listen EADDRINUSE: address already in use 0.0.0.0:2222',
      'Choose another port with ssh.port in a values file',
    ],
    [
      'START_READ_ONLY',
      '/run/ws/hostkey cannot be written, and a restart does not help: the pod must be deleted, so that it gets a new /run/ws (EROFS)',
      'kubectl delete pod ws-dev-1',
    ],
    [
      'START_HOST_KEY',
      'the host key is RSA with 1024 bits; 2048 are the least',
      'kubectl delete secret ws-dev-host-key',
    ],
    ['START_CRASH', 'the moon is full', 'ws logs dev --previous'],
  ])('%s: %s', (code, message, first) => {
    const [found, ...others] = explain(crashed({ message }));
    expect([found?.code, found?.tries[0], others]).toEqual([code, first, []]);
    expect(`${found?.message} ${found?.evidence.join(' ')}`).toContain(code === 'START_PORT' ? 'EADDRINUSE' : message);
    expect(found?.evidence[0]).toMatch(/^Container ended with Error, exit code 1, restarted 2 times/);
  });

  it('for its memory: at once it has too little, later its programs need more', () => {
    const atStart = explain(crashed({ reason: 'OOMKilled', exitCode: 137, ranSeconds: 1 }))[0];
    expect(atStart).toMatchObject({ code: 'START_MEMORY', waiting: 'useless', tries: ['ws up dev --memory 512Mi'] });
    const later = explain(crashed({ reason: 'OOMKilled', exitCode: 137, ranSeconds: 900 }))[0];
    expect(later).toMatchObject({ code: 'RUN_MEMORY', waiting: 'helps' });
    expect(later?.tries[0]).toBe('ws up dev --memory 8Gi');
    expect(
      codesOf(
        waitingFor(
          'RunContainerError',
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: container init was OOM-killed (memory limit too low?)',
        ),
      ),
    ).toEqual(['START_MEMORY']);
  });

  it('because it is none', () => {
    expect(codesOf(crashed({ reason: 'Completed', exitCode: 0 }))).toEqual(['IMAGE_FOREIGN']);
    expect(codesOf(waitingFor('RunContainerError', 'exec: "/bin/x": stat /bin/x: no such file or directory'))).toEqual([
      'IMAGE_FOREIGN',
    ]);
    expect(codesOf(crashed({ message: 'exec /sbin/tini: exec format error' }))).toEqual(['START_PLATFORM']);
  });

  it('and takes its hook along, which makes no image foreign', () => {
    const hook = event('Pod/ws-dev-1', 'FailedPostStartHook', 'PostStartHook failed', 'Warning');
    const ended = (lastEnd: NonNullable<ContainerSnapshot['lastEnd']>) =>
      codesOf(
        scene({ pod: pendingPod({ container: waiting('PostStartHookError', 'x', { lastEnd }) }), events: [hook] }),
      );
    expect(ended({ reason: 'OOMKilled', exitCode: 137, message: undefined })).toEqual(['START_MEMORY']);
    expect(ended({ reason: 'Error', exitCode: 1, message: 'the host key is in no known form' })).toEqual([
      'START_HOST_KEY',
    ]);
  });

  it('once may be chance, and one that runs again may go well', () => {
    const once = { state: 'terminated', reason: 'Error', restarts: 0 } as const;
    expect(explain(crashed({ message: 'x' }, once))[0]).toMatchObject({ code: 'START_CRASH', waiting: 'helps' });
    expect(codesOf(crashed({}, { state: 'running', reason: undefined }))).toEqual([]);
  });

  it('and one that says nothing while its container runs', () => {
    const startedAt = '2026-06-01T10:00:00Z';
    const running = pod({ ready: false, container: container({ startedAt }) });
    const probe = (at: string) => ({
      ...event('Pod/ws-dev-1', 'Unhealthy', 'Readiness probe failed: connection refused', 'Warning'),
      at,
    });
    expect(codesOf(scene({ pod: running, events: [probe('2026-06-01T10:00:05Z')] }))).toEqual([]);
    expect(codesOf(scene({ pod: running, events: [probe('2026-06-01T10:00:40Z')] }))).toEqual(['SERVER_SILENT']);
    expect(codesOf({ ...scene({ pod: running }), watched: { sameForMs: 31_000 } })).toEqual(['SERVER_SILENT']);
    // It does answer, and something beside it does not.
    const beside = {
      unready: 'containers with unready status: [beside]',
      others: ['beside waits (CrashLoopBackOff), 4 restarts'],
    };
    const answering = { ...pod({ ready: false, container: container({ startedAt, isReady: true }) }), ...beside };
    expect(explain({ ...scene({ pod: answering }), watched: { sameForMs: 31_000 } })).toMatchObject([
      {
        code: 'UNKNOWN',
        reason: 'NotReady',
        message: beside.unready,
        evidence: expect.arrayContaining([`container ${beside.others[0]}`]),
      },
    ]);
  });
});

describe('a pod that was taken back', () => {
  it.each([
    [
      'EVICTED_MEMORY',
      'The node was low on resource: memory. Threshold quantity: 100Mi, available: 20Mi. Container workspace was using 3Gi, request is 256Mi, has larger consumption of memory. ',
    ],
    ['EVICTED_DISK', 'The node was low on resource: ephemeral-storage. Threshold quantity: 1Gi, available: 20Mi. '],
    ['EVICTED_DISK', 'The node had condition: [DiskPressure]. '],
    ['EVICTED_VOLUME', 'Usage of EmptyDir volume "home" exceeds the limit "10Gi". '],
    ['EVICTED_VOLUME', 'Container workspace exceeded its local ephemeral storage limit "20Gi". '],
    ['EVICTED_VOLUME', 'Pod ephemeral local storage usage exceeds the total limit of containers 20Gi. '],
    ['EVICTED', 'low on luck'],
  ])('%s: %s', (code, message) => {
    const [found, ...others] = explain(
      scene({ pod: pod({ phase: 'Failed', ready: false, reason: 'Evicted', message }) }),
    );
    expect([found?.code, found?.reason, others]).toEqual([code, 'Evicted', []]);
    expect(found?.tries[0]).toBe('ws up NAME --storage-class default');
  });

  it('is told while the next one starts, and not when that is ready', () => {
    const failedPod = pod({
      name: 'ws-dev-0',
      phase: 'Failed',
      ready: false,
      reason: 'Evicted',
      message: 'The node was low on resource: memory. ',
    });
    expect(codesOf(scene({ pod: pendingPod(), failedPod }))).toEqual(['EVICTED_MEMORY']);
    expect(codesOf(scene({ failedPod }))).toEqual([]);
  });

  it('or ended otherwise', () => {
    expect(explain(scene({ pod: pod({ phase: 'Failed', ready: false }) }))[0]).toMatchObject({
      code: 'POD_ENDED',
      message: 'the pod ended',
    });
  });
});

describe('a home', () => {
  const pending = pendingPod({ node: undefined });
  const of = (
    parts: Parameters<typeof claimHome>[0],
    events: ReturnType<typeof event>[] = [],
    around = {},
    more = {},
  ) => ({
    ...scene({ pod: pending, home: claimHome(parts), events, ...more }, around),
  });
  const said = (reason: string, words: string, type: 'Normal' | 'Warning' = 'Warning') =>
    event('PersistentVolumeClaim/ws-dev-home', reason, words, type);
  const classes = seen({
    name: 'fast',
    provisioner: 'x',
    isDefault: true,
    bindingMode: 'Immediate' as const,
    canGrow: true,
  });

  it('whose claim is gone, lost, or going', () => {
    expect(codesOf(scene({ pod: pending, home: { kind: 'missing-claim', name: 'data' } }))).toEqual(['CLAIM_MISSING']);
    expect(codesOf(of({ phase: 'Lost', volume: 'pv-1' }))).toEqual(['CLAIM_LOST']);
    const ending = pendingPod({
      node: undefined,
      unschedulable: '0/1 nodes are available: persistentvolumeclaim "ws-dev-home" is being deleted. not found',
    });
    expect(codesOf(scene({ pod: ending, home: claimHome({ phase: 'Terminating' }) }))).toEqual(['CLAIM_ENDING']);
  });

  it('without a class, or of one that is not there', () => {
    const none = said(
      'FailedBinding',
      'no persistent volumes available for this claim and no storage class is set',
      'Normal',
    );
    expect(codesOf(of({ phase: 'Pending', storageClass: undefined }, [none]))).toEqual(['CLASS_MISSING']);
    const unknown = said('ProvisioningFailed', 'storageclass.storage.k8s.io "fats" not found');
    const [found, ...others] = explain(of({ phase: 'Pending', storageClass: 'fats' }, [unknown], { classes }));
    expect([found?.code, others]).toEqual(['CLASS_UNKNOWN', []]);
    expect(found?.message).toMatch(/the cluster has no such class; it has fast$/);
    expect(found?.tries).toEqual(['ws down dev --delete-home', 'ws up dev --storage-class fast']);
  });

  it('that no volume is made for: with a complaint, and without one after a minute', () => {
    expect(explain(of({ phase: 'Pending' }, [said('ProvisioningFailed', 'no space')]))[0]).toMatchObject({
      code: 'VOLUME_UNMADE',
      message: 'The home volume is not made: no space',
      waiting: 'helps',
    });
    const words =
      "Waiting for a volume to be created either by the external provisioner 'x.test/y' or manually by the system administrator.";
    const waits = said('ExternalProvisioning', words, 'Normal');
    expect(codesOf(of({ phase: 'Pending', createdAt: '2026-06-01T10:00:00Z' }, [waits]))).toEqual([]);
    expect(explain(of({ phase: 'Pending', createdAt: '2026-06-01T09:58:00Z' }, [waits]))[0]).toMatchObject({
      code: 'CLAIM_PENDING',
      message: 'No volume comes for the home claim ws-dev-home: provisioner x.test/y does not say a word',
    });
    expect(codesOf({ ...of({ phase: 'Pending' }), watched: { sameForMs: 61_000 } })).toEqual(['CLAIM_PENDING']);
    // A provisioner that runs says that it begins: nobody runs one that has not said so after ten seconds.
    const begun = said('Provisioning', 'External provisioner is provisioning volume for claim "x"', 'Normal');
    const after = (sameForMs: number, events: ReturnType<typeof said>[]) =>
      explain({ ...of({ phase: 'Pending', createdAt: '2026-06-01T10:00:00Z' }, events), watched: { sameForMs } });
    expect(after(9000, [waits])).toEqual([]);
    expect(after(11_000, [waits])).toMatchObject([{ code: 'CLAIM_PENDING' }]);
    expect(after(25_000, [begun, waits])).toEqual([]);
    expect(after(61_000, [begun, waits])).toMatchObject([
      { message: expect.stringMatching(/has begun, and is not done$/) },
    ]);
    expect(
      codesOf(
        of({ phase: 'Pending' }, [said('ProvisioningFailed', 'x'), said('ProvisioningSucceeded', 'ok', 'Normal')]),
      ),
    ).toEqual([]);
    expect(codesOf(of({ phase: 'Bound' }, [said('ProvisioningFailed', 'no space')]))).toEqual([]);
  });

  it('that somebody else has, on another node or at all', () => {
    const onNode = (words: string) => event('Pod/ws-dev-1', 'FailedAttachVolume', words, 'Warning');
    const attach = 'Multi-Attach error for volume "pvc-1" Volume is already used by pod(s) ws-other-1';
    const pods = seen({
      name: 'ws-other-1',
      node: 'node-2',
      workspace: 'other',
      claims: ['ws-dev-home'],
      hasEnded: false,
    });
    const home = claimHome();
    const scheduled = scene({ pod: pendingPod(), home, events: [onNode(attach)] }, { pods });
    expect(explain(scheduled)).toMatchObject(
      [
        {
          code: 'VOLUME_IN_USE',
          message: /Pod ws-other-1 has/ as unknown,
          tries: ['ws down other --keep-home', 'ws homes ls'],
        },
      ].map(({ message: _message, ...rest }) => rest),
    );
    expect(
      codesOf(
        scene({
          pod: pendingPod(),
          home,
          events: [
            onNode(
              'Multi-Attach error for volume "p" Volume is already exclusively attached to one node and can\'t be attached to another',
            ),
          ],
        }),
      ),
    ).toEqual(['VOLUME_IN_USE']);
    const once =
      'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod';
    const unplaced = pendingPod({
      node: undefined,
      unschedulable: `0/1 nodes are available: 1 ${once}. preemption: 0/1`,
    });
    expect(codesOf(scene({ pod: unplaced, home }, { pods }))).toEqual(['VOLUME_IN_USE_ONCE']);
  });

  it.each([
    ['VOLUME_MOUNT', 'MountVolume.SetUp failed for volume "home" : mount failed: exit status 32'],
    [
      'VOLUME_ROOT_SQUASH',
      'MountVolume.SetUp failed for volume "home" : applyFSGroup failed for vol home: lchown /x: operation not permitted',
    ],
    ['START_CONFIG', 'MountVolume.SetUp failed for volume "host-key" : secret "ws-dev-host-key" not found'],
  ])('that the node cannot mount: %s', (code, words) => {
    const events = [event('Pod/ws-dev-1', 'FailedMount', words, 'Warning')];
    expect(codesOf(scene({ pod: pendingPod(), events }))).toEqual([code]);
    const later = [...events, event('Pod/ws-dev-1', 'Pulling', 'Pulling image')];
    expect(codesOf(scene({ pod: pendingPod(), events: later }))).toEqual([]);
    expect(codesOf(scene({ pod: pod({ ready: false }), events }))).toEqual([]);
  });

  it('whose folder cannot be made in its volume', () => {
    const refused = {
      ...waiting(
        'CreateContainerConfigError',
        'failed to create subPath directory for volumeMount "home" of container "workspace"',
      ),
      isSubPathRefused: true,
    };
    expect(codesOf(scene({ pod: pendingPod({ container: refused }) }))).toEqual(['VOLUME_SUB_PATH']);
  });
});

it('a Secret that is gone is named, with what makes it again', () => {
  const [found] = explain(waitingFor('CreateContainerConfigError', 'secret "ws-dev-authorized-keys" not found'));
  expect(found).toMatchObject({ code: 'START_CONFIG', tries: ['ws up dev --repair', 'kubectl get secrets'] });
  expect(codesOf(waitingFor('CreateContainerError', 'the runtime is tired'))).toEqual(['START_CONTAINER']);
});

it('what goes its ordinary way is no trouble', () => {
  for (const reason of ['ContainerCreating', 'PodInitializing']) expect(codesOf(waitingFor(reason))).toEqual([]);
  expect(codesOf({ snapshot: snapshot(), around: UNASKED })).toEqual([]);
});

it('a pod that neither a scheduler nor a kubelet has touched says so after half a minute', () => {
  const untouched = pendingPod({ node: undefined });
  const watched = (sameForMs: number) => ({ watched: { sameForMs } });
  expect(codesOf({ ...scene({ pod: untouched }), ...watched(10_000) })).toEqual([]);
  expect(explain({ ...scene({ pod: untouched }), ...watched(31_000) })[0]?.message).toBe(
    'No scheduler has looked at the pod',
  );
  expect(explain({ ...scene({ pod: pendingPod() }), ...watched(31_000) })[0]?.message).toBe(
    'Node node-1 has not begun with the pod',
  );
  const pulling = [event('Pod/ws-dev-1', 'Pulling', 'Pulling image')];
  expect(codesOf({ ...scene({ pod: pendingPod(), events: pulling }), ...watched(120_000) })).toEqual([]);
});

it('what nobody knows is told with all that Kubernetes says', () => {
  const events = [event('Pod/ws-dev-1', 'FailedCreatePodSandBox', 'network plugin is not ready', 'Warning')];
  expect(explain(scene({ pod: pendingPod(), events }))).toMatchObject([
    { code: 'UNKNOWN', reason: 'FailedCreatePodSandBox', evidence: ['pod ws-dev-1: Pending, on node-1'] },
  ]);
  expect(explain(waitingFor('NeverHeardOfIt', 'x'))[0]).toMatchObject({ code: 'UNKNOWN', reason: 'NeverHeardOfIt' });
});

it("a server that somebody else's probe ends has not crashed, and its image is no other one", () => {
  const killing = event('Pod/ws-dev-1', 'Killing', 'Container workspace failed startup probe, will be restarted');
  const unhealthy = event('Pod/ws-dev-1', 'Unhealthy', 'Startup probe failed: ', 'Warning');
  const end = { reason: 'Completed', exitCode: 0, message: undefined };
  const ended = waiting('CrashLoopBackOff', 'back-off', { lastEnd: end, restarts: 2 });
  const scenes = [[], [killing, unhealthy]].map((events) =>
    scene({ pod: pendingPod({ node: 'n', container: ended }), events }),
  );
  expect(scenes.map((one) => codesOf(one))).toEqual([['IMAGE_FOREIGN'], ['UNKNOWN']]);
  expect(JSON.stringify(explain(scenes[1] ?? scene({})))).toContain('Startup probe failed');
});

it('a spread over zones is no affinity', () => {
  const words =
    "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label).";
  expect(codesOf(scene({ pod: pendingPod({ node: undefined, unschedulable: words }) }))).toEqual(['UNKNOWN']);
});

it("a program that never began is the node's to explain, at its first try and while it waits for the next one", () => {
  const words = 'failed to create containerd task: mkdir /etc/passwd: not a directory';
  const lastEnd = { reason: 'StartError', exitCode: 128, message: words };
  const containers = [
    waiting('RunContainerError', words, { lastEnd }),
    waiting('CrashLoopBackOff', 'back-off 10s', { lastEnd, restarts: 1 }),
  ];
  for (const one of containers) {
    const [found, ...others] = explain(scene({ pod: pendingPod({ node: 'n', container: one }) }));
    expect(found).toMatchObject({ code: 'START_CONTAINER', message: words });
    expect(others).toEqual([]);
  }
});
