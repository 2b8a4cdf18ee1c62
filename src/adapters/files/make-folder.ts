import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { findStat } from './replace-file.ts';

let home: string | undefined;

/** From now on nothing makes this folder, the user's home; what is missing below it is made as anywhere. */
export function neverMake(folder: string): void {
  home = path.resolve(folder);
}

/**
 * Makes a folder and what is missing above it, for its owner alone (mode 0700). Node's own recursive mkdir never ends
 * where a parent exists and still refuses every child as missing, as /proc does. Throws what the file system says.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (path.resolve(folder) === home) await verifyThere(home);
  if (await tryMake(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await make(folder);
}

/** ssh and git make no home either. */
async function verifyThere(folder: string): Promise<void> {
  if ((await findStat(folder)) !== undefined) return;
  const words = `the home ${folder} is not there, and ws makes no home`;
  throw Object.assign(new Error(words), { syscall: 'mkdir', path: folder });
}

/** False when the folder above is missing. */
async function tryMake(folder: string): Promise<boolean> {
  try {
    await make(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

async function make(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // A file of that name is met by whoever opens something in it.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
