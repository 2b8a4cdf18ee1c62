import type { ProcessInfo } from './proc.ts';

const STEP_MS = 50;

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
 * Asks the user's programs to end, with SIGHUP as a terminal that closes would: shells save their history on it, editors
 * their files. What ignores that gets SIGTERM at once, and after half of `limitMs` so does whatever is left, as a server
 * that only read its configuration again. Returns how many are left: 0 as soon as it is so, or what there is at the limit.
 * The container ends with the server, so this is all the time they have.
 */
export async function endPrograms(options: ProgramsOptions, limitMs: number): Promise<number> {
  signal(options, ({ ignoresHangUp }) => (ignoresHangUp ? 'SIGTERM' : 'SIGHUP'));
  const left = await awaitEnd(options, limitMs / 2);
  if (left === 0) return 0;
  signal(options, () => 'SIGTERM');
  return awaitEnd(options, limitMs / 2);
}

async function awaitEnd(options: ProgramsOptions, limitMs: number): Promise<number> {
  for (let waitedMs = 0; waitedMs < limitMs; waitedMs += STEP_MS) {
    if (findPrograms(options).length === 0) return 0;
    await options.sleep(STEP_MS);
  }
  return findPrograms(options).length;
}

function signal(options: ProgramsOptions, choose: (program: ProcessInfo) => 'SIGHUP' | 'SIGTERM'): void {
  for (const program of findPrograms(options)) {
    try {
      options.kill(program.pid, choose(program));
    } catch {
      // Gone already.
    }
  }
}

/** A session's Dropbear is none of the user's, and is ended by who started it. */
function findPrograms({ listProcesses, protectedPids }: ProgramsOptions): ProcessInfo[] {
  return listProcesses().filter(({ pid, name }) => !protectedPids.includes(pid) && name !== 'dropbear');
}
