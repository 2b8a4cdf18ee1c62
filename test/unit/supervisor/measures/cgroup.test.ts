import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readContainerUse } from '../../../../src/supervisor/measures/cgroup.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'cgroup-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
}

describe('readContainerUse', () => {
  it('F7C8-METRICS: reads version 2', () => {
    write({
      'cgroup.controllers': 'cpu memory pids\n',
      'cpu.stat': 'usage_usec 2500000\nuser_usec 1\nsystem_usec 2\n',
      'memory.current': '104857600\n',
      'memory.max': '536870912\n',
      'memory.swap.max': '4096\n',
      'memory.swap.current': '1024\n',
      'memory.stat': 'anon 1\nshmem 4000\nactive_file 2000000\ninactive_file 2000000\nslab_reclaimable 857600\n',
      'memory.events': 'low 0\nhigh 0\nmax 7\noom 3\noom_kill 2\noom_group_kill 1\n',
    });
    expect(readContainerUse(root)).toEqual({
      cpuSeconds: 2.5,
      memoryBytes: 100_000_000,
      memoryLimitBytes: 536_870_912,
      sharedBytes: 4000,
      swapRoomBytes: 3072,
      oomKills: 2,
    });
  });

  it('F7C8-METRICS: reads version 1', () => {
    write({
      'cpuacct/cpuacct.usage': '3000000000\n',
      'memory/memory.usage_in_bytes': '104857600\n',
      'memory/memory.limit_in_bytes': '536870912\n',
      'memory/memory.stat':
        'inactive_file 1\ntotal_shmem 4000\ntotal_inactive_file 2857600\ntotal_active_file 2000000\n',
      'memory/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
    });
    expect(readContainerUse(root)).toEqual({
      cpuSeconds: 3,
      memoryBytes: 100_000_000,
      memoryLimitBytes: 536_870_912,
      sharedBytes: 4000,
      swapRoomBytes: 0,
      oomKills: 1,
    });
  });

  it('finds the joined controller folder of version 1', () => {
    write({ 'cpu,cpuacct/cpuacct.usage': '1000000000\n' });
    expect(readContainerUse(root).cpuSeconds).toBe(1);
  });

  it.each([
    ['version 2', { 'cgroup.controllers': '', 'memory.max': 'max\n' }],
    ['version 1', { 'memory/memory.limit_in_bytes': '9223372036854771712\n' }],
  ])('takes no limit of %s for none', (_version, files) => {
    write(files);
    expect(readContainerUse(root).memoryLimitBytes).toBeUndefined();
  });

  it('leaves out what it cannot read', () => {
    expect(readContainerUse(root)).toEqual({
      cpuSeconds: undefined,
      memoryBytes: undefined,
      memoryLimitBytes: undefined,
      sharedBytes: 0,
      swapRoomBytes: 0,
      oomKills: undefined,
    });
  });
});
