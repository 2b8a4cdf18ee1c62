import type { ContainerUse } from './cgroup.ts';
import type { ProcessInfo } from './proc.ts';

/** The longest and the shortest time between two looks. */
const LONGEST_MS = 250;
const SHORTEST_MS = 5;

/** What one program takes at most; measured: 1.5 GiB a second. The next look comes before it could have filled the room. */
const FASTEST_BYTES_PER_MS = (2 * 2 ** 30) / 1000;

/** How long a victim may take to hand its memory back before the next one is looked for. */
const DYING_MS = 3000;

/**
 * Share of the use that the processes must hold themselves. What is charged beyond it is files in memory, or a process
 * that the kernel is just taking apart: ending another one would not help.
 */
const HELD_SHARE = 0.75;

export interface MemoryGuardOptions {
  /** Of the limit. 0 keeps the guard off. */
  killPercent: number;
  readUse(): ContainerUse;
  listProcesses(): ProcessInfo[];
  /** The supervisor's own tree roots: never a victim. */
  protectedPids: number[];
  /** May throw when there is no such process any more. */
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
  let timer: NodeJS.Timeout;
  const wait = (delayMs: number) => {
    timer = setTimeout(() => wait(guard.look()), delayMs).unref();
  };
  wait(SHORTEST_MS);
  return () => clearTimeout(timer);
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

  /**
   * Kills at most one process, and none while the last victim is still going: its memory is about to come back. Returns
   * the milliseconds until the next look.
   */
  look(): number {
    const use = this.#options.readUse();
    if (use.memoryBytes === undefined || use.memoryLimitBytes === undefined) return LONGEST_MS;
    const roomBytes = (use.memoryLimitBytes * this.#options.killPercent) / 100 - use.memoryBytes;
    if (roomBytes <= 0) this.#end(use, use.memoryBytes);
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.floor(roomBytes / FASTEST_BYTES_PER_MS)));
  }

  #end(use: ContainerUse, memoryBytes: number): void {
    const processes = this.#options.listProcesses();
    const heldBytes = processes.reduce((total, process) => total + process.memoryBytes, 0);
    if (heldBytes < memoryBytes * HELD_SHARE || this.#isDying(processes)) return;
    const victim = chooseVictim(processes, this.#options.protectedPids);
    if (victim === undefined) return;
    try {
      this.#options.kill(victim.pid);
    } catch {
      // It ended by itself since it was listed.
      return;
    }
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
