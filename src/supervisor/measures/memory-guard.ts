import type { ContainerUse } from './cgroup.ts';
import type { ProcessInfo } from './proc.ts';

/** The longest and the shortest time between two looks. */
const LONGEST_MS = 250;
const SHORTEST_MS = 5;

/** The pause while a victim ends: a list of all processes takes some milliseconds. */
const DYING_LOOK_MS = 20;

/**
 * What one program takes at most; measured: 1.5 GiB a second. The next look comes before it could have filled the room.
 */
const FASTEST_BYTES_PER_MS = (2 * 2 ** 30) / 1000;

/** How long a victim may take to hand its memory back before the next one is looked for. */
const DYING_MS = 3000;

/**
 * Share of the use that the processes must hold themselves. What is charged beyond it is a process that the kernel is
 * just taking apart: ending another one would not help.
 */
const HELD_SHARE = 0.75;

/** Less than this share of the use, and ending programs is not what makes room: files in memory are what fills it. */
const WORTH_SHARE = 0.25;

export interface MemoryGuardOptions {
  /** Of the limit. 0 keeps the guard off. */
  killPercent: number;
  readUse(): ContainerUse;
  /** May throw, when no file can be opened. */
  listProcesses(): ProcessInfo[];
  /**
   * Never a victim: the supervisor's own tree roots, and the processes of its connections. By their IDs: anybody may
   * have a name.
   */
  protectedPids(): number[];
  /** May throw when there is no such process any more. */
  kill(pid: number): void;
  /** Called after a kill. */
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
   * the milliseconds until the next look: few while room gets short or a victim goes, many when there is nothing to be
   * done.
   */
  look(): number {
    const use = this.#options.readUse();
    if (use.memoryBytes === undefined || use.memoryLimitBytes === undefined) return LONGEST_MS;
    const mostBytes = (use.memoryLimitBytes * this.#options.killPercent) / 100 + use.swapRoomBytes;
    const roomBytes = mostBytes - use.memoryBytes;
    if (roomBytes <= 0) return this.#end(use, use.memoryBytes) ? DYING_LOOK_MS : LONGEST_MS;
    return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Math.floor(roomBytes / FASTEST_BYTES_PER_MS)));
  }

  /** Whether a process was ended, or is still on its way. */
  #end(use: ContainerUse, memoryBytes: number): boolean {
    const processes = this.#listProcesses();
    if (this.#isDying(processes)) return true;
    if (!isHeld(processes, use.sharedBytes, memoryBytes)) return false;
    const tried = this.#dying?.pid;
    const victims = chooseVictims(processes, this.#options.protectedPids());
    // Try a process that survived again only when there is no other.
    const victim = victims.find(({ pid }) => pid !== tried) ?? victims[0];
    if (victim === undefined) return false;
    try {
      this.#options.kill(victim.pid);
    } catch {
      // It ended by itself since it was listed.
      return false;
    }
    this.#dying = { pid: victim.pid, sinceMs: this.#nowMs() };
    this.#options.killed(victim, use);
    return true;
  }

  #listProcesses(): ProcessInfo[] {
    try {
      return this.#options.listProcesses();
    } catch {
      return [];
    }
  }

  /** One that has handed its memory back has gone, though its parent may not have asked for its status yet. */
  #isDying(processes: ProcessInfo[]): boolean {
    const dying = this.#dying;
    if (dying === undefined || this.#nowMs() - dying.sinceMs > DYING_MS) return false;
    return processes.some(({ pid, memoryBytes }) => pid === dying.pid && memoryBytes > 0);
  }
}

/** Whether it is programs that fill the memory. What they share is counted once. */
function isHeld(processes: ProcessInfo[], chargedSharedBytes: number, memoryBytes: number): boolean {
  const sum = (pick: (process: ProcessInfo) => number) => processes.reduce((total, each) => total + pick(each), 0);
  const mappedBytes = Math.min(
    sum(({ sharedBytes }) => sharedBytes),
    chargedSharedBytes,
  );
  const heldBytes = sum((process) => process.memoryBytes - process.sharedBytes) + mappedBytes;
  const filesBytes = chargedSharedBytes - mappedBytes;
  return heldBytes >= (memoryBytes - filesBytes) * HELD_SHARE && heldBytes >= memoryBytes * WORTH_SHARE;
}

/** Processes that are not protected, the largest first. */
export function chooseVictims(processes: ProcessInfo[], protectedPids: number[]): ProcessInfo[] {
  return processes
    .filter((process) => !protectedPids.includes(process.pid) && process.memoryBytes > 0)
    .toSorted((a, b) => b.memoryBytes - a.memoryBytes);
}
