/**
 * A file of the user's, changed in one step: a reader, or a crash, sees the old text or the new one and nothing
 * between. Text is one character per byte (latin1), so that damaged lines survive a rewrite.
 */
import { readFileSync } from 'node:fs';
import { access, constants, readlink, realpath, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from './make-folder.ts';
import { findStat, isMissing, replaceFile } from './replace-file.ts';

/**
 * A writer holds the lock for milliseconds; one that this process has seen stand still for so long was left by a dead
 * one.
 */
const STANDS_STILL_MS = 5000;
const RETRIES = { retries: 10, factor: 1.3, minTimeout: 5, maxTimeout: 100, randomize: true };
/** Others may take turns meanwhile. */
const LOCK_LIMIT_MS = 30_000;

/** The lock's own rule compares the file server's clock with this machine's, which may be minutes apart: never. */
const NEVER_STALE_MS = 365 * 24 * 3600 * 1000;

/** The text; '' for a file that is not there. Read at once: to hand so small a file to another thread takes longer. */
export async function readBytes(file: string): Promise<string> {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/**
 * Replaces the text by what `change` makes of it, safe against many `ws` that do so at once. Nothing is locked or
 * written when it makes no difference. The mode and the owner stay; a new file is its owner's alone. Returns whether
 * there was none.
 */
export async function updateFile(file: string, change: (text: string) => string): Promise<boolean> {
  const seen = await readBytes(file);
  if (change(seen) === seen) return false;
  const target = await resolveTarget(file);
  // Before the lock, whose own failure would say less.
  await verifyWritable(target);
  const release = await lock(target);
  try {
    const before = await readBytes(target);
    const after = change(before);
    if (after === before) return false;
    // A link is its owner's, also one that led to nothing.
    const isNew = (await findStat(target)) === undefined && !(await isLink(file));
    await replaceFile(target, Buffer.from(after, 'latin1'), { isDurable: true });
    return isNew;
  } finally {
    await release();
  }
}

/**
 * Locks the file against other `ws`, on any file system. It takes over a lock that stands still by this machine's
 * clock.
 */
async function lock(target: string): Promise<() => Promise<void>> {
  const { default: lockfile } = await import('proper-lockfile');
  const start = performance.now();
  let seen: { mark: string; sinceMs: number } | undefined;
  for (;;) {
    try {
      return await lockfile.lock(target, { realpath: false, stale: NEVER_STALE_MS, update: 60_000, retries: RETRIES });
    } catch (error) {
      const nowMs = performance.now();
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED' || nowMs - start > LOCK_LIMIT_MS) throw error;
      const found = await findStat(`${target}.lock`);
      const mark = `${found?.ino} ${found?.ctimeMs} ${found?.mtimeMs}`;
      if (seen?.mark !== mark) seen = { mark, sinceMs: nowMs };
      else if (nowMs - seen.sinceMs > STANDS_STILL_MS) await rm(`${target}.lock`, { recursive: true, force: true });
    }
  }
}

/**
 * The file that a path leads to: a symbolic link stays one, because people keep their configuration in a repository. So
 * does one that leads to nothing yet.
 */
async function resolveTarget(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const next = await readlink(file).catch(() => undefined);
    if (next !== undefined) return resolveTarget(path.resolve(path.dirname(file), next));
    await makeFolder(path.dirname(file));
    return path.join(await realpath(path.dirname(file)), path.basename(file));
  }
}

async function isLink(file: string): Promise<boolean> {
  return readlink(file).then(
    () => true,
    () => false,
  );
}

/** A rename would replace even a read-only file, which is not what its owner meant. */
async function verifyWritable(target: string): Promise<void> {
  const old = await findStat(target);
  if (old === undefined) return;
  if ((old.mode & 0o222) === 0) throw new Error('it is read-only');
  await access(target, constants.W_OK);
}
