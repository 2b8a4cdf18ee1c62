import type { ProcessInfo } from './proc.ts';

const STEP_MS = 50;

/** After a hang-up shells and most programs go by themselves; what is still there then gets SIGTERM. */
const HANG_UP_MS = 2000;

/** The container's processes, as the end of a workspace sees them. */
export interface ProgramsOptions {
  listProcesses(): ProcessInfo[];
  /** The supervisor's own tree roots: they end last. */
  protectedPids: number[];
  /** May throw when there is no such process any more. */
  kill(pid: number, signal: 'SIGHUP' | 'SIGTERM'): void;
  sleep(delayMs: number): Promise<void>;
}

/**
 * Asks the user's programs to end: first with SIGHUP, as a terminal that closes would, on which shells save their history;
 * then with SIGTERM, for what was started to outlive its terminal. Returns how many are left: 0, as soon as it is so, or
 * what there is after `limitMs`. The container ends with the server, so this is all the time they have.
 */
export async function endPrograms(options: ProgramsOptions, limitMs: number): Promise<number> {
  signal(options, 'SIGHUP');
  const left = await awaitEnd(options, Math.min(HANG_UP_MS, limitMs));
  if (left === 0 || limitMs <= HANG_UP_MS) return left;
  signal(options, 'SIGTERM');
  return awaitEnd(options, limitMs - HANG_UP_MS);
}

async function awaitEnd(options: ProgramsOptions, limitMs: number): Promise<number> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += STEP_MS) {
    if (findPrograms(options).length === 0) return 0;
    await options.sleep(STEP_MS);
  }
  return findPrograms(options).length;
}

function signal(options: ProgramsOptions, name: 'SIGHUP' | 'SIGTERM'): void {
  for (const { pid } of findPrograms(options)) {
    try {
      options.kill(pid, name);
    } catch {
      // Gone already.
    }
  }
}

/** A session's Dropbear is none of the user's, and is ended by who started it. */
function findPrograms({ listProcesses, protectedPids }: ProgramsOptions): ProcessInfo[] {
  return listProcesses().filter(({ pid, name }) => !protectedPids.includes(pid) && name !== 'dropbear');
}
