import { describe, expect, it } from 'vitest';
import type { ContainerUse } from '../../../../src/supervisor/measures/cgroup.ts';
import { chooseVictims, MemoryGuard } from '../../../../src/supervisor/measures/memory-guard.ts';
import type { ProcessInfo } from '../../../../src/supervisor/measures/proc.ts';

const process = (pid: number, name: string, memoryBytes: number, sharedBytes = 0): ProcessInfo => ({
  pid,
  parent: 1,
  name,
  memoryBytes,
  sharedBytes,
  ignoresHangUp: false,
});
const LIMIT = 512 * 2 ** 20;
const MEBIBYTE = 2 ** 20;
const TREE = [
  process(1, 'tini', MEBIBYTE),
  process(7, 'node', 250 * MEBIBYTE),
  process(20, 'dropbear', 240 * MEBIBYTE),
  process(30, 'bash', 2 * MEBIBYTE),
  process(31, 'cc1plus', 230 * MEBIBYTE),
  process(32, 'node', 220 * MEBIBYTE),
  process(33, 'kworker', 0),
];

function watch(usedPercent: () => number | undefined) {
  const world = {
    nowMs: 0,
    processes: TREE,
    killed: [] as number[],
    told: 0,
    refuse: undefined as Error | undefined,
    sharedBytes: 0,
    swapRoomBytes: 0,
  };
  const readUse = (): ContainerUse => {
    const percent = usedPercent();
    const { sharedBytes, swapRoomBytes } = world;
    const rest = { cpuSeconds: 0, oomKills: 0, sharedBytes, swapRoomBytes };
    if (percent === undefined) return { ...rest, memoryBytes: 1, memoryLimitBytes: undefined };
    return { ...rest, memoryBytes: (percent / 100) * LIMIT, memoryLimitBytes: LIMIT };
  };
  const guard = new MemoryGuard(
    {
      killPercent: 92,
      readUse,
      listProcesses: () => world.processes,
      protectedPids: () => [1, 7, 20],
      kill: (pid) => {
        if (world.refuse !== undefined) throw world.refuse;
        world.killed.push(pid);
      },
      killed: () => {
        world.told += 1;
      },
    },
    () => world.nowMs,
  );
  return { guard, world };
}

describe('chooseVictims', () => {
  it('takes the largest process that is neither the server nor a connection, and that has anything', () => {
    expect(chooseVictims(TREE, [1, 7, 20]).map(({ pid }) => pid)).toEqual([31, 32, 30]);
  });

  it('does not spare what only has the name of a connection', () => {
    expect(chooseVictims(TREE, [1, 7])[0]).toMatchObject({ pid: 20, name: 'dropbear' });
  });

  it('finds none where only the server is left', () => {
    expect(chooseVictims(TREE.slice(0, 3), [1, 7, 20])).toEqual([]);
  });
});

describe('MemoryGuard', () => {
  it('does nothing below the share of the limit, or without a limit', () => {
    for (const percent of [91, undefined]) {
      const { guard, world } = watch(() => percent);
      guard.look();
      expect(world.killed).toEqual([]);
    }
  });

  it.each([
    [undefined, 250],
    [10, 205],
    [50, 105],
    [90, 5],
    [95, 20],
  ])('at %s percent of 512 MiB it looks again after %s ms', (percent, delayMs) => {
    expect(watch(() => percent).guard.look()).toBe(delayMs);
  });

  it('is never outrun by a program that takes 1.5 GiB a second', () => {
    let usedMs = 0;
    const { guard, world } = watch(() => (usedMs * 1.5 * 2 ** 30) / 1000 / (LIMIT / 100));
    while (world.killed.length === 0) usedMs += guard.look();
    expect((usedMs * 1.5 * 2 ** 30) / 1000).toBeLessThan(LIMIT);
  });

  it('kills one process, and no other while that one is still going', () => {
    const { guard, world } = watch(() => 95);
    guard.look();
    guard.look();
    expect(world.killed).toEqual([31]);
    // Gone, and still too much: the next one.
    world.processes = TREE.filter(({ pid }) => pid !== 31);
    guard.look();
    expect(world.killed).toEqual([31, 32]);
  });

  it('kills nobody for what no process holds', () => {
    const { guard, world } = watch(() => 95);
    // The kernel has just taken the largest one, whose memory is still charged.
    world.processes = [process(7, 'node', 60 * MEBIBYTE), process(32, 'node', 200 * MEBIBYTE)];
    guard.look();
    expect(world.killed).toEqual([]);
  });

  it('survives a victim that ended by itself', () => {
    const { guard, world } = watch(() => 95);
    world.refuse = new Error('ESRCH');
    guard.look();
    expect(world.told).toBe(0);
    world.refuse = undefined;
    guard.look();
    expect(world).toMatchObject({ killed: [31], told: 1 });
  });

  it('does not wait for ever for one that will not go', () => {
    const { guard, world } = watch(() => 95);
    guard.look();
    world.nowMs = 3001;
    guard.look();
    expect(world.killed).toEqual([31, 32]);
  });

  it('takes one that has handed its memory back as gone, though its parent has not asked for it', () => {
    const { guard, world } = watch(() => 95);
    guard.look();
    world.processes = TREE.map((one) => (one.pid === 31 ? process(31, 'cc1plus', 0) : one));
    guard.look();
    expect(world.killed).toEqual([31, 32]);
  });

  it('looks no more often than ever when there is nothing to end', () => {
    const { guard, world } = watch(() => 95);
    world.processes = [process(7, 'node', 60 * MEBIBYTE)];
    expect(guard.look()).toBe(250);
    world.processes = TREE;
    world.refuse = new Error('ESRCH');
    expect(guard.look()).toBe(250);
  });

  it('survives that no process can be listed', () => {
    const { guard, world } = watch(() => 95);
    Object.defineProperty(world, 'processes', {
      get: () => {
        throw new Error('EMFILE');
      },
    });
    expect(guard.look()).toBe(250);
  });

  it('ends whoever fills the memory with what can be shared', () => {
    const { guard, world } = watch(() => 95);
    world.sharedBytes = 470 * MEBIBYTE;
    world.processes = [process(30, 'bash', 2 * MEBIBYTE), process(40, 'java', 472 * MEBIBYTE, 470 * MEBIBYTE)];
    guard.look();
    expect(world.killed).toEqual([40]);
  });

  it('counts once what many share', () => {
    const { guard, world } = watch(() => 95);
    // Eight that map the same 100 MiB: the rest is being taken apart, and to end them would not help.
    world.sharedBytes = 100 * MEBIBYTE;
    world.processes = Array.from({ length: 8 }, (_, at) =>
      process(40 + at, 'postgres', 101 * MEBIBYTE, 100 * MEBIBYTE),
    );
    guard.look();
    expect(world.killed).toEqual([]);
  });

  it('ends nobody for files in memory, and the largest beside them', () => {
    const { guard, world } = watch(() => 95);
    world.sharedBytes = 450 * MEBIBYTE;
    world.processes = [process(30, 'bash', 2 * MEBIBYTE), process(31, 'cc1plus', 30 * MEBIBYTE)];
    expect(guard.look()).toBe(250);
    expect(world.killed).toEqual([]);
    world.sharedBytes = 200 * MEBIBYTE;
    world.processes = [process(30, 'bash', 2 * MEBIBYTE), process(31, 'cc1plus', 280 * MEBIBYTE)];
    guard.look();
    expect(world.killed).toEqual([31]);
  });

  it('ends nobody while there is room in swap', () => {
    const { guard, world } = watch(() => 95);
    world.swapRoomBytes = 200 * MEBIBYTE;
    guard.look();
    expect(world.killed).toEqual([]);
  });
});
