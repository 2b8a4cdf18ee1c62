/** What a command without a terminal has started, read from /proc. Dropbear gave it a session of its own. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ignoresHangUp, listPids, readStat } from '../measures/proc.ts';

export interface SessionProcess {
  pid: number;
  parent: number;
  /** It was started to outlive whoever started it. */
  asksToStay: boolean;
}

/** bash tells a program by `_` what it started: Node makes SIGHUP deadly again, which nohup had it ignore. */
const BY_NOHUP = /(?:^|\0)_=(?:[^\0]*\/)?nohup(?:\0|$)/;

/** The processes of a session. `setsid` and tmux leave it. Throws when no list can be read, as without descriptors. */
export function listSession(session: number, root = '/proc'): SessionProcess[] {
  return listPids(root).flatMap((pid) => readMember(pid, session, root) ?? []);
}

function readMember(pid: number, session: number, root: string): SessionProcess | undefined {
  const folder = path.join(root, String(pid));
  try {
    const [state, parent, , own] = readStat(pid, root);
    if (Number(own) !== session || state === 'Z') return undefined;
    return {
      pid,
      parent: Number(parent),
      asksToStay: ignoresHangUp(readFileSync(path.join(folder, 'status'), 'utf8')) || isByNohup(folder),
    };
  } catch {
    // It ended while we looked.
    return undefined;
  }
}

function isByNohup(folder: string): boolean {
  return BY_NOHUP.test(readFileSync(path.join(folder, 'environ'), 'latin1'));
}

/**
 * Those of `from` that still run, and all that they have started, without programs that ask to stay and what those have
 * started. A program whose parent has ended was let go on purpose, like a daemon.
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
