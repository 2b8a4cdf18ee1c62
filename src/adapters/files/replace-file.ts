import { chown, lstat, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** No writer takes so long. */
const LEFT_MS = 3_600_000;

/**
 * The one writer of files that others read meanwhile: they see the old bytes or the new ones, and nothing between. Mode
 * and owner stay; a new file is its owner's alone. `isDurable` makes it last through a power cut, which takes a disk's
 * time.
 */
export async function replaceFile(target: string, bytes: Buffer, { isDurable }: { isDurable: boolean }): Promise<void> {
  const old = await findStat(target);
  const temporary = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const file = await open(temporary, 'wx', (old?.mode ?? 0o600) & 0o777);
    try {
      await file.writeFile(bytes);
      // Some network file systems know no modes, and some sync by themselves alone.
      if (old !== undefined) await file.chmod(old.mode & 0o777).catch(unlessUnsupported);
      if (isDurable) await file.sync().catch(unlessUnsupported);
    } finally {
      await file.close();
    }
    // Under sudo the file stays its owner's.
    if (old !== undefined) await chown(temporary, old.uid, old.gid).catch(() => undefined);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (isDurable) await syncDirectory(path.dirname(target));
  await removeLeft(target).catch(() => undefined);
}

/** Each writer that was killed while it wrote has left a file. */
async function removeLeft(target: string): Promise<void> {
  const [folder, beginning] = [path.dirname(target), `${path.basename(target)}.`];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(beginning) || !/^\d+\.[a-z0-9]+\.tmp$/.test(name.slice(beginning.length))) continue;
    const file = path.join(folder, name);
    const { mtimeMs } = await lstat(file);
    if (Date.now() - mtimeMs > LEFT_MS) await rm(file, { force: true });
  }
}

function unlessUnsupported(error: NodeJS.ErrnoException): void {
  if (!['EPERM', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code ?? '')) throw error;
}

/** The file's metadata; undefined where there is none. */
export async function findStat(file: string) {
  try {
    return await stat(file);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Makes the rename last through a power cut. Windows opens no directories and needs none of this. */
async function syncDirectory(directory: string): Promise<void> {
  try {
    await using opened = await open(directory, 'r');
    await opened.sync();
  } catch {
    // Some network file systems refuse it; the file itself is synced.
  }
}

export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
