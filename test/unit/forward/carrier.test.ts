import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Carrier } from '../../../src/operations/forwards/carrier.ts';
import { failure } from '../../../src/workspace/errors/errors.ts';
import { makeLine, slowClock } from './lines.ts';

const PATIENCE_MS = 30_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] }));
afterEach(() => void vi.useRealTimers());

describe('a carrier', () => {
  it('carries over the connection of the moment, and nothing of it ticks', async () => {
    const { clock, sleeps } = slowClock();
    const carrier = new Carrier(clock, PATIENCE_MS);
    const line = makeLine();
    carrier.take(line.connection);
    expect(await carrier.openChannel('localhost', 3000)).toBe(line.stream);
    expect(line.opened).toEqual(['localhost:3000']);
    expect([sleeps.length, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('has whoever is early wait: with one sleep, which ends with the wait', async () => {
    const { clock, sleeps } = slowClock();
    const carrier = new Carrier(clock, PATIENCE_MS);
    const early = carrier.openChannel('localhost', 3000);
    const line = makeLine();
    await nextTurn();
    expect(sleeps.map(({ ms }) => ms)).toEqual([PATIENCE_MS]);
    carrier.take(line.connection);
    expect(await early).toBe(line.stream);
    expect(sleeps.map(({ isOver }) => isOver)).toEqual([true]);
  });

  it.each([
    ['never was one', [], 'WORKSPACE_NOT_READY'],
    ['was one', [makeLine()], 'CONNECTION_LOST'],
  ])('refuses when patience is over: %s', async (_case, lines, code) => {
    const { clock, sleeps } = slowClock();
    const carrier = new Carrier(clock, PATIENCE_MS);
    for (const line of lines) {
      carrier.take(line.connection);
      line.lose();
      await nextTurn();
    }
    const late = carrier.openChannel('localhost', 3000);
    await nextTurn();
    sleeps[0]?.pass();
    await expect(late).rejects.toMatchObject({ code });
  });

  it('without patience refuses at once', async () => {
    const { clock, sleeps } = slowClock();
    const carrier = new Carrier(clock, 0);
    await expect(carrier.openChannel('localhost', 22)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_READY' });
    expect(sleeps).toEqual([]);
  });

  it('with all patience waits without a timer, until its end', async () => {
    const { clock, sleeps } = slowClock();
    const carrier = new Carrier(clock, Number.POSITIVE_INFINITY);
    const waiting = carrier.openChannel('localhost', 3000);
    await nextTurn();
    expect([sleeps.length, vi.getTimerCount()]).toEqual([0, 0]);
    carrier.end();
    await expect(waiting).rejects.toMatchObject({ code: 'WORKSPACE_NOT_READY' });
    await expect(carrier.openChannel('localhost', 3000)).rejects.toMatchObject({ code: 'WORKSPACE_NOT_READY' });
  });

  it('leaves a connection that was replaced alone: its end takes nothing away', async () => {
    const carrier = new Carrier(slowClock().clock, 0);
    const [old, young] = [makeLine(), makeLine()];
    carrier.take(old.connection);
    carrier.take(young.connection);
    old.lose();
    await nextTurn();
    expect(await carrier.openChannel('localhost', 3000)).toBe(young.stream);
  });

  it('passes on what is wrong with the far end', async () => {
    const carrier = new Carrier(slowClock().clock, PATIENCE_MS);
    const line = makeLine({
      openChannel: async () => {
        throw failure('FORWARD_FAILED', { message: 'refused' });
      },
    });
    carrier.take(line.connection);
    await expect(carrier.openChannel('localhost', 1)).rejects.toMatchObject({ code: 'FORWARD_FAILED' });
  });
});

describe('a switch of connections loses nobody who connects', () => {
  type Moment = (step: { lose(): void; notice(): Promise<void>; take(): void }, connect: () => void) => Promise<void>;
  const moments: [string, Moment][] = [
    [
      'before the loss is known: the channel fails first',
      async ({ lose, notice, take }, connect) => {
        connect();
        await nextTurn();
        lose();
        await notice();
        take();
      },
    ],
    [
      'in the same turn as the loss',
      async ({ lose, notice, take }, connect) => {
        lose();
        connect();
        await notice();
        take();
      },
    ],
    [
      'while there is none',
      async ({ lose, notice, take }, connect) => {
        lose();
        await notice();
        connect();
        await nextTurn();
        take();
      },
    ],
    [
      'in the same turn as the next one',
      async ({ lose, notice, take }, connect) => {
        lose();
        await notice();
        connect();
        take();
      },
    ],
    [
      'when the next one is there before the loss is known',
      async ({ lose, take }, connect) => {
        connect();
        take();
        lose();
      },
    ],
    [
      'after the next one has come',
      async ({ lose, notice, take }, connect) => {
        lose();
        await notice();
        take();
        connect();
      },
    ],
  ];

  it.each(moments)('%s', async (_name, play) => {
    const { clock, sleeps } = slowClock();
    const carrier = new Carrier(clock, PATIENCE_MS);
    const dying = Promise.withResolvers<void>();
    const old = makeLine({
      // As ssh2: a channel that is being opened fails with the connection.
      openChannel: async () => {
        await dying.promise;
        throw failure('CONNECTION_LOST', { message: 'lost' });
      },
    });
    const next = makeLine();
    carrier.take(old.connection);
    let stream: Promise<unknown> | undefined;
    const step = {
      lose: () => {
        dying.resolve();
        old.lose();
      },
      notice: nextTurn,
      take: () => carrier.take(next.connection),
    };
    await play(step, () => {
      stream = carrier.openChannel('localhost', 3000);
    });
    expect(await stream).toBe(next.stream);
    expect(sleeps.every(({ isOver }) => isOver)).toBe(true);
  });

  it('takes one that is lost at once for what it is, and waits on', async () => {
    const carrier = new Carrier(slowClock().clock, PATIENCE_MS);
    const stillborn = makeLine({
      openChannel: async () => {
        throw failure('CONNECTION_LOST', { message: 'lost' });
      },
    });
    const next = makeLine();
    const waiting = carrier.openChannel('localhost', 3000);
    stillborn.lose();
    carrier.take(stillborn.connection);
    await nextTurn();
    carrier.take(next.connection);
    expect(await waiting).toBe(next.stream);
  });
});

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
