/** One look at the workspace, from /proc and /dev/pts: nothing that needs root, and no more than a few milliseconds. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { KEEP_PROGRAM } from '../../contract/paths.ts';
import { readNetworkTraffic } from '../measures/network.ts';
import { hasOwnProcessIds, listPids, readNamedStat } from '../measures/proc.ts';
import { TICKS_PER_SECOND } from '../measures/programs.ts';
import { readWords } from '../measures/shells.ts';
import { toTerminal } from '../measures/terminals.ts';
import { findAgentAtAnything } from '../returning/agents/agents.ts';
import { tryTo } from '../runtime/try-to.ts';
import { type Lease, LONGEST_MS, readLeases } from './leases.ts';
import type { ConnectionUse, Snapshot, TerminalTimes } from './snapshot.ts';

const MIRRORS = ['tmux: client', 'screen'];

export interface SnapshotPlaces {
  proc: string;
  terminals: string;
  /** The folder of the files that hold the workspace. */
  leases: string;
  /** The server itself, whose session is nobody's work. */
  ownPid: number;
  /** The processes that serve connections. */
  listConnections(): number[];
  /** With more than these none is read: then nothing can be said. */
  mostProcesses: number;
}

interface Process {
  pid: number;
  name: string;
  parent: number;
  session: string;
  /** The name of its terminal in /dev/pts, if it has one. */
  terminal: string | undefined;
  cpuMs: number;
  /** Page faults of its children that have ended: none ends without one. */
  childFaults: string;
  startTicks: string;
}

/** Reads snapshots, and knows from one to the next which processes are agents. */
export class SnapshotReader {
  readonly #places: SnapshotPlaces;
  #agents = new Map<string, string | undefined>();
  #programLeases: Lease[] = [];

  constructor(places: SnapshotPlaces) {
    this.#places = places;
  }

  read(atMs: number): Snapshot {
    const { proc, ownPid, listConnections, mostProcesses } = this.#places;
    const networkBytes = tryTo(() =>
      readNetworkTraffic(path.join(proc, 'net/dev'))
        .filter(({ name }) => name !== 'lo')
        .reduce((sum, { receivedBytes, sentBytes }) => sum + receivedBytes + sentBytes, 0),
    );
    const processes = hasOwnProcessIds(proc) ? tryTo(() => listProcesses(proc, mostProcesses)) : undefined;
    const servers = new Set(listConnections());
    const own = processes?.find(({ pid }) => pid === ownPid)?.session;
    const users = processes?.filter(({ pid, session }) => session !== own && !servers.has(pid));
    if (users !== undefined) this.#programLeases = users.flatMap(toLease);
    return {
      atMs,
      sessions: own === undefined || users === undefined ? undefined : sumBySession(users),
      terminals: users === undefined ? undefined : this.#readTerminals(users),
      connections: new Map(
        (processes ?? [])
          .filter(({ pid }) => servers.has(pid))
          .map((server) => [String(server.pid), this.#readConnection(server, users ?? [])]),
      ),
      networkBytes,
      agents: this.#listAgents(users ?? []),
      leases: this.readLeases(),
    };
  }

  /** The files as they are now, and the programs as a look last saw them: cheap enough for everybody who asks. */
  readLeases(): Lease[] {
    return [...readLeases(this.#places.leases), ...this.#programLeases];
  }

  #readTerminals(users: Process[]): Map<string, TerminalTimes> | undefined {
    const mirrors = new Set(users.filter(({ name }) => MIRRORS.includes(name)).map(({ terminal }) => terminal));
    const leaders = new Map(
      users
        .filter(({ pid, session }) => session === String(pid))
        .map(({ pid, startTicks, name, terminal }) => [terminal, `${pid} ${startTicks} ${name}`]),
    );
    const { terminals } = this.#places;
    return tryTo(
      () =>
        new Map(
          readdirSync(terminals)
            .filter((name) => /^\d+$/.test(name))
            .flatMap((name) => {
              const times = tryTo(() => statSync(path.join(terminals, name)));
              // It has closed meanwhile.
              if (times === undefined) return [];
              const { atimeMs: readAtMs, mtimeMs: writtenAtMs } = times;
              return [[name, { readAtMs, writtenAtMs, isMirror: mirrors.has(name), leader: leaders.get(name) }]];
            }),
        ),
    );
  }

  #readConnection({ pid, childFaults }: Process, users: Process[]): ConnectionUse {
    const children = users.filter(({ parent }) => parent === pid);
    const hasBegun = children.length > 0 || childFaults !== '0';
    return {
      bytes: tryTo(() => readWritten(pid, this.#places.proc)),
      commands: hasBegun ? `${childFaults} ${children.map((child) => child.pid).join(' ')}` : '',
      hasTerminal: children.some(({ terminal }) => terminal !== undefined),
    };
  }

  /** The words of a process are read once, as long as it is the same program. */
  #listAgents(users: Process[]): string[] {
    const known = new Map(
      users.map(({ pid, startTicks, name }) => {
        const key = `${pid} ${startTicks} ${name}`;
        const agent = this.#agents.has(key)
          ? this.#agents.get(key)
          : findAgentAtAnything(readWords(pid, this.#places.proc))?.name;
        return [key, agent] as const;
      }),
    );
    this.#agents = known;
    return [...new Set([...known.values()].filter((name) => name !== undefined))].sort();
  }
}

/** Throws when there is no list, or too many to read. */
function listProcesses(proc: string, most: number): Process[] {
  const pids = listPids(proc);
  if (pids.length > most) throw new Error(`${pids.length} processes`);
  return pids.flatMap((pid) => tryTo(() => readProcess(pid, proc)) ?? []);
}

function readProcess(pid: number, proc: string): Process {
  const { name, fields } = readNamedStat(pid, proc);
  const field = (at: number) => fields[at] ?? '';
  const ticks = [11, 12, 13, 14].reduce((sum, at) => sum + Number(field(at)), 0);
  return {
    pid,
    name,
    parent: Number(field(1)),
    session: field(3),
    terminal: toTerminal(Number(field(4))),
    childFaults: field(8),
    cpuMs: (ticks * 1000) / TICKS_PER_SECOND,
    startTicks: field(19),
  };
}

/** A program that says by its name that it holds the workspace. */
function toLease({ pid, name, startTicks }: Process): Lease[] {
  return name === KEEP_PROGRAM ? [{ key: `process ${pid} ${startTicks}`, lastsMs: LONGEST_MS, isProgram: true }] : [];
}

function sumBySession(users: Process[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { session, cpuMs } of users) sums.set(session, (sums.get(session) ?? 0) + cpuMs);
  return sums;
}

/** What a server passes on it writes once, to its client or to a program. */
function readWritten(pid: number, proc: string): number | undefined {
  const text = readFileSync(path.join(proc, String(pid), 'io'), 'latin1');
  const written = /^wchar: (\d+)$/m.exec(text)?.[1];
  return written === undefined ? undefined : Number(written);
}
