/** Replaces a file so that a reader, or a crash, sees the old text or the new one and nothing between. */
import { mkdir, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** The file that a path leads to: a symbolic link stays one and its target is replaced. A link to nothing is followed as well. */
export async function resolveTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const directory = dirname(path);
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return join(await realpath(directory), basename(path));
  }
}

/** The text, one character per byte, so that damaged lines survive a rewrite; '' for a file that is not there. */
export async function readBytes(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/** Writes the text of `readBytes` back, keeping the mode of the file that it replaces (0600 for a new one). */
export async function replaceFile(path: string, text: string): Promise<void> {
  const mode = await findMode(path);
  // A rename would replace a read-only file all the same, which is not what its owner meant.
  if (mode !== undefined && (mode & 0o222) === 0) throw new Error('the file is read-only');
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const file = await open(temporary, 'wx', mode ?? 0o600);
    try {
      await file.writeFile(text, 'latin1');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function findMode(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Makes the rename last through a power cut. Windows opens no directories and needs none of this. */
async function syncDirectory(path: string): Promise<void> {
  try {
    await using directory = await open(path, 'r');
    await directory.sync();
  } catch {
    // Some network file systems refuse it; the file itself is synced.
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
