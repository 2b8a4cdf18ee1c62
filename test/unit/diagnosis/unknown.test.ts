/** What the engine was not built for: it says that it does not know, and what a maintainer would ask for. */
import { describe, expect, it } from 'vitest';
import { toPod } from '../../../src/adapters/kubernetes/objects/pod-snapshot.ts';
import { claimHome, container, event, pendingPod, pod, waiting } from '../workspace/snapshots.ts';
import { codesOf, explain, scene } from './scenes.ts';

const after = (sameForMs: number) => ({ watched: { sameForMs } });

describe('a pod that waits without a word from anybody', () => {
  const metadata = { name: 'ws-dev-1' };
  const containers = [{ name: 'workspace' }];

  it.each([
    ['resource claim gpu', { resourceClaims: [{ name: 'x', resourceClaimName: 'gpu' }] }],
    ['resource claim gpus', { resourceClaims: [{ name: 'x', resourceClaimTemplateName: 'gpus' }] }],
    ['scheduling gate example.com/approval', { schedulingGates: [{ name: 'example.com/approval' }] }],
    ['readiness gate example.com/lb', { readinessGates: [{ conditionType: 'example.com/lb' }] }],
    ['scheduler batch', { schedulerName: 'batch' }],
  ])('shows what its template wants: %s', (condition, spec) => {
    const waits = toPod({ metadata, spec: { containers, ...spec }, status: { phase: 'Pending' } });
    expect(waits.conditions).toEqual([condition]);
    expect(explain({ ...scene({ pod: waits }), ...after(31_000) })).toMatchObject([
      { code: 'UNKNOWN', evidence: expect.arrayContaining([`the pod wants ${condition}`]) },
    ]);
  });

  it('may wait for its volume, which nobody tells', () => {
    const waits = pendingPod({ node: undefined });
    expect(
      codesOf({ ...scene({ pod: waits, home: claimHome({ phase: 'Pending' }) }), ...after(31_000) }),
    ).not.toContain('UNKNOWN');
    expect(codesOf({ ...scene({ pod: waits }), ...after(31_000) })).toEqual(['UNKNOWN']);
  });

  it('wants nothing where the template is the chart’s', () => {
    const spec = { containers, schedulerName: 'default-scheduler', initContainers: [{ name: 'users' }] };
    const running = { name: 'users', state: { running: {} }, ready: false, restartCount: 0, image: '', imageID: '' };
    const ours = toPod({ metadata, spec, status: { initContainerStatuses: [running] } });
    expect([ours.conditions, ours.init]).toEqual([undefined, undefined]);
  });
});

describe('a container of somebody else’s that runs before the server', () => {
  const status = { name: 'fetch', state: { running: {} }, ready: false, restartCount: 0, image: '', imageID: '' };
  const toWaiting = (restartPolicy?: string) =>
    toPod({
      metadata: { name: 'ws-dev-1' },
      spec: {
        nodeName: 'node-1',
        containers: [{ name: 'workspace' }],
        initContainers: [{ name: 'fetch', ...(restartPolicy === undefined ? {} : { restartPolicy }) }],
      },
      status: {
        phase: 'Pending',
        initContainerStatuses: [status],
        containerStatuses: [{ ...status, name: 'workspace', state: { waiting: { reason: 'PodInitializing' } } }],
      },
    });

  it('is named when it has not ended for a minute', () => {
    expect(codesOf({ ...scene({ pod: toWaiting() }), ...after(55_000) })).toEqual([]);
    expect(explain({ ...scene({ pod: toWaiting() }), ...after(61_000) })).toMatchObject([
      { code: 'UNKNOWN', message: 'Container fetch runs before the server, which waits for its end', waiting: 'helps' },
    ]);
  });

  it('is not waited for where it is a sidecar', () => {
    expect(codesOf({ ...scene({ pod: toWaiting('Always') }), ...after(61_000) })).toEqual([]);
  });
});

describe('a pod that its node rejects', () => {
  const rejected = pod({
    ...{ phase: 'Failed', ready: false, container: undefined, reason: 'SysctlForbidden' },
    message: 'Pod was rejected: forbidden sysctl: "kernel.x" not allowlisted',
  });
  const next = (name: string) => pendingPod({ name, container: undefined });

  it('is told by the one before it, the same each time', () => {
    const all = ['a', 'b'].map((name) =>
      explain(scene({ pod: next(name), failedPod: { ...rejected, name: `${name}0` } })),
    );
    expect(all[0]).toMatchObject([
      { code: 'POD_ENDED', reason: 'SysctlForbidden', tries: ['kubectl describe deployment ws-dev'] },
    ]);
    expect(all[1]).toEqual(all[0]);
  });

  it('and is past when the next one has begun', () => {
    const begun = pendingPod({ container: waiting('ContainerCreating') });
    expect(codesOf(scene({ pod: begun, failedPod: rejected }))).toEqual([]);
    const ran = { ...rejected, container: container({}) };
    expect(codesOf(scene({ pod: next('a'), failedPod: ran }))).toEqual([]);
  });
});

it('a hook that fails is quoted beside the end that it caused', () => {
  const end = { reason: 'Error', exitCode: 143, message: undefined };
  const crashed = waiting('CrashLoopBackOff', 'back-off', { lastEnd: end, restarts: 1 });
  const failed = event('Pod/ws-dev-1', 'FailedPostStartHook', 'PostStartHook failed', 'Warning');
  const of = (exitCode: number) =>
    explain(
      scene({ pod: pendingPod({ container: { ...crashed, lastEnd: { ...end, exitCode } } }), events: [failed] }),
    )[0]?.evidence;
  expect(of(143)).toContain('Node: PostStartHook failed');
  // It ended by itself, and took the hook along.
  expect(of(1)).not.toContain('Node: PostStartHook failed');
});
