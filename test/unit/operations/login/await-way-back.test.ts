import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { awaitWayBack, mayComeBack } from '../../../../src/operations/login/await-way-back.ts';
import { failure, WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { type Endpoint, toEndpoint } from '../../../../src/workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../../../src/workspace/state/events.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER } from '../fake-world.ts';

const endpoint = toEndpoint(snapshot()) as Endpoint;
const refused = (reason: string) => failure('CONNECTION_FAILED', { message: 'No stream opens', reason });

/** A pod whose way is closed for so long; `hangsUp` opens streams that end without a greeting meanwhile. */
function node({ backAfterMs, hangsUp = false }: { backAfterMs: number; hangsUp?: boolean }) {
  const clock = fakeClock();
  const begunMs = clock.nowMs();
  const streams: PassThrough[] = [];
  const { world } = fakeWorld({
    clock,
    cluster: {
      async openPodStream() {
        const isBack = clock.nowMs() - begunMs >= backAfterMs;
        if (!isBack && !hangsUp) throw refused('connection refused');
        const stream = new PassThrough();
        streams.push(stream);
        if (isBack) stream.write('SSH-2.0-server\r\n');
        else stream.destroy();
        return stream;
      },
    },
  });
  return { world, streams };
}

async function wait(world: Parameters<typeof awaitWayBack>[2], signal = NEVER) {
  const events: ProgressEvent[] = [];
  const waiting = awaitWayBack(endpoint, refused('pod does not exist'), world, signal);
  for (;;) {
    const next = await waiting.next();
    if (next.done === true) return { stream: next.value, events };
    events.push(next.value);
  }
}

describe('a way to a pod that is closed for a moment', () => {
  it('is waited for without a word where it is back at once', async () => {
    const { world, streams } = node({ backAfterMs: 500 });
    const { stream, events } = await wait(world);
    expect(stream).toBe(streams.at(-1));
    expect(String(stream.read())).toBe('SSH-2.0-server\r\n');
    expect(events).toEqual([]);
  });

  it.each([false, true])('is told once where it takes longer (hangs up: %s)', async (hangsUp) => {
    const { world, streams } = node({ backAfterMs: 5000, hangsUp });
    const { events } = await wait(world);
    const reason = hangsUp ? 'pod does not exist' : 'connection refused';
    const notice = { kind: 'way-closed', pod: endpoint.pod, reason, forMs: 10_000 };
    expect(events).toEqual([{ type: 'noticed', level: 'warning', notice }]);
    expect(streams.slice(0, -1).every(({ destroyed }) => destroyed)).toBe(true);
  });

  it('ends with the last reason where it stays closed', async () => {
    const { world } = node({ backAfterMs: Number.POSITIVE_INFINITY });
    await expect(wait(world)).rejects.toMatchObject({ code: 'CONNECTION_FAILED', reason: 'connection refused' });
  });

  it('ends at once where something else is wrong, and where somebody ends it', async () => {
    const forbidden = failure('NOT_PERMITTED', { message: 'no' });
    const openPodStream = async () => {
      throw forbidden;
    };
    const { world } = fakeWorld({ clock: fakeClock(), cluster: { openPodStream } });
    await expect(wait(world)).rejects.toBe(forbidden);
    const never = node({ backAfterMs: 0 });
    const error = await wait(never.world, AbortSignal.abort()).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(WorkspaceError);
    expect(never.streams).toEqual([]);
  });

  it('is no such way where the next try would end in the same', () => {
    const fail = (isLasting: boolean) => failure('CONNECTION_FAILED', { message: 'No stream opens', isLasting });
    expect([mayComeBack(fail(true)), mayComeBack(fail(false))]).toEqual([false, true]);
  });
});
