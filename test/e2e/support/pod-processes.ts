/** The programs of a pod, as this machine numbers them: the node of the cluster runs here. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Lowest number first, which is the container's own first program. */
export function findInPod({ uid }: { uid: string }, isIt: (words: string[]) => boolean): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && isIn(pid, uid) && isIt(readProc(pid, 'cmdline').split('\0')))
    .toSorted((a, b) => a - b);
}

/** What reaps for it names it as well. */
export const isSupervisor = ([program = '', ...words]: string[]) =>
  path.basename(program) === 'node' && words.some((word) => word.endsWith('supervisor.mjs'));
export const isDropbear = ([program = '']: string[]) => path.basename(program) === 'dropbear';
/** A pod has one program beside its containers, which holds its network. */
export const isOfContainer = (words: string[]) => !words.some((word) => word.includes('catatonit'));

/** MiB that a process holds: of its own, and with the pages that it shares. */
export function readMemory(pid: number): { own: number; all: number } {
  const status = readProc(pid, 'status');
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { own: read('RssAnon'), all: read('VmRSS') };
}

/** It may have ended since somebody saw it. A negative number is a process group. */
export function endProgram(pid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function isIn(pid: number, podUid: string): boolean {
  const groups = readProc(pid, 'cgroup');
  return groups.includes(podUid) || groups.includes(podUid.replaceAll('-', '_'));
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
