/** What a command without a terminal has started, read from /proc. Dropbear gave it a session of its own. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface SessionProcess {
  pid: number;
  parent: number;
  /** It was started to outlive who started it. */
  asksToStay: boolean;
}

/** SIGHUP in a mask of signals, of which the lowest bit is signal 1. */
const HANG_UP = 1n;

/** bash tells a program by `_` what it started: Node makes SIGHUP deadly again, which nohup had it ignore. */
const BY_NOHUP = /(?:^|\0)_=(?:[^\0]*\/)?nohup(?:\0|$)/;

/** The processes of a session. `setsid` and tmux leave it. Throws when no list can be read, as without descriptors. */
export function listSession(session: number, root = '/proc'): SessionProcess[] {
  return readdirSync(root)
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readMember(path.join(root, name), Number(name), session) ?? []);
}

function readMember(folder: string, pid: number, session: number): SessionProcess | undefined {
  try {
    const stat = readFileSync(path.join(folder, 'stat'), 'utf8');
    // The name stands in brackets, and may have brackets and spaces.
    const [state, parent, , own] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (Number(own) !== session || state === 'Z') return undefined;
    return { pid, parent: Number(parent), asksToStay: ignoresHangUp(folder) || isByNohup(folder) };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

function ignoresHangUp(folder: string): boolean {
  const ignored = /^SigIgn:\s+([0-9a-f]+)$/m.exec(readFileSync(path.join(folder, 'status'), 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${ignored}`) & HANG_UP) !== 0n;
}

function isByNohup(folder: string): boolean {
  return BY_NOHUP.test(readFileSync(path.join(folder, 'environ'), 'latin1'));
}

/**
 * Those of `from` that are there, and what they have started, without what asks to stay and what that has started.
 * Whose parent has ended was let go, as a daemon is.
 */
export function findStarted(from: readonly number[], session: readonly SessionProcess[]): number[] {
  const found = new Set<number>();
  const visit = (pid: number) => {
    const process = session.find((one) => one.pid === pid);
    if (process === undefined || process.asksToStay || found.has(pid)) return;
    found.add(pid);
    for (const child of session) if (child.parent === pid) visit(child.pid);
  };
  for (const pid of from) visit(pid);
  return [...found];
}
