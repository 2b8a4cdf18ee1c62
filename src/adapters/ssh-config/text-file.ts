/** A text file of the user's, changed in one step: a reader, or a crash, sees the old text or the new one. */
import {
  access,
  chown,
  constants,
  mkdir,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import path from 'node:path';
import { failure } from '../../workspace/errors.ts';
import type { TextFile } from '../../workspace/ssh-config.ts';

/** The file at an absolute path; `remedy` is what can be done by hand where it cannot be written. */
export function openTextFile(file: string, remedy: string[]): TextFile {
  const explain = async <Result>(action: () => Promise<Result>): Promise<Result> => {
    try {
      return await action();
    } catch (cause) {
      const reason = toReason(cause as NodeJS.ErrnoException);
      throw failure('LOCAL_FILE_FAILED', {
        message: `${file} cannot be changed`,
        reason,
        suggestions: remedy,
        cause,
      });
    }
  };
  return {
    path: file,
    read: () => explain(() => readText(file)),
    update: (change) =>
      explain(async () => {
        const target = await resolveTarget(file);
        const before = await readText(target);
        const after = change(before);
        if (after !== before) await replace(target, after);
      }),
    remove: () => explain(() => rm(file, { force: true })),
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** A symbolic link stays one, and what it leads to is replaced: people keep their configuration in a repository. */
async function resolveTarget(file: string): Promise<string> {
  try {
    return await realpath(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const next = await readlink(file).catch(() => undefined);
    if (next !== undefined) return resolveTarget(path.resolve(path.dirname(file), next));
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    return path.join(await realpath(path.dirname(file)), path.basename(file));
  }
}

async function replace(target: string, text: string): Promise<void> {
  const old = await stat(target).catch(() => undefined);
  if (old !== undefined) {
    // A rename would replace a read-only file all the same, which is not what its owner meant.
    if ((old.mode & 0o222) === 0) throw new Error('the file is read-only');
    await access(target, constants.W_OK);
  }
  const temporary = `${target}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    const file = await open(temporary, 'wx', (old?.mode ?? 0o600) & 0o777);
    try {
      await file.writeFile(text, 'latin1');
      if (old !== undefined) await file.chmod(old.mode & 0o777);
      await file.sync();
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
}

function toReason(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
      return 'it may not be written or read by this user';
    case 'EROFS':
      return 'it is on a read-only file system';
    case 'ENOSPC':
      return 'the disk is full';
    case 'EISDIR':
      return 'it is a directory';
    default:
      return error.message;
  }
}
