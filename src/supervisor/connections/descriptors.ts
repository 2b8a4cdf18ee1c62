import { readFileSync } from 'node:fs';

/** What the server needs besides its connections: its own files, the health port's connections, and what starts a process. */
const RESERVED = 128;

/** Connections that a process may have with so many file descriptors; each takes one as long as it stands. */
export function toMostConnections(descriptors: number): number {
  return Math.max(1, descriptors < 2 * RESERVED ? Math.floor(descriptors / 2) : descriptors - RESERVED);
}

/** How many files this process may have open. Read anew each time, because it can be changed from outside; it is a few lines. */
export function readDescriptorLimit(file = '/proc/self/limits'): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync(file, 'latin1'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    // Not even this one could be opened.
    return 0;
  }
}
