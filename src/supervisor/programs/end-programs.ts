import type { ProcessInfo } from '../measures/proc.ts';
import { tryTo } from '../runtime/try-to.ts';

const STEP_MS = 50;

/** What the end of a workspace needs to know of the container's processes. */
export interface ProgramsOptions {
  /** Throws when no file can be opened. */
  listProcesses(): ProcessInfo[];
  /** Hears of each look, the first before anything is asked to end: a look costs too much to be taken twice. */
  looked(processes: ProcessInfo[]): void;
  /**
   * Processes to leave alone: our own roots, which end last, and those that serve connections, which we end ourselves.
   */
  protectedPids(): number[];
  /** May throw when there is no such process any more. */
  kill(pid: number, signal: 'SIGHUP' | 'SIGTERM'): void;
  sleep(delayMs: number): Promise<void>;
  nowMs(): number;
}

/**
 * Asks the user's programs to end, with SIGHUP as a terminal that closes would: shells save their history on it,
 * editors their files. What ignores that gets SIGTERM at once, and after half of `limitMs` so does whatever is left, as
 * a server that only read its configuration again. Returns how many are left: 0 as soon as none is, or their number at
 * the limit. The container ends with the server, so this is all the time they have.
 */
export async function endPrograms(options: ProgramsOptions, limitMs: number): Promise<number> {
  signal(options, ({ ignoresHangUp }) => (ignoresHangUp ? 'SIGTERM' : 'SIGHUP'));
  const left = await awaitEnd(options, limitMs / 2);
  if (left === 0) return 0;
  signal(options, () => 'SIGTERM');
  return awaitEnd(options, limitMs / 2);
}

/** We count time, not looks: with thousands of programs one look takes as long as many sleeps. */
async function awaitEnd(options: ProgramsOptions, limitMs: number): Promise<number> {
  const endMs = options.nowMs() + limitMs;
  while (true) {
    const begunMs = options.nowMs();
    // Without a descriptor we cannot look, so we assume that one is left.
    const left = findPrograms(options)?.length ?? 1;
    if (left === 0 || options.nowMs() >= endMs) return left;
    // Looking takes at most half of the time.
    await options.sleep(Math.min(Math.max(STEP_MS, options.nowMs() - begunMs), endMs - options.nowMs()));
  }
}

function signal(options: ProgramsOptions, choose: (program: ProcessInfo) => 'SIGHUP' | 'SIGTERM'): void {
  for (const program of findPrograms(options) ?? []) {
    try {
      options.kill(program.pid, choose(program));
    } catch {
      // Gone already.
    }
  }
}

/** Undefined when they cannot be listed. */
function findPrograms({ listProcesses, looked, protectedPids }: ProgramsOptions): ProcessInfo[] | undefined {
  const kept = protectedPids();
  const processes = tryTo(listProcesses);
  looked(processes ?? []);
  return processes?.filter(({ pid }) => !kept.includes(pid));
}
