import { describe, expect, it } from 'vitest';
import { keep } from '../../../src/operations/keep.ts';
import { neverWake } from '../../../src/workspace/sleep/waking.ts';
import { toEndpoint } from '../../../src/workspace/state/endpoint.ts';
import { saying } from '../../spelling.ts';
import { claimHome, deployment, snapshot } from '../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, watchOf } from './fake-world.ts';
import { LOGIN, reachable } from './reachable.ts';

/** What comes of two hours where the workspace answers so, and what was run there. */
async function hold(status: number, stderr = '', found = snapshot()) {
  const reach = reachable();
  const commands: string[] = [];
  Object.assign(reach.connection, {
    run: async (command: string) => {
      commands.push(command);
      return { status, stdout: '', stderr };
    },
  });
  const cluster = {
    ...reach.cluster,
    findEndpoint: async () => toEndpoint(found),
    findWorkspace: async () => found,
    watchWorkspace: watchOf(found),
  };
  const { world } = fakeWorld({ ...reach, clock: fakeClock(), cluster });
  const request = {
    workspace: 'dev',
    waitTimeoutMs: 5000,
    waking: neverWake('ws keep starts nothing'),
    connect: LOGIN,
    seconds: 7200,
    time: '2h',
  };
  const { result, error } = await run(keep(request, world, NEVER));
  return { result, error, commands, isClosed: reach.connection.isClosed };
}

describe('ws keep', () => {
  it('tells the workspace for how long, in seconds, and leaves', async () => {
    expect(await hold(0)).toEqual({
      result: { workspace: 'dev', seconds: 7200 },
      error: undefined,
      commands: ['ws-keep --for 7200'],
      isClosed: true,
    });
  });

  it.each([
    ['asleep', 'login', 'ws keep starts nothing'],
    ['stopped', 'up', 'Only ws up starts it again; its home, host key and keys are there'],
  ] as const)('says how to start what is %s, and how to hold it then', async (_state, until, reason) => {
    const stop = { until, since: undefined, by: undefined };
    const found = snapshot({ deployment: deployment({ replicas: 0, stop }), pod: undefined, home: claimHome() });
    expect((await hold(0, '', found)).error).toMatchObject({
      code: 'WORKSPACE_STOPPED',
      reason,
      suggestions: [saying('ws up dev --no-shell'), saying('ws keep dev 2h')],
    });
  });

  it.each(['login', 'up'] as const)('starts nothing with ws up that Helm did not install: %s', async (until) => {
    const stop = { until, since: undefined, by: undefined };
    const found = snapshot({ deployment: deployment({ replicas: 0, stop, isForeign: true }), pod: undefined });
    expect((await hold(0, '', found)).error).toMatchObject({
      code: 'WORKSPACE_STOPPED',
      suggestions: [saying('kubectl scale deployment/ws-dev --replicas=1'), saying('ws keep dev 2h')],
    });
  });

  it('says that the image is older, or what was wrong there', async () => {
    const older = await hold(127, 'sh: 1: ws-keep: not found');
    expect(older).toMatchObject({ result: undefined, isClosed: true });
    expect(older.error).toMatchObject({
      code: 'WORKSPACE_FAILED',
      reason: 'Its image is older and has no ws-keep',
      suggestions: [saying('ws up dev --image IMAGE')],
    });
    const full = await hold(1, 'No space left on device\n');
    expect(full.error).toMatchObject({ code: 'WORKSPACE_FAILED', reason: 'No space left on device' });
  });
});
