import { describe, expect, it } from 'vitest';
import type { ContainerUse } from '../../../src/supervisor/cgroup.ts';
import { chooseVictim, MemoryGuard } from '../../../src/supervisor/memory-guard.ts';
import type { ProcessInfo } from '../../../src/supervisor/proc.ts';

const process = (pid: number, name: string, memoryBytes: number): ProcessInfo => ({
  pid,
  parent: 1,
  name,
  memoryBytes,
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
  };
  const readUse = (): ContainerUse => {
    const percent = usedPercent();
    if (percent === undefined) return { cpuSeconds: 0, oomKills: 0, memoryBytes: 1, memoryLimitBytes: undefined };
    return { cpuSeconds: 0, oomKills: 0, memoryBytes: (percent / 100) * LIMIT, memoryLimitBytes: LIMIT };
  };
  const guard = new MemoryGuard(
    {
      killPercent: 92,
      readUse,
      listProcesses: () => world.processes,
      protectedPids: [1, 7],
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

describe('chooseVictim', () => {
  it('takes the largest process that is neither the server nor a connection', () => {
    expect(chooseVictim(TREE, [1, 7])?.pid).toBe(31);
  });

  it('finds none where only the server is left', () => {
    expect(chooseVictim(TREE.slice(0, 3), [1, 7])).toBeUndefined();
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
    [95, 5],
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
    expect(world.killed).toEqual([31, 31]);
  });
});
