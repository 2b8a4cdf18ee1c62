import { describe, expect, it } from 'vitest';
import { stop } from '../../../src/operations/stop.ts';
import { failure, interrupted } from '../../../src/workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { saying } from '../../spelling.ts';
import { claimHome, deployment, endingPod, snapshot } from '../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, summarize, watchOf } from './fake-world.ts';

const onClaim = snapshot({ home: claimHome() });
const onNothing = snapshot({ home: { kind: 'emptyDir' } });
const scaled = deployment({ replicas: 0 });
const ending = snapshot({ deployment: scaled, pod: undefined, endingPods: [endingPod({ name: 'ws-dev-1' })] });
const gone = snapshot({ deployment: scaled, pod: undefined });

function prepared(watched: WorkspaceSnapshot[], done: 'stopped' | 'already' = 'stopped') {
  const asked: unknown[] = [];
  const scale = {
    stop: async (...[name, until]: [string, string, AbortSignal]) => {
      asked.push([name, until]);
      return done;
    },
    wake: async () => 'stopped' as const,
  };
  return { asked, ...fakeWorld({ clock: fakeClock(), cluster: { scale, watchWorkspace: watchOf(...watched) } }) };
}

const request = { snapshot: onClaim, until: 'up', losesHome: false } as const;

describe('ws stop', () => {
  it('waits until the pod has ended', async () => {
    const { world, asked } = prepared([ending, gone]);
    const { events, result } = await run(stop(request, world, NEVER));
    expect(asked).toEqual([['ws-dev', 'up']]);
    expect(summarize(events)).toEqual(['plan stop', 'stop', 'stop: terminating', 'stop done']);
    expect(result).toEqual({ workspace: 'dev', until: 'up', changed: true });
  });

  it('says when nothing was changed', async () => {
    const { world } = prepared([gone], 'already');
    const { result } = await run(stop({ ...request, until: 'login' }, world, NEVER));
    expect(result).toEqual({ workspace: 'dev', until: 'login', changed: false });
  });

  it('does not wait for a workspace that somebody has started at once', async () => {
    const { world } = prepared([ending, snapshot()]);
    expect((await run(stop(request, world, NEVER))).result).toMatchObject({ changed: true });
  });

  it('refuses to lose a home, unless that was said', async () => {
    const refused = prepared([]);
    const { error } = await run(stop({ ...request, snapshot: onNothing }, refused.world, NEVER));
    expect(error).toMatchObject({
      code: 'HOME_CONFLICT',
      message: expect.stringContaining('would be lost'),
      suggestions: [saying('ws ssh dev -- tar cz . > dev-home.tar.gz'), saying('ws stop dev --home lose')],
    });
    expect(refused.asked).toEqual([]);
    const insisted = prepared([gone]);
    const again = await run(stop({ ...request, snapshot: onNothing, losesHome: true }, insisted.world, NEVER));
    expect(again.result).toMatchObject({ changed: true });
    expect(again.events.at(-1)).toEqual({ type: 'finished', step: 'home', fact: { kind: 'lost' } });
  });

  it('loses nothing where no pod is any more', async () => {
    const { world } = prepared([gone]);
    const without = { ...onNothing, deployment: scaled, pod: undefined };
    expect((await run(stop({ ...request, snapshot: without }, world, NEVER))).result).toMatchObject({ changed: true });
  });

  it('does not promise to lose a home that stays', async () => {
    const { world, asked } = prepared([]);
    const { error } = await run(stop({ ...request, losesHome: true }, world, NEVER));
    expect(error).toMatchObject({ code: 'HOME_CONFLICT', suggestions: [saying('ws stop dev')] });
    expect(asked).toEqual([]);
  });

  it.each([
    ['up', 'Workspace dev is stopped, and its pod goes on ending'],
    ['login', 'Workspace dev is asleep, and its pod goes on ending; a login wakes it'],
  ] as const)('says what is so when Ctrl-C ends the wait for the pod, until %s', async (until, reason) => {
    const scale = { stop: async () => 'stopped' as const, wake: async () => 'stopped' as const };
    const watchWorkspace = () => {
      throw interrupted();
    };
    const { world } = fakeWorld({ clock: fakeClock(), cluster: { scale, watchWorkspace } });
    expect((await run(stop({ ...request, until }, world, NEVER))).error).toMatchObject({ code: 'INTERRUPTED', reason });
  });

  it('ends with what the cluster refuses', async () => {
    const refuse = async () => {
      throw failure('NOT_PERMITTED', { message: 'no' });
    };
    const { world } = fakeWorld({ clock: fakeClock(), cluster: { scale: { stop: refuse, wake: refuse } } });
    expect((await run(stop(request, world, NEVER))).error).toMatchObject({ code: 'NOT_PERMITTED' });
  });
});
