import type { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AutoForward } from '../../../src/operations/forwards/auto-forward.ts';
import { Carrier } from '../../../src/operations/forwards/carrier.ts';
import { Forwards } from '../../../src/operations/forwards/forwards.ts';
import { advice } from '../../../src/workspace/errors/suggestion.ts';
import { describeEnds } from '../../../src/workspace/forwards/forward.ts';
import type { ProgressEvent } from '../../../src/workspace/state/events.ts';
import type { ListenOptions, LocalListener, SshConnection, World } from '../../../src/workspace/world.ts';

/** A watcher over a workspace that says what the test tells it to; local ports are always free. */
function watch() {
  const asked: { local: number; remote: number }[] = [];
  const open = new Set<number>();
  const listen = async ({ port, target }: ListenOptions): Promise<LocalListener> => {
    const remote = target === 'socks' ? 0 : target.port;
    asked.push({ local: port, remote });
    open.add(remote);
    const close = async () => {
      open.delete(remote);
    };
    return { address: '127.0.0.1', port: port || 40_000, close } as unknown as LocalListener;
  };
  let isPausing = false;
  const pauses: (() => void)[] = [];
  const sleep = () => new Promise<void>((resolve) => (isPausing ? pauses.push(resolve) : resolve()));
  const world = { listeners: { listen }, clock: { nowMs: () => 0, sleep } } as unknown as World;
  let output: Writable | undefined;
  const exec = (terminal: { stdout: Writable }) => {
    output = terminal.stdout;
    return new Promise<number>(() => undefined);
  };
  const events: ProgressEvent[] = [];
  const tell = (event: ProgressEvent) => events.push(event);
  const suggest = () => advice('another one');
  const forwards = new Forwards({ carrier: new Carrier(world.clock, 0), anyFreePort: true, suggest, tell }, world);
  const { signal } = new AbortController();
  const auto = new AutoForward({ forwards, ignored: [9229], tell }, world.clock, signal);
  auto.watch({ exec } as unknown as SshConnection, [2222]);
  return {
    asked,
    open,
    forwards,
    hold: () => {
      isPausing = true;
    },
    release: () => {
      isPausing = false;
      for (const resume of pauses.splice(0)) resume();
    },
    /** The workspace reports these ports; settles when that is taken up. */
    report: async (ports: number[]) => {
      output?.write(
        `ws-ports ${ports.map((port) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`).join(' ')}\n`,
      );
      await new Promise((resolve) => setImmediate(resolve));
    },
    settle: () => auto.close(),
    texts: () =>
      events
        .splice(0)
        .flatMap((event) => (event.type === 'noticed' && event.notice.kind === 'text' ? [event.notice.text] : [])),
  };
}

const many = (count: number, from = 3000) => Array.from({ length: count }, (_, index) => from + index);

describe('ports that are forwarded by themselves', () => {
  it('come and go, but for the server’s and those to be ignored', async () => {
    const { open, forwards, report, settle } = watch();
    await report([3000, 2222, 9229]);
    await settle();
    expect([...open]).toEqual([3000]);
    await report([3001]);
    await settle();
    expect([...open]).toEqual([3001]);
    expect(forwards.list.map(({ info }) => describeEnds(info).remote)).toEqual(['localhost:3001']);
  });

  it('are 64 at most, of which the open ones stay; that there are more is said once', async () => {
    const { open, report, settle, texts } = watch();
    await report([9000]);
    await settle();
    await report([...many(3000), 9000]);
    await settle();
    expect(open.size).toBe(64);
    expect(open.has(9000)).toBe(true);
    await report([...many(2990), 9000]);
    await settle();
    const said = texts();
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('at most 64');
    expect(open.size).toBe(64);
  });

  it('never take a port of this machine below 1024', async () => {
    const { asked, report, settle } = watch();
    await report([1, 22, 80, 443, 1023, 1024, 5432]);
    await settle();
    expect(asked.map(({ local, remote }) => [remote, local])).toEqual([
      [1, 0],
      [22, 0],
      [80, 0],
      [443, 0],
      [1023, 0],
      [1024, 1024],
      [5432, 5432],
    ]);
  });

  it('are taken up at our pace, however fast the workspace reports: only the last report counts', async () => {
    const { asked, open, hold, release, report, settle } = watch();
    hold();
    await report([3000]);
    for (let round = 0; round < 500; round += 1) await report([4000 + round]);
    expect(asked).toHaveLength(1);
    release();
    await settle();
    expect(asked).toHaveLength(2);
    expect([...open]).toEqual([4499]);
  });
});
