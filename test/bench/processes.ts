/** What Linux tells of processes: whose they are, what they hold, and what they have computed. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** /proc counts in hundredths of a second, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface Computing {
  pid: number;
  parent: number;
  name: string;
  /** Of the process itself, its ended children left out. */
  cpuSeconds: number;
}

export function listProcesses(): Computing[] {
  return listIds().flatMap((pid) => {
    const text = read(pid, 'stat');
    // A name may hold spaces and brackets; what follows the last bracket is fields.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    if (text === '') return [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    const name = toName(text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), read(pid, 'cmdline'));
    return [{ pid, parent: Number(fields[1]), name, cpuSeconds: ticks / TICKS_PER_SECOND }];
  });
}

/**
 * Ends every process whose home is this folder: those that outlived their parent, or took a session of their own, as
 * well.
 */
export function endProcessesAtHome(home: string): void {
  for (const pid of listIds()) {
    if (pid !== process.pid && read(pid, 'environ').split('\0').includes(`HOME=${home}`)) end(pid, 'SIGKILL');
  }
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** A line of /proc/PID/status in MiB; 0 when the process has gone. */
export function readStatus(pid: number | undefined, name: string): number {
  const text = pid === undefined ? '' : read(pid, 'status');
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) / 1024;
}

/** The processes whose command line holds all of these words. */
export function findProcesses(...words: string[]): number[] {
  return listIds().filter((pid) => {
    const own = read(pid, 'cmdline').split('\0');
    return words.every((word) => own.includes(word));
  });
}

const HOLDER_LIMIT_MS = 10_000;

/**
 * The process that holds the workspace's connection, when it can be asked for it. Another one ends at once; when there
 * are two for longer, nobody knows which.
 */
export async function findHolder(workspace: string, namespace: string): Promise<number> {
  let found: number[] = [];
  for (const begunMs = Date.now(); Date.now() - begunMs < HOLDER_LIMIT_MS; await sleep(100)) {
    found = findHolders(workspace, namespace);
    if (found[0] !== undefined && found.length === 1 && isListening(found[0])) return found[0];
  }
  throw new Error(`${found.length} processes hold a connection to ${workspace}`);
}

/** Whether somebody can connect to a Unix socket of the process: /proc/net/unix has its flags and inode. */
function isListening(pid: number): boolean {
  const lines = read(pid, 'net/unix')
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  const listening = new Set(
    lines.filter(([, , , flags]) => flags === '00010000').map((fields) => `socket:[${fields[6]}]`),
  );
  return readLinks(pid).some((link) => listening.has(link));
}

/** What the process has open. */
function readLinks(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    // It has ended, or closed one meanwhile.
    return [];
  }
}

export function endHolders(workspace: string, namespace: string): void {
  for (const pid of findHolders(workspace, namespace)) end(pid, 'SIGTERM');
}

function findHolders(workspace: string, namespace: string): number[] {
  return findProcesses('hold', workspace, namespace);
}

/** Node's threads rename the process; the program's own name says more. */
function toName(name: string, line: string): string {
  const [program = ''] = line.split('\0');
  return name.startsWith('node') || name === 'MainThread' ? 'node' : program.split('/').at(-1) || name;
}

function listIds(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
