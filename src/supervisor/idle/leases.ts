/** Files that hold a workspace: in a folder where every program may put any, and anything else. */
import { closeSync, constants, fstatSync, lstatSync, opendirSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

export interface Lease {
  /** Whoever renews a lease makes another key. */
  key: string;
  /** From when we first see it: nobody else's clock counts. */
  lastsMs: number;
  /** Held by a program: nobody knows when it ends. */
  isProgram: boolean;
}

/** A file without a number, as `touch` makes it. */
const TOUCHED_MS = 3_600_000;

/** Nothing holds for longer, whatever it says. */
export const LONGEST_MS = 7 * 86_400_000;

const MOST_FILES = 64;
const MOST_BYTES = 16;

/** Never throws: what is no lease is none. */
export function readLeases(folder: string): Lease[] {
  try {
    // A link could lead to a volume that does not answer.
    if (!lstatSync(folder).isDirectory()) return [];
    return listSome(folder).flatMap((name) => readLease(folder, name) ?? []);
  } catch {
    return [];
  }
}

function listSome(folder: string): string[] {
  const names: string[] = [];
  const open = opendirSync(folder);
  try {
    for (let entry = open.readSync(); entry !== null && names.length < MOST_FILES; entry = open.readSync())
      names.push(entry.name);
  } finally {
    open.closeSync();
  }
  return names;
}

function readLease(folder: string, name: string): Lease | undefined {
  try {
    // Neither a pipe without a writer nor a link to another place.
    const file = openSync(path.join(folder, name), constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) return undefined;
      const bytes = Buffer.alloc(MOST_BYTES);
      const text = bytes.toString('latin1', 0, readSync(file, bytes, 0, MOST_BYTES, 0));
      return { key: `${name} ${found.ino} ${found.mtimeMs} ${text}`, lastsMs: toMs(text), isProgram: false };
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function toMs(text: string): number {
  return /^\d+$/.test(text.trim()) ? Math.min(LONGEST_MS, Number(text) * 1000) : TOUCHED_MS;
}
