import { describe, expect, it } from 'vitest';
import { awaitReady } from '../../../../src/operations/ready/await-ready.ts';
import type { PodSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import type { Cluster } from '../../../../src/workspace/world.ts';
import { saying } from '../../../spelling.ts';
import { endingPod, pendingPod, snapshot, waiting } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, summarize, watchOf } from '../fake-world.ts';

const of = (pod: PodSnapshot) => snapshot({ pod });
const pulling = (reason: string) => of(pendingPod({ container: waiting(reason, 'not found') }));
const full = of(pendingPod({ node: undefined, unschedulable: '3 Insufficient cpu.' }));

function wait(watchWorkspace: Cluster['watchWorkspace'], timeoutMs = 10_000, signal = NEVER) {
  const clock = fakeClock();
  const { world } = fakeWorld({ clock, cluster: { watchWorkspace } });
  return run(awaitReady({ workspace: 'dev', timeoutMs, early: false }, world, signal)).then((outcome) => ({
    ...outcome,
    clock,
  }));
}

describe('waiting for a workspace', () => {
  it('says each change once and ends with the ready pod', async () => {
    const { events, result } = await wait(
      watchOf(of(pendingPod({ node: undefined })), of(pendingPod({ node: undefined })), of(pendingPod()), snapshot()),
    );
    expect(summarize(events)).toEqual(['ready: scheduling', 'ready: starting', 'ready: pod-ready']);
    expect(result?.endpoint.pod).toBe('ws-dev-1');
  });

  it('says trouble at once, and goes on when it passes', async () => {
    const { events, error } = await wait(watchOf(pulling('ErrImagePull'), snapshot()));
    expect(error).toBeUndefined();
    expect(summarize(events).slice(0, 2)).toEqual(['ready: starting', '! trouble']);
    expect(events[1]).toMatchObject({ level: 'warning', notice: { reason: 'ErrImagePull' } });
  });

  it('says the same trouble once, though Kubernetes has two words for it', async () => {
    const { events } = await wait(
      watchOf(pulling('ErrImagePull'), pulling('ImagePullBackOff'), pulling('ErrImagePull'), snapshot()),
    );
    expect(summarize(events).filter((word) => word === '! trouble')).toHaveLength(1);
  });

  it('ends after 20 seconds of trouble that no waiting mends, though nothing changes any more', async () => {
    const { error, clock } = await wait(watchOf(pulling('ErrImagePull'), pulling('ImagePullBackOff')));
    expect(error).toMatchObject({
      code: 'WORKSPACE_FAILED',
      message: 'Workspace dev cannot start: ImagePullBackOff',
      reason: expect.stringMatching(/not found/),
      suggestions: [saying(/--image/), saying('ws status dev'), saying('ws logs dev')],
    });
    expect(clock.nowMs()).toBeGreaterThanOrEqual(20_000);
    expect(clock.nowMs()).toBeLessThan(25_000);
  });

  it('says which pod has been ending for too long, by the clock of this machine alone', async () => {
    const stuck = snapshot({ pod: undefined, endingPods: [endingPod({ since: '2000-01-01T00:00:00Z' })] });
    const { events, error } = await wait(watchOf(stuck, stuck), 300);
    expect(events.at(-1)).toMatchObject({
      notice: { reason: 'PodTerminating', message: expect.stringContaining('should have ended after 30 s') },
    });
    expect(error).toMatchObject({ code: 'WORKSPACE_NOT_READY', reason: expect.stringContaining('ws-dev-0') });
    const { events: quick } = await wait(watchOf(stuck, snapshot()));
    expect(summarize(quick)).toEqual(['ready: terminating', 'ready: pod-ready']);
  });

  it('ends after 20 seconds of a finalizer that nobody takes away', async () => {
    const held = endingPod({ finalizers: ['x.test/y'], isRunning: false });
    const { error } = await wait(watchOf(snapshot({ pod: undefined, endingPods: [held] })));
    expect(error).toMatchObject({
      code: 'WORKSPACE_FAILED',
      reason: expect.stringContaining('x.test/y'),
      suggestions: [saying(/^kubectl patch pod ws-dev-0 /), saying('ws status dev'), saying('ws logs dev')],
    });
  });

  it('counts the patience anew after a time without trouble', async () => {
    let step = 0;
    const { world } = fakeWorld({
      clock: {
        // Each look at the clock is five seconds later.
        nowMs: () => (step += 5000),
        sleep: () => new Promise(() => undefined),
      },
      cluster: {
        watchWorkspace: watchOf(
          pulling('ErrImagePull'),
          of(pendingPod()),
          pulling('ErrImagePull'),
          of(pendingPod()),
          pulling('ErrImagePull'),
          snapshot(),
        ),
      },
    });
    expect(
      (await run(awaitReady({ workspace: 'dev', timeoutMs: 10_000, early: false }, world, NEVER))).error,
    ).toBeUndefined();
  });

  it('waits on for a node, however long, until its own limit, and then says what it waited for', async () => {
    const { error, clock } = await wait(watchOf(full), 300);
    expect(clock.nowMs()).toBeGreaterThan(20_000);
    expect(error).toMatchObject({
      code: 'WORKSPACE_NOT_READY',
      message: expect.stringMatching(/^Workspace dev was not ready after \d+ s$/),
      reason: 'No node takes the pod: 3 Insufficient cpu.',
      suggestions: [saying(/--cpu/), saying('ws status dev'), saying('ws up dev --wait-timeout 30m')],
    });
  });

  it('ends at its limit though the cluster never says a word', async () => {
    expect((await wait(watchOf(), 50)).error).toMatchObject({ code: 'WORKSPACE_NOT_READY' });
  });

  it('ends with Ctrl-C as an interruption, not as a workspace that is not ready', async () => {
    const interrupt = new AbortController();
    const waitingFor = wait(watchOf(full), 10_000, interrupt.signal);
    await new Promise((resolve) => setTimeout(resolve, 30));
    interrupt.abort();
    expect((await waitingFor).error).toMatchObject({ code: 'INTERRUPTED' });
  });

  it('passes on why the cluster can no longer be watched', async () => {
    const broken: Cluster['watchWorkspace'] = async function* () {
      yield full;
      throw new Error('gone');
    };
    expect((await wait(broken)).error).toMatchObject({ message: 'gone' });
  });
});
