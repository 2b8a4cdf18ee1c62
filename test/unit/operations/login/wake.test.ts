import { describe, expect, it } from 'vitest';
import { forward } from '../../../../src/operations/forward.ts';
import { openProxy } from '../../../../src/operations/proxy.ts';
import { ssh } from '../../../../src/operations/ssh.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import type { Stop } from '../../../../src/workspace/sleep/stop.ts';
import { NEVER_WAKE, type WakeRule } from '../../../../src/workspace/sleep/waking.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import type { Cluster } from '../../../../src/workspace/world.ts';
import { saying } from '../../../spelling.ts';
import { claimHome, deployment, endingPod, pod, snapshot } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, summarize, watchOf } from '../fake-world.ts';
import { LOGIN, reachable } from '../reachable.ts';

const since = '2026-11-29T14:02:00Z';
const stopped = (stop?: Stop, rest: Partial<WorkspaceSnapshot> = {}) =>
  snapshot({ deployment: deployment({ replicas: 0, ...(stop && { stop }) }), pod: undefined, ...rest });
const asleep = stopped({ until: 'login', since, by: 'anna' });
const byPerson = stopped({ until: 'up', since, by: 'anna' });

function prepared(
  found: WorkspaceSnapshot,
  cluster: Partial<Cluster> = {},
  woken: 'woken' | 'running' | 'stopped' = 'woken',
) {
  const reach = reachable();
  const order: string[] = [];
  const watching = watchOf(found, snapshot({ pod: pod({ ready: false }) }), snapshot());
  const fake = fakeWorld({
    ...reach,
    clock: fakeClock(),
    cluster: {
      ...reach.cluster,
      findEndpoint: async () => undefined,
      findWorkspace: async () => found,
      watchWorkspace: watching,
      scale: {
        stop: async () => 'already',
        wake: async (name) => {
          order.push(`wake ${name}`);
          return woken;
        },
      },
      ...cluster,
    },
  });
  return { reach, order, ...fake };
}

const asked = (rule: WakeRule, isPerson = false) => ({
  workspace: 'dev',
  waitTimeoutMs: 5000,
  waking: { rule, isByPerson: () => isPerson },
  connect: LOGIN,
});

describe('a login to a workspace that sleeps', () => {
  it.each([
    ['human', true],
    ['always', false],
  ] as const)('wakes it by the rule %s, and says so', async (rule, isPerson) => {
    const { world, reach, order } = prepared(asleep);
    const { events, result } = await run(ssh(asked(rule, isPerson), world, NEVER));
    expect(order).toEqual(['wake ws-dev']);
    expect(result?.connection).toBe(reach.connection);
    expect(summarize(events)).toContain('· waking');
  });

  it.each([
    ['human', false, 'Only a login at a terminal wakes it'],
    ['never', true, 'is never'],
  ] as const)('wakes nothing by the rule %s where a person is %s', async (rule, isPerson, reason) => {
    const { world, order } = prepared(asleep);
    const { error } = await run(ssh(asked(rule, isPerson), world, NEVER));
    expect(error).toMatchObject({
      code: 'WORKSPACE_STOPPED',
      message: expect.stringMatching(/^Workspace dev has been asleep since .*, by anna$/),
      reason: expect.stringContaining(reason),
      suggestions: [saying('ws up dev'), saying('ws ssh dev --wake always')],
    });
    expect(order).toEqual([]);
  });

  it.each([
    ['a person', byPerson, /^Workspace dev has been stopped since .*, by anna$/],
    ['other hands', stopped(), /^Workspace dev is stopped$/],
  ])('never wakes what %s stopped', async (_who, found, message) => {
    const { world, order } = prepared(found);
    const { error } = await run(ssh(asked('always', true), world, NEVER));
    expect(error).toMatchObject({
      code: 'WORKSPACE_STOPPED',
      message: expect.stringMatching(message),
      suggestions: [saying('ws up dev')],
    });
    expect(order).toEqual([]);
  });

  it.each([
    ['on a claim', claimHome(), [], 'Only ws up starts it again; its home, host key and keys are there'],
    [
      'that was an emptyDir',
      { kind: 'emptyDir' as const },
      [],
      'Only ws up starts it again; its host key and keys are there; its home went with the pod',
    ],
    [
      'that is an emptyDir of a pod that ends',
      { kind: 'emptyDir' as const },
      [endingPod({ name: 'old' })],
      'Only ws up starts it again; its host key and keys are there; its home goes with the pod',
    ],
    [
      'whose claim is being deleted',
      claimHome({ phase: 'Terminating' }),
      [endingPod({ name: 'old' })],
      'Only ws up starts it again; its host key and keys are there; its home goes with the pod',
    ],
    [
      'whose claim is gone',
      { kind: 'missing-claim' as const, name: 'ws-dev-home' },
      [],
      'Only ws up starts it again; its host key and keys are there; its claim ws-dev-home is gone',
    ],
    [
      'whose volume is lost',
      claimHome({ phase: 'Lost' }),
      [],
      'Only ws up starts it again; its host key and keys are there; the volume of its claim ws-dev-home is lost',
    ],
  ])('says what a stopped workspace still has, with a home %s', async (_home, home, endingPods, reason) => {
    const { world } = prepared({ ...byPerson, home, endingPods });
    expect((await run(ssh(asked('always', true), world, NEVER))).error).toMatchObject({ reason });
  });

  it.each([
    ['up', 'Helm did not install it, so only a scale to 1 starts it again; its host key and keys are there; '],
    ['login', 'The rule of --wake'],
    [undefined, 'It was scaled to 0; '],
  ] as const)('names no ws up for what Helm did not install, stopped until %s', async (until, reason) => {
    const stop = until && { stop: { until, since, by: 'anna' } };
    const { world } = prepared(
      snapshot({ deployment: deployment({ replicas: 0, isForeign: true, ...stop }), pod: undefined }),
    );
    const { error } = await run(ssh(asked('never', true), world, NEVER));
    expect(error).toMatchObject({ code: 'WORKSPACE_STOPPED', reason: expect.stringContaining(reason) });
    expect((error as WorkspaceError).suggestions).toEqual([
      saying('kubectl scale deployment/ws-dev --replicas=1'),
      ...(until === 'login' ? [saying('ws ssh dev --wake always')] : []),
    ]);
  });

  it('blames no flag where none was typed', async () => {
    const { world } = prepared(asleep);
    const { error } = await run(ssh({ ...asked('never'), waking: NEVER_WAKE }, world, NEVER));
    expect(error).toMatchObject({ code: 'WORKSPACE_STOPPED', reason: 'What connects by itself wakes nothing' });
  });

  it('gives way to a person who stops it meanwhile', async () => {
    const { world } = prepared(asleep, {}, 'stopped');
    expect((await run(ssh(asked('always'), world, NEVER))).error).toMatchObject({ code: 'WORKSPACE_STOPPED' });
  });

  it('waits for what somebody else has woken', async () => {
    const { world, reach } = prepared(asleep, {}, 'running');
    expect((await run(ssh(asked('always'), world, NEVER))).result?.connection).toBe(reach.connection);
  });

  it('lets its last pod end first: a second one would write to the same home', async () => {
    const still = { ...asleep, endingPods: [endingPod({ name: 'old' })] };
    const seen: string[] = [];
    const { world, order } = prepared(still, {
      async *watchWorkspace() {
        seen.push(`watched after ${order.length} wakes`);
        yield still;
        yield seen.length === 1 ? asleep : snapshot();
      },
    });
    const { error } = await run(ssh(asked('always'), world, NEVER));
    expect(error).toBeUndefined();
    expect(seen).toEqual(['watched after 0 wakes', 'watched after 1 wakes']);
  });

  it('says which right is missing', async () => {
    const wake = async () => {
      throw failure('NOT_PERMITTED', { message: 'no', reason: 'cannot patch resource "deployments"' });
    };
    const { world } = prepared(asleep, { scale: { wake, stop: async () => 'already' } });
    expect((await run(ssh(asked('always'), world, NEVER))).error).toMatchObject({
      code: 'NOT_PERMITTED',
      message: 'Workspace dev is asleep, and you may not wake it',
      reason: 'cannot patch resource "deployments"',
    });
  });

  it('is the same for the bytes of ssh, and for a forward', async () => {
    const proxied = prepared(asleep);
    const told: string[] = [];
    await openProxy(asked('human', true), proxied.world, NEVER, (event) => told.push(...summarize([event])));
    expect(proxied.order).toEqual(['wake ws-dev']);
    expect(told).toContain('· waking');
    const carried = prepared(asleep);
    const request = { mappings: [], auto: undefined, address: '127.0.0.1', anyFreePort: true, ...asked('human', true) };
    const { result } = await run(forward(request, carried.world, NEVER));
    await result?.close();
    expect(carried.order).toEqual(['wake ws-dev']);
  });
});
