/** The container's own limits and use, from control groups version 2 or 1. Amounts are bytes and seconds. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface ContainerUse {
  cpuSeconds: number | undefined;
  /** Without what the kernel would give back before it kills: cached files, read once or often, and their names. */
  memoryBytes: number | undefined;
  /** Undefined without a limit. */
  memoryLimitBytes: number | undefined;
  /**
   * Of `memoryBytes`: memory that several programs may share, and files in memory, whether a program maps them or not.
   */
  sharedBytes: number;
  /** What the kernel may still move to swap, which nodes seldom have. */
  swapRoomBytes: number;
  /** Processes that the kernel killed for memory in this container. */
  oomKills: number | undefined;
}

/** An unlimited version 1 group shows a number near 2^63. */
const NO_LIMIT = 2 ** 60;

/** Reads the use under `root`, `/sys/fs/cgroup` in a container. What cannot be read is undefined. */
export function readContainerUse(root: string): ContainerUse {
  return existsSync(path.join(root, 'cgroup.controllers')) ? readVersion2(root) : readVersion1(root);
}

function readVersion2(root: string): ContainerUse {
  const cpu = field(root, 'cpu.stat', 'usage_usec');
  const current = number(root, 'memory.current');
  const cache = sum(root, 'memory.stat', ['inactive_file', 'active_file', 'slab_reclaimable']);
  return {
    cpuSeconds: cpu === undefined ? undefined : cpu / 1e6,
    memoryBytes: current === undefined ? undefined : Math.max(0, current - cache),
    memoryLimitBytes: toLimit(number(root, 'memory.max')),
    sharedBytes: sum(root, 'memory.stat', ['shmem']),
    swapRoomBytes: Math.max(0, (number(root, 'memory.swap.max') ?? 0) - (number(root, 'memory.swap.current') ?? 0)),
    oomKills: field(root, 'memory.events', 'oom_kill'),
  };
}

function readVersion1(root: string): ContainerUse {
  const cpu = number(root, 'cpuacct/cpuacct.usage') ?? number(root, 'cpu,cpuacct/cpuacct.usage');
  const current = number(root, 'memory/memory.usage_in_bytes');
  const cache = sum(root, 'memory/memory.stat', ['total_inactive_file', 'total_active_file']);
  return {
    cpuSeconds: cpu === undefined ? undefined : cpu / 1e9,
    memoryBytes: current === undefined ? undefined : Math.max(0, current - cache),
    memoryLimitBytes: toLimit(number(root, 'memory/memory.limit_in_bytes')),
    sharedBytes: sum(root, 'memory/memory.stat', ['total_shmem']),
    swapRoomBytes: 0,
    oomKills: field(root, 'memory/memory.oom_control', 'oom_kill'),
  };
}

function toLimit(bytes: number | undefined): number | undefined {
  return bytes === undefined || bytes >= NO_LIMIT ? undefined : bytes;
}

function read(root: string, file: string): string | undefined {
  try {
    return readFileSync(path.join(root, file), 'latin1');
  } catch {
    return undefined;
  }
}

function number(root: string, file: string): number | undefined {
  const text = read(root, file)?.trim();
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

function sum(root: string, file: string, names: string[]): number {
  const text = read(root, file) ?? '';
  return names.map((name) => find(text, name) ?? 0).reduce((total, value) => total + value, 0);
}

function field(root: string, file: string, name: string): number | undefined {
  return find(read(root, file) ?? '', name);
}

function find(text: string, name: string): number | undefined {
  const match = new RegExp(`^${name} (\\d+)$`, 'm').exec(text);
  return match === null ? undefined : Number(match[1]);
}
