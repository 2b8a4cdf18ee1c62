import { readFileSync } from 'node:fs';

/** Descriptors for everything else: our own files, the health port's connections, and the start of a process. */
const RESERVED = 128;

/**
 * What a connection takes while it is open: the pipe of its Dropbear's log, or before that its socket. One that is
 * carried takes its carrier and our end of the way to Dropbear besides.
 */
export const TAKEN = { plain: 1, carried: 3 };

/** How many plain connections fit into this many file descriptors. */
export function toMostConnections(descriptors: number): number {
  return Math.max(1, descriptors < 2 * RESERVED ? Math.floor(descriptors / 2) : descriptors - RESERVED);
}

/** How many files this process may open. Read each time, because others can change it; the file is a few lines. */
export function readDescriptorLimit(file = '/proc/self/limits'): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync(file, 'latin1'))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    // No descriptor was left even for this file.
    return 0;
  }
}
