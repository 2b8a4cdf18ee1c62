import { describe, expect, it } from 'vitest';
import { awaitReady } from '../../../../src/operations/ready/await-ready.ts';
import { type Surroundings, UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { interrupted, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { spell } from '../../../../src/workspace/errors/spell.ts';
import type { EndingPod, PodSnapshot, PodWants, WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import type { Clock, Cluster } from '../../../../src/workspace/world.ts';
import { saying } from '../../../spelling.ts';
import { claimHome, deployment, endingPod, node, pendingPod, snapshot, waiting } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, summarize, watchOf } from '../fake-world.ts';

const NOTHING: PodWants = {
  requests: {},
  limits: {},
  nodeSelector: {},
  affinity: [],
  tolerations: [],
  pullSecrets: [],
};
const of = (pod: PodSnapshot) => snapshot({ pod });
const pulling = (reason: string, words = 'not found') => of(pendingPod({ container: waiting(reason, words) }));
const full = of(pendingPod({ node: undefined, unschedulable: '0/3 nodes are available: 3 Insufficient cpu.' }));

/** Each for some seconds, the last one until the end. */
function lasting(...snapshots: WorkspaceSnapshot[]): { watchWorkspace: Cluster['watchWorkspace']; clock: Clock } {
  const clock = fakeClock();
  const watchWorkspace: Cluster['watchWorkspace'] = async function* (_name, signal) {
    for (const [index, one] of snapshots.entries()) {
      yield one;
      const untilMs = index === snapshots.length - 1 ? Number.POSITIVE_INFINITY : clock.nowMs() + 10_000;
      while (clock.nowMs() < untilMs && !signal.aborted) await new Promise((resolve) => setImmediate(resolve));
    }
    throw interrupted();
  };
  return { watchWorkspace, clock };
}

function wait(
  watched: Cluster['watchWorkspace'] | ReturnType<typeof lasting>,
  timeoutMs = 10_000,
  signal = NEVER,
  around: Surroundings = UNASKED,
) {
  const { watchWorkspace, clock } =
    typeof watched === 'function' ? { watchWorkspace: watched, clock: fakeClock() } : watched;
  const { world, calls } = fakeWorld({ clock, cluster: { watchWorkspace, lookAround: async () => around } });
  return run(awaitReady({ workspace: 'dev', timeoutMs, early: false }, world, signal)).then((outcome) => ({
    ...outcome,
    clock,
    calls,
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

  it('says trouble that lasts, looks around once for it, and goes on when it passes', async () => {
    const { events, error, calls } = await wait(lasting(full, snapshot()));
    expect(error).toBeUndefined();
    expect(summarize(events)).toEqual(['ready: scheduling', '! trouble', 'ready: pod-ready', '· trouble-passed']);
    expect(events[1]).toMatchObject({ level: 'warning', notice: { code: 'NODE_CPU', reason: 'Unschedulable' } });
    expect(calls.filter((call) => call === 'cluster.lookAround')).toHaveLength(1);
  });

  it('says of told trouble that it has passed once it is not seen for a while, and tells it when it is back', async () => {
    const { events } = await wait(lasting(full, of(pendingPod()), full, of(pendingPod()), snapshot()));
    const told = summarize(events).filter((word) => word.includes('trouble'));
    expect(told).toEqual(['! trouble', '· trouble-passed', '! trouble', '· trouble-passed']);
  });

  describe('that somebody takes down meanwhile', () => {
    const gone = snapshot({ deployment: undefined, pod: undefined, home: claimHome() });
    const watch = (found: WorkspaceSnapshot | undefined, ...snapshots: WorkspaceSnapshot[]) => {
      const { watchWorkspace, clock } = lasting(of(pendingPod()), gone, ...snapshots);
      const cluster = { watchWorkspace, findWorkspace: async () => found };
      const { world } = fakeWorld({ clock, cluster });
      const waiting = awaitReady({ workspace: 'dev', timeoutMs: 10_000, early: false }, world, NEVER);
      return run(waiting).then((outcome) => ({ ...outcome, tookMs: clock.nowMs() }));
    };

    it.each([
      ['its home', gone, 'Its home was kept and can be taken up again'],
      ['nothing', undefined, undefined],
    ])('ends the wait within seconds, and says that there is %s', async (_what, found, reason) => {
      const { error, tookMs } = await watch(found);
      expect(error).toMatchObject({
        code: 'WORKSPACE_MISSING',
        message: 'Workspace dev was taken down meanwhile',
        reason,
        suggestions: [saying('ws up dev'), saying('ws ls')],
      });
      expect(tookMs).toBeLessThan(15_000);
    });

    it('ends within seconds as well where somebody stops it', async () => {
      const scaled = snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined });
      const { watchWorkspace, clock } = lasting(of(pendingPod()), scaled);
      const { world } = fakeWorld({ clock, cluster: { watchWorkspace, findWorkspace: async () => scaled } });
      const { error } = await run(awaitReady({ workspace: 'dev', timeoutMs: 10_000, early: false }, world, NEVER));
      expect(error).toMatchObject({ code: 'WORKSPACE_STOPPED', suggestions: [saying('ws up dev')] });
      expect(clock.nowMs()).toBeLessThan(15_000);
    });

    it('goes on where a second look finds it', async () => {
      const { result } = await watch(snapshot(), snapshot());
      expect(result?.endpoint.pod).toBe('ws-dev-1');
    });

    it('says so to whoever ends the wait, and not that it goes on', async () => {
      const interrupt = new AbortController();
      const watchWorkspace: Cluster['watchWorkspace'] = async function* () {
        yield gone;
        interrupt.abort();
        throw interrupted();
      };
      const { world } = fakeWorld({ clock: fakeClock(), cluster: { watchWorkspace } });
      const wanted = { workspace: 'dev', timeoutMs: 10_000, early: false };
      expect((await run(awaitReady(wanted, world, interrupt.signal))).error).toMatchObject({
        code: 'INTERRUPTED',
        reason: 'Workspace dev is not there any more',
        suggestions: [saying('ws up dev')],
      });
    });
  });

  describe('after a refusal by a quota', () => {
    const wants = { ...NOTHING, requests: { cpu: '100m' }, limits: { cpu: '2' } };
    const failure =
      'pods "x" is forbidden: exceeded quota: q, requested: limits.cpu=2, used: limits.cpu=2, limited: limits.cpu=3';
    const refusedPod = (...endingPods: EndingPod[]) =>
      snapshot({ pod: undefined, endingPods, deployment: deployment({ failure, wants }) });
    const using = (used: string): Surroundings['quotas'] => ({
      kind: 'seen',
      items: [{ name: 'q', isScoped: false, hard: { 'limits.cpu': '3' }, used: { 'limits.cpu': used } }],
    });
    const waitAmid = (quotas: Surroundings['quotas'][], ...snapshots: WorkspaceSnapshot[]) => {
      const looks = [...quotas];
      const { watchWorkspace, clock } = lasting(...snapshots);
      const lookAround = async () => ({
        ...UNASKED,
        quotas: (looks.length > 1 ? looks.shift() : looks[0]) ?? UNASKED.quotas,
      });
      const { world } = fakeWorld({ clock, cluster: { watchWorkspace, lookAround } });
      return run(awaitReady({ workspace: 'dev', timeoutMs: 60_000, early: false }, world, NEVER));
    };
    it('waits for the room that its own ending pod leaves, without a word of trouble', async () => {
      const { events, error } = await waitAmid(
        [using('2'), using('0')],
        refusedPod(endingPod({ wants })),
        refusedPod(),
        of(pendingPod()),
        snapshot(),
      );
      expect(error).toBeUndefined();
      expect(summarize(events).filter((word) => word.includes('trouble'))).toEqual([]);
    });

    it('looks once more before it gives up: room may have come meanwhile', async () => {
      const came = await waitAmid([using('2'), using('0')], refusedPod(), of(pendingPod()), snapshot());
      expect(came.error).toBeUndefined();
      const { error } = await waitAmid([using('2')], refusedPod());
      expect(error).toMatchObject({ code: 'WORKSPACE_FAILED', because: { code: 'QUOTA_CPU' } });
    });

    it('gives up where even that room is too little, and says what others use', async () => {
      const small = { ...wants, limits: { cpu: '500m' } };
      const { error } = await waitAmid([UNASKED.quotas], refusedPod(endingPod({ wants: small })));
      expect(error).toMatchObject({
        code: 'WORKSPACE_FAILED',
        reason: expect.stringContaining('limits.cpu: requested 2, used by others 1500m, limit 3'),
      });
    });
  });

  it('asks for nothing more, and says nothing, where all goes well or trouble is gone in a moment', async () => {
    const healthy = await wait(watchOf(of(pendingPod({ node: undefined })), of(pendingPod()), snapshot()));
    expect(healthy.calls).not.toContain('cluster.lookAround');
    const moment = await wait(watchOf(pulling('ErrImagePull'), snapshot()));
    expect(summarize(moment.events)).not.toContain('! trouble');
  });

  it('says the same trouble once, though Kubernetes has two words for it', async () => {
    const image = 'registry.test/team/ws-workspace:0.2.0';
    const late = (reason: string) => of(pendingPod({ image, container: waiting(reason, 'i/o timeout') }));
    const { events } = await wait(lasting(late('ErrImagePull'), late('ImagePullBackOff'), snapshot()));
    expect(summarize(events).filter((word) => word === '! trouble')).toHaveLength(1);
  });

  it('ends at once where no waiting helps, with what it is known by and what is around', async () => {
    const nodes = { kind: 'seen', items: [node({ images: ['ws-workspace:0.3.0'] })] } as const;
    const { error, clock, events } = await wait(lasting(pulling('ErrImagePull', 'manifest unknown')), 10_000, NEVER, {
      ...UNASKED,
      nodes: { ...nodes, items: [...nodes.items] },
    });
    expect(error).toMatchObject({
      code: 'WORKSPACE_FAILED',
      message: 'Workspace dev cannot start: ErrImagePull',
      reason: expect.stringMatching(/has no 0\.2\.0 of ws-workspace\nNode: manifest unknown/),
      suggestions: [saying('ws up dev --image ws-workspace:0.3.0'), saying('ws status dev')],
      because: { code: 'IMAGE_TAG', evidence: ['Node: manifest unknown'] },
    });
    // Once, as the error.
    expect(summarize(events)).not.toContain('! trouble');
    expect(clock.nowMs()).toBeGreaterThanOrEqual(1500);
    expect(clock.nowMs()).toBeLessThanOrEqual(5000);
  });

  it('says what it could not see, and does not guess', async () => {
    const refused = { kind: 'refused' } as const;
    const { error } = await wait(lasting(full), 300, NEVER, { ...UNASKED, nodes: refused, loads: refused });
    expect(error).toMatchObject({
      code: 'WORKSPACE_NOT_READY',
      reason: expect.stringContaining('the nodes may not be read'),
    });
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

  it('ends at once for a finalizer that nobody takes away', async () => {
    const held = endingPod({ finalizers: ['x.test/y'], isRunning: false });
    const { error, clock } = await wait(watchOf(snapshot({ pod: undefined, endingPods: [held] })));
    expect(error).toMatchObject({
      code: 'WORKSPACE_FAILED',
      reason: expect.stringContaining('x.test/y'),
      suggestions: [saying(/^kubectl patch pod ws-dev-0 /), saying('ws status dev')],
    });
    expect(clock.nowMs()).toBeLessThanOrEqual(5000);
  });

  it.each([
    [waiting('CreateContainerConfigError', 'secret "x" not found'), []],
    [{ ...waiting('CreateContainerConfigError', 'secret "x" not found'), restarts: 1 }, [saying('ws logs dev')]],
  ])('leads to a log only where there is one: %j', async (container, logs) => {
    const { error } = await wait(lasting(of(pendingPod({ container }))));
    const { suggestions = [] } = error as { suggestions?: { words?: string[] }[] };
    expect(error).toMatchObject({ code: 'WORKSPACE_FAILED' });
    expect(suggestions.filter(({ words }) => words?.[0] === 'logs')).toEqual(logs);
  });

  it('waits on for a node, however long, until its own limit, and then says what it waited for', async () => {
    // Two seconds of a busy machine are enough for the twenty of the clock here.
    const { error, clock } = await wait(watchOf(full), 2000);
    expect(clock.nowMs()).toBeGreaterThan(20_000);
    expect(error).toMatchObject({
      code: 'WORKSPACE_NOT_READY',
      message: expect.stringMatching(/^Workspace dev was not ready after \d+ s$/),
      reason: expect.stringMatching(/^There is no room of CPU on all 3 nodes/),
      suggestions: [saying('kubectl describe nodes'), saying('ws status dev'), saying('ws up dev --wait-timeout 30m')],
    });
  });

  it('proposes no longer wait where waiting is useless, though its limit came before that had lasted', async () => {
    // Its clock stands still: no cause has lasted by then.
    const frozen = {
      ...lasting(pulling('ErrImagePull', 'repository does not exist')),
      clock: { ...fakeClock(), nowMs: () => 0 },
    };
    const { error } = await wait(frozen, 50);
    expect(error).toMatchObject({ code: 'WORKSPACE_NOT_READY', because: { code: 'IMAGE_UNPUBLISHED' } });
    const lines = (error as WorkspaceError).suggestions.map((one) => spell(one, { place: {} }).line);
    expect(lines).toContain('ws status dev');
    expect(lines.filter((line) => line.includes('--wait-timeout'))).toEqual([]);
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
