import type { ProcessInfo } from '../measures/proc.ts';
import { endPrograms, type ProgramsOptions } from './end-programs.ts';

/** From the end of its last program on, Dropbear has this time to send what that has said, and its status. */
const SEND_MS = 500;

/** At the limit the connections that are left have this time, to say goodbye and to be logged. */
const GOODBYE_MS = 1000;
const STEP_MS = 25;

/** A connection, and the process that serves it. */
export interface Served {
  /** Undefined as long as it waits to be served. */
  readonly pid: number | undefined;
  terminate(): void;
}

/**
 * Ends each connection when the programs have ended that it started, so that its client hears how they ended. One that
 * has started none, as a forward or a login, ends at the first look.
 */
export class ConnectionEnds {
  readonly #listConnections: () => Served[];
  readonly #nowMs: () => number;
  readonly #busyAtMs = new Map<Served, number>();

  constructor(listConnections: () => Served[], nowMs: () => number) {
    this.#listConnections = listConnections;
    this.#nowMs = nowMs;
  }

  /** A look at the programs that run: none where they cannot be seen. */
  look(processes: ProcessInfo[]): void {
    const nowMs = this.#nowMs();
    const parents = new Set(processes.map(({ parent }) => parent));
    for (const connection of this.#listConnections()) {
      if (connection.pid !== undefined && parents.has(connection.pid)) this.#busyAtMs.set(connection, nowMs);
      else if (nowMs - (this.#busyAtMs.get(connection) ?? Number.NEGATIVE_INFINITY) >= SEND_MS) connection.terminate();
    }
  }
}

export interface EndOptions extends Omit<ProgramsOptions, 'looked'> {
  listConnections(): Served[];
}

/**
 * Asks the user's programs to end, and ends each connection after its own ones. Takes `limitMs`, and the goodbye at
 * most. Returns how many programs are left.
 */
export async function endProgramsAndConnections(options: EndOptions, limitMs: number): Promise<number> {
  const { listConnections, nowMs, sleep } = options;
  const ends = new ConnectionEnds(listConnections, nowMs);
  const left = await endPrograms({ ...options, looked: (processes) => ends.look(processes) }, limitMs);
  const goodbyeMs = nowMs() + GOODBYE_MS;
  while (listConnections().length > 0 && nowMs() < goodbyeMs) {
    // Programs that still run have had their time.
    ends.look([]);
    await sleep(STEP_MS);
  }
  return left;
}
