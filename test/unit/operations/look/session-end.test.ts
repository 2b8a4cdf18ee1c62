import { describe, expect, it } from 'vitest';
import { findSessionEnd } from '../../../../src/operations/look/session-end.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import type { ContainerSnapshot, WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { container, deployment, endingPod, pod, snapshot } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER } from '../fake-world.ts';

const LOST = undefined;

function find(
  found: (WorkspaceSnapshot | undefined)[],
  { status = LOST, known = 'ws-dev-1', log = [[]] }: { status?: number; known?: string; log?: string[][] } = {},
) {
  const left = [...found];
  const logs = [...log];
  const { world, calls } = fakeWorld({
    clock: fakeClock(),
    cluster: {
      findWorkspace: async () => (left.length > 1 ? left.shift() : left[0]),
      readLog: async function* () {
        const [next = []] = logs.length > 1 ? logs.splice(0, 1) : logs;
        yield* next;
      },
    },
  });
  const session = { workspace: 'dev', pod: known === '' ? undefined : known, status };
  return { end: findSessionEnd(session, world, NEVER), calls };
}

const ending = endingPod({ name: 'ws-dev-1' });

describe('why a session ended', () => {
  it.each<[string, Partial<WorkspaceSnapshot>, object, string | undefined]>([
    ['nothing that the cluster knows', {}, {}, undefined],
    ['nothing, with a status', {}, { status: 143 }, undefined],
    ['its pod ends', { endingPods: [ending] }, { status: 129 }, 'the workspace is stopping, to start again'],
    [
      'a pod ends, and which is not known',
      { endingPods: [ending] },
      { status: 129, known: '' },
      'the workspace is stopping, to start again',
    ],
    ['an older pod ends', { endingPods: [endingPod({ name: 'ws-dev-0' })] }, { status: 129 }, undefined],
    [
      'it is stopped',
      { endingPods: [ending], deployment: deployment({ replicas: 0 }) },
      { status: 129 },
      'the workspace is stopping',
    ],
    ['it was stopped', { pod: undefined, deployment: deployment({ replicas: 0 }) }, {}, 'the workspace is stopped'],
    ['it is taken down', { deployment: undefined }, { status: 129 }, 'the workspace is stopping: it is taken down'],
    ['its pod is gone', { pod: pod({ name: 'ws-dev-2' }) }, {}, 'its pod was deleted, and the workspace starts again'],
    [
      'its pod was evicted',
      { pod: pod({ phase: 'Failed', reason: 'Evicted', message: 'low on memory' }) },
      {},
      'its pod was ended: Evicted, low on memory',
    ],
    [
      'its container ended',
      {
        pod: pod({
          ready: false,
          container: container({ lastEnd: { reason: 'OOMKilled', exitCode: 137, message: undefined } }),
        }),
      },
      {},
      'its container ended (OOMKilled, exit code 137), and starts again',
    ],
    [
      'its container ended some other time',
      {
        pod: pod({
          container: container({ restarts: 1, lastEnd: { reason: 'Error', exitCode: 1, message: undefined } }),
        }),
      },
      {},
      undefined,
    ],
  ])('is told when %s', async (_what, change, options, expected) => {
    expect(await find([snapshot(change)], options).end).toBe(expected);
  });

  it('is waited for a moment after a lost connection, and not after a status', async () => {
    const after = snapshot({ endingPods: [ending] });
    expect(await find([snapshot(), snapshot(), after]).end).toBe('the workspace is stopping, to start again');
    const once = find([snapshot(), after], { status: 143 });
    expect(await once.end).toBeUndefined();
    expect(once.calls).toEqual(['cluster.findWorkspace']);
  });

  it.each<[string, Partial<ContainerSnapshot>[]]>([
    ['before the first look', [{ restarts: 1, startedAt: new Date(1000).toISOString() }]],
    ['between two looks', [{}, { restarts: 1 }]],
  ])('is the end of its container, which was ready again %s', async (_when, seen) => {
    const lastEnd = { reason: 'Error', exitCode: 137, message: undefined };
    const states = seen.map((one) => snapshot({ pod: pod({ container: container({ lastEnd, ...one }) }) }));
    expect(await find(states).end).toBe('its container ended (Error, exit code 137), and starts again');
  });

  const kill = (time: string) =>
    JSON.stringify({
      level: 'error',
      time,
      process: 'node',
      pid: 7,
      processBytes: 200 * 2 ** 20,
      event: 'memory.killed',
    });

  it("is the memory guard's last kill just now, by the server's log", async () => {
    const [now, before] = [new Date(0).toISOString(), new Date(-3_600_000).toISOString()];
    const expected = 'the workspace was out of memory, and its memory guard ended node (process 7, 200 MiB)';
    expect(await find([snapshot()], { status: 137, log: [['no JSON', kill(before), kill(now)]] }).end).toBe(expected);
    expect(await find([snapshot()], { status: 137, log: [[kill(before)]] }).end).toBeUndefined();
    expect(find([snapshot()], { status: 143, log: [[kill(now)]] }).calls).not.toContain('cluster.readLog');
  });

  it('is looked for again after a kill: the log has its line a moment later', async () => {
    const late = [[], [], [kill(new Date(0).toISOString())]];
    expect(await find([snapshot()], { status: 137, log: late }).end).toMatch(/out of memory/);
    const never = find([snapshot()], { status: 137 });
    expect(await never.end).toBeUndefined();
    expect(never.calls.filter((call) => call === 'cluster.readLog')).toHaveLength(8);
  });

  it('is still found where looks before it failed, and where a line of the log was cut', async () => {
    const line = kill(new Date(0).toISOString());
    const cut = [[line.slice(0, -5)], [line]];
    expect(await find([snapshot()], { status: 137, log: cut }).end).toMatch(/out of memory/);
    let looks = 0;
    const { world } = fakeWorld({
      clock: fakeClock(),
      cluster: {
        findWorkspace: async () => {
          looks += 1;
          if (looks < 4) throw failure('CLUSTER_UNREACHABLE', { message: 'no answer' });
          return snapshot({ endingPods: [ending] });
        },
      },
    });
    const session = { workspace: 'dev', pod: 'ws-dev-1', status: undefined };
    expect(await findSessionEnd(session, world, NEVER)).toMatch(/the workspace is stopping/);
  });

  it('is nothing where it may not be asked, and nobody asks again', async () => {
    const { world, calls } = fakeWorld({
      clock: fakeClock(),
      cluster: {
        findWorkspace: async () => {
          throw failure('NOT_PERMITTED', { message: 'no' });
        },
      },
    });
    const session = { workspace: 'dev', pod: undefined, status: undefined };
    expect(await findSessionEnd(session, world, NEVER)).toBeUndefined();
    expect(calls).toEqual(['cluster.findWorkspace']);
  });
});
