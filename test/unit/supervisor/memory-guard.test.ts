import { describe, expect, it } from 'vitest';
import type { ContainerUse } from '../../../src/supervisor/cgroup.ts';
import { chooseVictim, MemoryGuard } from '../../../src/supervisor/memory-guard.ts';
import type { ProcessInfo } from '../../../src/supervisor/proc.ts';

const process = (pid: number, name: string, memoryBytes: number): ProcessInfo => ({
  pid,
  parent: 1,
  name,
  memoryBytes,
});
const TREE = [
  process(1, 'tini', 1),
  process(7, 'node', 900),
  process(20, 'dropbear', 800),
  process(30, 'bash', 10),
  process(31, 'cc1plus', 500),
  process(32, 'node', 400),
  process(33, 'kworker', 0),
];

function watch(usedPercent: () => number | undefined) {
  const world = { nowMs: 0, processes: TREE, killed: [] as number[] };
  const readUse = (): ContainerUse => {
    const memoryBytes = usedPercent();
    return { cpuSeconds: 0, oomKills: 0, memoryBytes, memoryLimitBytes: memoryBytes === undefined ? undefined : 100 };
  };
  const guard = new MemoryGuard(
    {
      killPercent: 92,
      readUse,
      listProcesses: () => world.processes,
      protectedPids: [1, 7],
      kill: (pid) => world.killed.push(pid),
      killed: () => undefined,
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

  it('does not wait for ever for one that will not go', () => {
    const { guard, world } = watch(() => 95);
    guard.look();
    world.nowMs = 3001;
    guard.look();
    expect(world.killed).toEqual([31, 31]);
  });
});
