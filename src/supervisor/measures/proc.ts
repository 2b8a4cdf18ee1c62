/** The container's processes, read from /proc. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

export interface ProcessInfo {
  pid: number;
  parent: number;
  /** The name that `ps` shows. */
  name: string;
  /** Bytes of memory that would come back at its end, or may: resident, anonymous or shared with others. */
  memoryBytes: number;
  /** Of these, what it may share: `MAP_SHARED` without a file, memfd, System V, files in memory that it maps. */
  sharedBytes: number;
  /** Started to outlive its terminal, as by nohup. */
  ignoresHangUp: boolean;
}

/** The PID namespace that a machine starts with (PROC_PID_INIT_INO of Linux's include/linux/proc_ns.h). */
const MACHINE = 'pid:[4026531836]';

/** SIGHUP in a mask of signals, of which the lowest bit is signal 1. */
const HANG_UP = 1n;

/**
 * The processes of this container. None where it has no process IDs of its own (`hostPID`, or started by hand): all
 * that can be seen there are the machine's, and nobody's to end.
 */
export function listOwnProcesses(root = '/proc'): ProcessInfo[] {
  return hasOwnProcessIds(root) ? listProcesses(root) : [];
}

/** Whether what can be seen in /proc is this container's alone. */
export function hasOwnProcessIds(root = '/proc'): boolean {
  return findNamespace(root) !== MACHINE;
}

/** Undefined where the kernel has none to show, as gVisor's. */
function findNamespace(root: string): string | undefined {
  try {
    return readlinkSync(path.join(root, 'self/ns/pid'));
  } catch {
    return undefined;
  }
}

/** The numbers of all processes. Throws when no list can be read, as without file descriptors. */
export function listPids(root = '/proc'): number[] {
  return readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** All processes that we can still read. Throws when even their list cannot be read. */
export function listProcesses(root = '/proc'): ProcessInfo[] {
  return listPids(root).flatMap((pid) => readProcess(root, pid) ?? []);
}

function readProcess(root: string, pid: number): ProcessInfo | undefined {
  try {
    const status = readFileSync(path.join(root, String(pid), 'status'), 'utf8');
    const field = (name: string) => new RegExp(`^${name}:\\s+(.*)$`, 'm').exec(status)?.[1] ?? '';
    const bytes = (name: string) => Number.parseInt(field(name) || '0', 10) * 1024;
    const sharedBytes = bytes('RssShmem');
    return {
      pid,
      parent: Number(field('PPid')),
      name: field('Name'),
      memoryBytes: bytes('RssAnon') + sharedBytes,
      sharedBytes,
      ignoresHangUp: ignoresHangUp(status),
    };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

/** By the text of /proc/PID/status. */
export function ignoresHangUp(status: string): boolean {
  const ignored = /^SigIgn:\s+([0-9a-f]+)$/m.exec(status)?.[1] ?? '0';
  return (BigInt(`0x${ignored}`) & HANG_UP) !== 0n;
}

/**
 * The fields of /proc/PID/stat behind the name, which stands in brackets and may hold anything: state, parent, group,
 * session, terminal, foreground group, … Throws where the process has ended.
 */
export function readStat(pid: number, root = '/proc'): string[] {
  return readNamedStat(pid, root).fields;
}

/** The same with the name, of which the kernel keeps 15 bytes. */
export function readNamedStat(pid: number, root = '/proc'): { name: string; fields: string[] } {
  const stat = readFileSync(path.join(root, String(pid), 'stat'), 'latin1');
  const end = stat.lastIndexOf(')');
  return { name: stat.slice(stat.indexOf('(') + 1, end), fields: stat.slice(end + 2).split(' ') };
}
