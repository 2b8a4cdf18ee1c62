import { PassThrough } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { awaitReady } from '../../../../src/operations/ready/await-ready.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { container, event, pendingPod, pod, snapshot } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, summarize, watchOf } from '../fake-world.ts';

const starting = snapshot({ pod: pod({ ready: false, container: container({ state: 'running' }) }) });

/** What each knock meets: a server that greets, one that says nothing, one that hangs up, or none. */
type Door = 'greets' | 'silent' | 'closes' | 'refused';

function wait(
  doors: Door[],
  snapshots: WorkspaceSnapshot[],
  { early = true, signal = NEVER, timeoutMs = 10_000 } = {},
) {
  const streams: PassThrough[] = [];
  const knocks: string[] = [];
  const clock = fakeClock();
  const pauses: number[] = [];
  const { world } = fakeWorld({
    clock: {
      ...clock,
      // What watches looks again each second.
      sleep(ms, aborted) {
        if (ms < 1000) pauses.push(ms);
        return clock.sleep(ms, aborted);
      },
    },
    cluster: {
      watchWorkspace: watchOf(...snapshots),
      async openPodStream(name, port) {
        const door = doors[Math.min(knocks.length, doors.length - 1)];
        knocks.push(`${name}:${port}`);
        if (door === 'refused') throw new Error('connection refused');
        const stream = new PassThrough();
        streams.push(stream);
        if (door === 'greets') stream.write('SSH-2.0-dropbear\r\n');
        if (door === 'closes') stream.end();
        return stream;
      },
    },
  });
  return { streams, knocks, pauses, outcome: run(awaitReady({ workspace: 'dev', timeoutMs, early }, world, signal)) };
}

describe('a server that greets before its pod is called ready', () => {
  it('is enough, and its greeting is still in the stream', async () => {
    const { outcome, streams, knocks } = wait(['greets'], [snapshot({ pod: pendingPod() }), starting]);
    const { result, events } = await outcome;
    expect(result).toMatchObject({ snapshot: starting, endpoint: { pod: 'ws-dev-1', user: 'alice' } });
    expect(result?.stream).toBe(streams[0]);
    expect(result?.stream?.destroyed).toBe(false);
    expect(String(result?.stream?.read())).toBe('SSH-2.0-dropbear\r\n');
    expect(knocks).toHaveLength(1);
    expect(summarize(events)).toEqual(['ready: starting', 'ready: probing']);
  });

  it('is knocked at until it does, whatever it does meanwhile', async () => {
    const { outcome, streams, knocks } = wait(['refused', 'closes', 'refused', 'greets'], [starting]);
    const { result } = await outcome;
    expect(knocks).toHaveLength(4);
    expect(result?.stream).toBe(streams.at(-1));
    expect(streams[0]?.destroyed).toBe(true);
  });

  it('is knocked at from the event of its start on, which comes before the status', async () => {
    const started = { ...event('Pod/ws-dev-1', 'Started', ''), container: 'workspace' };
    const { outcome, knocks } = wait(['greets'], [snapshot({ pod: pendingPod(), events: [started] })]);
    expect((await outcome).result?.stream).toBeDefined();
    expect(knocks).toHaveLength(1);
  });

  it('is knocked at less and less often', async () => {
    const { outcome, pauses } = wait([...Array<Door>(12).fill('refused'), 'greets'], [starting]);
    expect((await outcome).result?.stream).toBeDefined();
    expect(pauses.map(Math.round)).toEqual([20, 30, 45, 68, 101, 152, 228, 342, 500, 500, 500, 500]);
  });

  it('is not knocked at before its container runs, nor by who wants a pod that is ready for everybody', async () => {
    for (const [snapshots, early] of [
      [[snapshot({ pod: pendingPod() }), snapshot()], true],
      [[starting, snapshot()], false],
    ] as const) {
      const { outcome, knocks } = wait(['greets'], [...snapshots], { early });
      expect((await outcome).result?.stream).toBeUndefined();
      expect(knocks).toEqual([]);
    }
  });

  it('is left alone once the pod is ready: no stream stays open', async () => {
    const { outcome, streams } = wait(['silent'], [starting, snapshot()]);
    expect((await outcome).result).toEqual({ snapshot: snapshot(), endpoint: expect.anything() });
    await vi.waitFor(() => expect(streams.every(({ destroyed }) => destroyed)).toBe(true), 120_000);
  });

  it('is no longer knocked at when the wait ends without it', async () => {
    const interrupt = new AbortController();
    for (const ending of [{ timeoutMs: 30 }, { signal: interrupt.signal }]) {
      const { outcome, knocks, streams } = wait(['refused', 'silent'], [starting], ending);
      setTimeout(() => interrupt.abort(), 30);
      expect((await outcome).error).toBeDefined();
      const { length } = knocks;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(knocks).toHaveLength(length);
      expect(streams.every(({ destroyed }) => destroyed)).toBe(true);
    }
  });
});
