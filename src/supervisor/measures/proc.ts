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
  return findNamespace(root) === MACHINE ? [] : listProcesses(root);
}

/** Undefined where the kernel has none to show, as gVisor's. */
function findNamespace(root: string): string | undefined {
  try {
    return readlinkSync(path.join(root, 'self/ns/pid'));
  } catch {
    return undefined;
  }
}

/** All processes that we can still read. Throws when even their list cannot be read, as without file descriptors. */
export function listProcesses(root = '/proc'): ProcessInfo[] {
  return readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(root, Number(name)) ?? []);
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
