/** What the user's programs do for whom: what a restart would end. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type ProcessInfo, readStat } from './proc.ts';

export interface ProgramsInUse {
  /** Shells, commands and transfers that run for a connection. */
  sessions: number;
  /** When the oldest of them began. */
  oldestStartMs: number | undefined;
  /**
   * Programs that run without a connection: what each terminal of tmux or screen runs, and any other program. What
   * these have started is not counted, nor a shell there that waits at its prompt or is on its way to the first one:
   * sessions come back with the next pod, so that many may wait that nobody has touched.
   */
  detached: number;
}

export interface ProgramsLook {
  processes: ProcessInfo[];
  /** The Dropbears, one a connection. */
  connectionPids: number[];
  /** The server itself and tini, which gets every program whose parent has gone. */
  ownPids: number[];
  findStartMs(pid: number): number | undefined;
  /** Whether the server has started it for itself, as tmux to look at its sessions. */
  isServers(pid: number): boolean;
  /** Whether a process is the first one on a terminal of its own, as the shell of each pane of tmux. */
  leadsTerminal(pid: number): boolean;
  /** Whether a process without children is a shell at its prompt. */
  waitsAtPrompt(pid: number): boolean;
  /** Whether it is a shell before its first prompt. `below`: all that it has started, and these. */
  isStarting(pid: number, below: readonly number[]): boolean;
}

/** Undefined where no process can be seen, not even one's own. */
export function countPrograms(look: ProgramsLook): ProgramsInUse | undefined {
  const { processes, connectionPids, ownPids, findStartMs, isServers } = look;
  if (processes.length === 0) return undefined;
  const known = new Set([...connectionPids, ...ownPids]);
  const users = processes.filter(({ pid }) => !known.has(pid));
  const children = Map.groupBy(users, ({ parent }) => parent);
  const sessions = users.filter(({ parent }) => connectionPids.includes(parent));
  const starts = sessions.flatMap(({ pid }) => findStartMs(pid) ?? []);
  return {
    sessions: sessions.length,
    oldestStartMs: starts.length === 0 ? undefined : Math.min(...starts),
    detached: users
      .filter(({ pid, parent }) => ownPids.includes(parent) && !isServers(pid))
      .reduce((sum, { pid }) => sum + countAtWork(pid, children, look), 0),
  };
}

/** A program that has given terminals to others, as a server of tmux, counts as these: it runs for them alone. */
function countAtWork(
  root: number,
  children: ReadonlyMap<number, ProcessInfo[]>,
  { leadsTerminal, waitsAtPrompt, isStarting }: Pick<ProgramsLook, 'leadsTerminal' | 'waitsAtPrompt' | 'isStarting'>,
): number {
  const seen = new Set<number>();
  const listTerminals = (pid: number): number[] => {
    // A process can seem its own ancestor, because numbers come back while we read.
    if (seen.has(pid)) return [];
    seen.add(pid);
    if (leadsTerminal(pid)) return [pid];
    return (children.get(pid) ?? []).flatMap((child) => listTerminals(child.pid));
  };
  const terminals = listTerminals(root);
  const isQuiet = (pid: number) =>
    (!children.has(pid) && waitsAtPrompt(pid)) || isStarting(pid, listBelow(pid, children));
  return terminals.length === 0 ? 1 : terminals.filter((pid) => !isQuiet(pid)).length;
}

function listBelow(root: number, children: ReadonlyMap<number, ProcessInfo[]>): number[] {
  const found = new Set([root]);
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child.pid);
  found.delete(root);
  return [...found];
}

/** Whether a process is of the same session as another one. False where one of them has ended. */
export function sharesSession(pid: number, other: number, root = '/proc'): boolean {
  try {
    return readStat(pid, root)[3] === readStat(other, root)[3];
  } catch {
    return false;
  }
}

/** False where it has ended, or the kernel does not say. */
export function leadsTerminal(pid: number, root = '/proc'): boolean {
  try {
    const [, , , session, terminal] = readStat(pid, root);
    return session === String(pid) && terminal !== '0';
  } catch {
    return false;
  }
}

/** USER_HZ, the unit of /proc/PID/stat: 100 on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** When a process began, by the clock of now; undefined where the kernel does not say. */
export function readStartMs(pid: number, nowMs: number, root = '/proc'): number | undefined {
  try {
    // The start is the 22nd field, and the 20th behind the name.
    const ticks = Number(readStat(pid, root)[19]);
    const uptimeSeconds = Number(readFileSync(path.join(root, 'uptime'), 'latin1').split(' ')[0]);
    const ageMs = (uptimeSeconds - ticks / TICKS_PER_SECOND) * 1000;
    return Number.isFinite(ageMs) && ageMs >= 0 ? nowMs - ageMs : undefined;
  } catch {
    return undefined;
  }
}
