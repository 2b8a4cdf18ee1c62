import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../src/workspace/diagnosis/diagnosis.ts';
import type { EndingPod, EventSnapshot, WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { saying } from '../../spelling.ts';
import {
  claimHome,
  container,
  deployment,
  endingPod,
  event,
  keptHome,
  pendingPod,
  pod,
  snapshot,
  waiting,
} from './snapshots.ts';

describe('the state of a workspace', () => {
  it('is ready when its pod says so, whatever happened before', () => {
    const restarted = pod({ container: container({ restarts: 3 }) });
    expect(diagnose(snapshot({ pod: restarted }))).toEqual({
      state: 'ready',
      fact: { kind: 'pod-ready', pod: 'ws-dev-1', node: 'node-1' },
      trouble: undefined,
    });
  });

  it('is stopped when it was scaled to 0', () => {
    expect(diagnose(snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined })).state).toBe('stopped');
  });

  it('is a kept home when only that is left', () => {
    expect(diagnose(keptHome())).toMatchObject({ state: 'kept-home', fact: { kind: 'absent', workspace: 'dev' } });
  });

  it('is ending while its last pod goes', () => {
    const fact = { kind: 'terminating', pod: 'ws-dev-0' };
    const ending = { pod: undefined, endingPods: [endingPod()] };
    expect(diagnose(snapshot({ ...ending, deployment: undefined }))).toMatchObject({ state: 'ending', fact });
    expect(diagnose(snapshot(ending))).toMatchObject({ state: 'ending', fact });
  });
});

describe('a pod that does not end', () => {
  const held = { finalizers: ['x.test/y'], isRunning: false };
  const lost = event('Pod/ws-dev-0', 'NodeNotReady', 'Node is not ready', 'Warning');
  const troubleOf = (ending: Partial<EndingPod>, events: EventSnapshot[] = [], overrides = {}) =>
    diagnose(snapshot({ pod: undefined, endingPods: [endingPod(ending)], events, ...overrides })).trouble;

  it('is held by a finalizer: which, since when, and the command that ends it', () => {
    for (const overrides of [{}, { deployment: undefined }]) {
      expect(troubleOf(held, [], overrides)).toEqual({
        reason: 'PodFinalizer',
        message:
          'Pod ws-dev-0 is ending since 2026-06-01T10:00:00Z: its programs have ended, but the finalizer x.test/y waits for somebody who takes it away',
        suggestion: saying(`kubectl patch pod ws-dev-0 --type merge --patch '{"metadata":{"finalizers":null}}'`),
        nature: 'lasting',
      });
    }
    expect(troubleOf({ ...held, finalizers: ['a/b', 'c/d'] })?.message).toContain('the finalizers a/b, c/d wait');
  });

  it('is on a node that does not report, which its event or its condition tells', () => {
    const expected = {
      reason: 'NodeNotReady',
      message: expect.stringContaining('its node node-1 does not report'),
      suggestion: saying('kubectl delete pod ws-dev-0 --grace-period=0 --force'),
    };
    expect(troubleOf({}, [lost])).toMatchObject(expected);
    expect(troubleOf({ ...held, isRunning: true }, [lost])).toMatchObject(expected);
    for (const disruption of ['DeletionByTaintManager', 'NodeLost'])
      expect(troubleOf({ disruption })).toMatchObject(expected);
  });

  it('is no trouble while its programs have their time', () => {
    expect(troubleOf({})).toBeUndefined();
    expect(troubleOf({ isRunning: false })).toBeUndefined();
    expect(troubleOf({ finalizers: ['x.test/y'] })).toBeUndefined();
    expect(troubleOf({}, [event('Pod/ws-dev-9', 'NodeNotReady', '', 'Warning')])).toBeUndefined();
    expect(troubleOf({ disruption: 'EvictionByEvictionAPI' })).toBeUndefined();
  });

  it('is no matter once the next pod is there', () => {
    expect(diagnose(snapshot({ endingPods: [endingPod(held)] })).trouble).toBeUndefined();
  });
});

describe('what a starting workspace is doing', () => {
  const own = (reason: string, message = '') => event('Pod/ws-dev-1', reason, message);
  it.each<[string, Partial<WorkspaceSnapshot>, object]>([
    ['waits for a pod', { pod: undefined }, { kind: 'pod-awaited' }],
    ['looks for a node', { pod: pendingPod({ node: undefined }) }, { kind: 'scheduling', message: undefined }],
    [
      'pulls the image',
      { pod: pendingPod(), events: [own('Pulling')] },
      { kind: 'pulling', image: 'ws-workspace:0.1.0' },
    ],
    ['has pulled the image', { pod: pendingPod(), events: [own('Pulling'), own('Pulled')] }, { kind: 'starting' }],
    [
      'starts the server, though the status does not tell yet that its container runs',
      { pod: pendingPod(), events: [own('Pulled'), { ...own('Started'), container: 'workspace' }] },
      { kind: 'probing' },
    ],
    [
      'does not take the start of another container for that',
      { pod: pendingPod(), events: [own('Pulled'), own('Started'), { ...own('Started'), container: 'sidecar' }] },
      { kind: 'starting' },
    ],
    [
      'mounts the volume',
      { pod: pendingPod(), events: [own('FailedMount', 'not attached yet')] },
      { kind: 'attaching', message: 'not attached yet' },
    ],
    [
      "does not read another pod's events",
      { pod: pendingPod(), events: [event('Pod/ws-dev-0', 'Pulling', '')] },
      { kind: 'starting' },
    ],
    ['starts the server', { pod: pod({ ready: false }) }, { kind: 'probing' }],
    [
      'restarts',
      {
        pod: pod({
          ready: false,
          container: container({ restarts: 2, lastEnd: { reason: 'OOMKilled', exitCode: 137, message: undefined } }),
        }),
      },
      { kind: 'restarting', restarts: 2, reason: 'OOMKilled' },
    ],
  ])('it %s', (_name, overrides, fact) => {
    expect(diagnose(snapshot(overrides))).toMatchObject({ state: 'starting', fact, trouble: undefined });
  });
});

describe('trouble', () => {
  const isFailing = (overrides: Partial<WorkspaceSnapshot>) => {
    const { state, trouble } = diagnose(snapshot(overrides));
    expect(state).toBe('failing');
    return trouble;
  };

  it.each([
    ['exceeded quota: compute, requested: limits.memory=8Gi', /^kubectl describe quota$/],
    ['maximum memory usage per Container is 1Gi, but limit is 4Gi', /^kubectl describe limitrange$/],
    ['cpu max limit to request ratio per Pod is 1, but provided ratio is 20.0', /^kubectl describe limitrange$/],
    ['pods "x" is forbidden: violates PodSecurity "restricted:latest"', /security settings/],
    ['admission webhook "x" denied the request', /kubectl describe replicaset/],
  ])('no pod may be made: %s', (failure, suggestion) => {
    expect(isFailing({ pod: undefined, deployment: deployment({ failure }) })).toEqual({
      reason: 'FailedCreate',
      message: failure,
      nature: 'lasting',
      suggestion: saying(suggestion),
    });
  });

  it.each([
    ['0/3 nodes are available: 3 Insufficient memory.', /--memory/],
    ['0/1 nodes are available: 1 node(s) had untolerated taint {a: b}.', /--toleration/],
    ["0/1 nodes: 1 node(s) didn't match Pod's node affinity/selector.", /--node-selector/],
    ['0/0 nodes are available', /kubectl get nodes/],
  ])('no node takes the pod, which may pass: %s', (unschedulable, suggestion) => {
    expect(isFailing({ pod: pendingPod({ node: undefined, unschedulable }) })).toEqual({
      reason: 'Unschedulable',
      message: `No node takes the pod: ${unschedulable}`,
      nature: 'passing',
      suggestion: saying(suggestion),
    });
  });

  it.each(['ErrImagePull', 'ImagePullBackOff', 'ImageInspectError', 'RegistryUnavailable'])('%s', (reason) => {
    expect(isFailing({ pod: pendingPod({ container: waiting(reason, 'not found') }) })).toMatchObject({
      reason,
      message: 'The image ws-workspace:0.1.0 cannot be pulled: not found',
      nature: 'lasting',
      suggestion: saying(/^ws up dev --image/),
    });
  });

  it.each(['InvalidImageName', 'ErrImageNeverPull'])('%s', (reason) => {
    expect(isFailing({ pod: pendingPod({ container: waiting(reason) }) })).toMatchObject({ reason, nature: 'lasting' });
  });

  it('the server keeps crashing: names its exit code and how to read its log', () => {
    const crashing = waiting('CrashLoopBackOff', 'back-off', {
      restarts: 4,
      lastEnd: { reason: 'Error', exitCode: 78, message: undefined },
    });
    expect(isFailing({ pod: pod({ ready: false, container: crashing }) })).toMatchObject({
      reason: 'CrashLoopBackOff',
      message: expect.stringMatching(/exit code 78/),
      nature: 'lasting',
      suggestion: saying('kubectl logs ws-dev-1 --previous'),
    });
  });

  it("the server keeps crashing: says why, in the server's own words", () => {
    const lastEnd = { reason: 'Error', exitCode: 1, message: '/run/ws/hostkey cannot be written' };
    const crashing = waiting('CrashLoopBackOff', 'back-off', { restarts: 4, lastEnd });
    expect(isFailing({ pod: pod({ ready: false, container: crashing }) })?.message).toBe(
      'The server in the pod ends again and again (Error, exit code 1): /run/ws/hostkey cannot be written',
    );
  });

  it.each(['CreateContainerConfigError', 'CreateContainerError', 'RunContainerError'])('%s', (reason) => {
    expect(isFailing({ pod: pendingPod({ container: waiting(reason, 'secret "x" not found') }) })).toMatchObject({
      reason,
      message: 'secret "x" not found',
      nature: 'lasting',
    });
  });

  it("the home's folder cannot be made: what NFS has to do with it, and what to do", () => {
    const refused = { ...waiting('CreateContainerConfigError', 'failed to create subPath'), isSubPathRefused: true };
    expect(isFailing({ pod: pendingPod({ container: refused }) })?.message).toMatch(/root squash make it yourself/);
  });

  it('the container is being created: that is no trouble', () => {
    expect(diagnose(snapshot({ pod: pendingPod({ container: waiting('ContainerCreating') }) })).state).toBe('starting');
  });

  it('the node took the pod back', () => {
    const evicted = pod({ phase: 'Failed', ready: false, reason: 'Evicted', message: 'low on memory' });
    expect(isFailing({ pod: evicted })).toMatchObject({
      reason: 'Evicted',
      message: 'low on memory',
      nature: 'passing',
      suggestion: saying(/^ws up NAME --storage-class/),
    });
    expect(isFailing({ pod: pod({ phase: 'Failed', ready: false }) })).toMatchObject({
      reason: 'Failed',
      message: 'the pod ended',
    });
  });

  it('the home claim is gone', () => {
    const home = { kind: 'missing-claim', name: 'data' } as const;
    expect(isFailing({ pod: pendingPod(), home })).toMatchObject({ reason: 'ClaimMissing', nature: 'lasting' });
  });

  it('no volume is made for the claim; a warning about another claim, or a bound one, is none', () => {
    const events = [event('PersistentVolumeClaim/ws-dev-home', 'ProvisioningFailed', 'no space', 'Warning')];
    const pending = pendingPod({ node: undefined });
    expect(isFailing({ pod: pending, events, home: claimHome({ phase: 'Pending' }) })).toMatchObject({
      reason: 'ProvisioningFailed',
      message: 'The home volume is not made: no space',
      nature: 'passing',
    });
    expect(diagnose(snapshot({ pod: pending, events, home: claimHome() })).trouble).toBeUndefined();
    expect(
      diagnose(snapshot({ pod: pending, events, home: claimHome({ name: 'other', phase: 'Pending' }) })).trouble,
    ).toBeUndefined();
  });

  it.each(['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox'])('%s, until the container runs', (reason) => {
    const events = [event('Pod/ws-dev-1', reason, 'timed out', 'Warning')];
    expect(isFailing({ pod: pendingPod(), events })).toMatchObject({ reason, nature: 'passing' });
    expect(diagnose(snapshot({ pod: pod({ ready: false }), events })).trouble).toBeUndefined();
  });
});
