import type { ContainerUse } from './cgroup.ts';
import type { ProcessInfo } from './proc.ts';

/** How often the guard looks. A process must not be able to take the last 8 % in less. */
const PERIOD_MS = 250;

export interface MemoryGuardOptions {
  /** Of the limit. 0 keeps the guard off. */
  killPercent: number;
  readUse(): ContainerUse;
  listProcesses(): ProcessInfo[];
  /** The supervisor's own tree roots: never a victim. */
  protectedPids: number[];
  kill(pid: number): void;
  /** Told after a kill. */
  killed(victim: ProcessInfo, use: ContainerUse): void;
}

/**
 * Ends the largest process before the kernel does: its OOM killer takes the whole container (memory.oom.group), and all
 * sessions with it. Returns a function that stops the guard.
 */
export function startMemoryGuard(options: MemoryGuardOptions): () => void {
  if (options.killPercent === 0) return () => undefined;
  const timer = setInterval(() => guard(options), PERIOD_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** One look: kills at most one process. */
export function guard(options: MemoryGuardOptions): void {
  const use = options.readUse();
  if (use.memoryBytes === undefined || use.memoryLimitBytes === undefined) return;
  if (use.memoryBytes < (use.memoryLimitBytes * options.killPercent) / 100) return;
  const victim = chooseVictim(options.listProcesses(), options.protectedPids);
  if (victim === undefined) return;
  options.kill(victim.pid);
  options.killed(victim, use);
}

/** The largest process that is neither protected nor a session's Dropbear. */
export function chooseVictim(processes: ProcessInfo[], protectedPids: number[]): ProcessInfo | undefined {
  return processes
    .filter((process) => !protectedPids.includes(process.pid) && process.name !== 'dropbear' && process.memoryBytes > 0)
    .toSorted((a, b) => b.memoryBytes - a.memoryBytes)[0];
}
