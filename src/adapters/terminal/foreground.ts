/** Whose the terminal is, where a shell runs several jobs. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Where it costs a program to ask, the answer counts for so long. */
const ASKED_FOR_MS = 400;

let asked: { groups: string[]; atMs: number } | undefined;

/**
 * Whether the terminal is ours, or a shell has put us into the background; undefined where that cannot be told. Ask
 * each time: `fg` and `bg` change it without a word.
 */
export function findForeground(): boolean | undefined {
  if (process.platform === 'win32') return undefined;
  const [group, foreground] = process.platform === 'linux' ? readGroups() : askGroups();
  return Number(foreground) > 0 ? group === foreground : undefined;
}

/** proc_pid_stat(5): behind the name, which may hold anything, are state, ppid, pgrp, session, tty_nr and tpgid. */
function readGroups(): (string | undefined)[] {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [group, foreground];
  } catch {
    return [];
  }
}

function askGroups(): string[] {
  if (asked !== undefined && performance.now() - asked.atMs < ASKED_FOR_MS) return asked.groups;
  const { stdout } = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  asked = { groups: (stdout ?? '').trim().split(/\s+/), atMs: performance.now() };
  return asked.groups;
}
