/** An empty file whose time says when something was last so. Without it, nothing is known: none of this throws. */
import { statSync, utimesSync } from 'node:fs';
import { readdir, unlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Costs one system call where the file is there; else it is made meanwhile. Returns whether it is new. */
export function touchMark(file: string): boolean {
  const now = new Date();
  try {
    utimesSync(file, now, now);
    return false;
  } catch {
    make(file).catch(() => undefined);
    return true;
  }
}

/** Removes, meanwhile, the marks of a folder that are older. */
export function removeOldMarks(folder: string, olderThanMs: number): void {
  remove(folder, Date.now() - olderThanMs).catch(() => undefined);
}

async function remove(folder: string, beforeMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if ((readMark(file) ?? Number.POSITIVE_INFINITY) < beforeMs) await unlink(file);
  }
}

async function make(file: string): Promise<void> {
  await makeFolder(path.dirname(file));
  await writeFile(file, '', { mode: 0o600 });
}

/** In milliseconds since 1970. */
export function readMark(file: string): number | undefined {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
}
