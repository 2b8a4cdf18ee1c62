/** What the user's programs do for whom: what a restart would end. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ProcessInfo } from './proc.ts';

export interface ProgramsInUse {
  /** Shells, commands and transfers that run for a connection. */
  sessions: number;
  /** When the oldest of them began. */
  oldestStartMs: number | undefined;
  /** Programs that run without a connection; what they have started is not counted. */
  detached: number;
}

export interface ProgramsLook {
  processes: ProcessInfo[];
  /** The Dropbears, one a connection. */
  connectionPids: number[];
  /** The server itself and tini, which gets every program whose parent has gone. */
  ownPids: number[];
  findStartMs(pid: number): number | undefined;
}

/** Undefined where no process can be seen, not even one's own. */
export function countPrograms(look: ProgramsLook): ProgramsInUse | undefined {
  const { processes, connectionPids, ownPids, findStartMs } = look;
  if (processes.length === 0) return undefined;
  const known = new Set([...connectionPids, ...ownPids]);
  const users = processes.filter(({ pid }) => !known.has(pid));
  const sessions = users.filter(({ parent }) => connectionPids.includes(parent));
  const starts = sessions.flatMap(({ pid }) => findStartMs(pid) ?? []);
  return {
    sessions: sessions.length,
    oldestStartMs: starts.length === 0 ? undefined : Math.min(...starts),
    detached: users.filter(({ parent }) => ownPids.includes(parent)).length,
  };
}

/** USER_HZ, the unit of /proc/PID/stat: 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** When a process began, by the clock of now; undefined where the kernel does not say. */
export function readStartMs(pid: number, nowMs: number, root = '/proc'): number | undefined {
  try {
    const stat = readFileSync(path.join(root, String(pid), 'stat'), 'latin1');
    // The name in brackets may hold anything. The start is the 22nd field, and the 20th behind the name.
    const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const uptimeSeconds = Number(readFileSync(path.join(root, 'uptime'), 'latin1').split(' ')[0]);
    const ageMs = (uptimeSeconds - ticks / TICKS_PER_SECOND) * 1000;
    return Number.isFinite(ageMs) && ageMs >= 0 ? nowMs - ageMs : undefined;
  } catch {
    return undefined;
  }
}
