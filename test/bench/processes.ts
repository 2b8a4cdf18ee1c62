/** What Linux tells of processes: whose they are, what they hold, and what they have computed. */
import { readdirSync, readFileSync } from 'node:fs';

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

/** Ends every process whose home is this folder: those that outlived their parent, or took a session of their own, as well. */
export function endProcessesAtHome(home: string): void {
  for (const pid of listIds()) {
    if (pid === process.pid || !read(pid, 'environ').split('\0').includes(`HOME=${home}`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
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
