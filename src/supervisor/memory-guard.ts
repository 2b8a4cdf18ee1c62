import type { ContainerUse } from './cgroup.ts';
import type { ProcessInfo } from './proc.ts';

/** How often the guard looks. A process must not be able to take the last 8 % in less. */
const PERIOD_MS = 250;

/** How long a victim may take to hand its memory back before the next one is looked for. */
const DYING_MS = 3000;

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
  const guard = new MemoryGuard(options, Date.now);
  const timer = setInterval(() => guard.look(), PERIOD_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** The guard without its clock. */
export class MemoryGuard {
  readonly #options: MemoryGuardOptions;
  readonly #nowMs: () => number;
  #dying: { pid: number; sinceMs: number } | undefined;

  constructor(options: MemoryGuardOptions, nowMs: () => number) {
    this.#options = options;
    this.#nowMs = nowMs;
  }

  /** Kills at most one process, and none while the last victim is still going: its memory is about to come back. */
  look(): void {
    const use = this.#options.readUse();
    if (use.memoryBytes === undefined || use.memoryLimitBytes === undefined) return;
    if (use.memoryBytes < (use.memoryLimitBytes * this.#options.killPercent) / 100) return;
    const processes = this.#options.listProcesses();
    if (this.#isDying(processes)) return;
    const victim = chooseVictim(processes, this.#options.protectedPids);
    if (victim === undefined) return;
    this.#options.kill(victim.pid);
    this.#dying = { pid: victim.pid, sinceMs: this.#nowMs() };
    this.#options.killed(victim, use);
  }

  #isDying(processes: ProcessInfo[]): boolean {
    const dying = this.#dying;
    if (dying === undefined || this.#nowMs() - dying.sinceMs > DYING_MS) return false;
    return processes.some(({ pid }) => pid === dying.pid);
  }
}

/** The largest process that is neither protected nor a session's Dropbear. */
export function chooseVictim(processes: ProcessInfo[], protectedPids: number[]): ProcessInfo | undefined {
  return processes
    .filter((process) => !protectedPids.includes(process.pid) && process.name !== 'dropbear' && process.memoryBytes > 0)
    .toSorted((a, b) => b.memoryBytes - a.memoryBytes)[0];
}
