/** `ws`'s own known_hosts file, safe to be written by many `ws` at once. */
import { access, constants } from 'node:fs/promises';
import { failure, WorkspaceError } from '../../workspace/errors.ts';
import type { HostKey } from '../../workspace/keys.ts';
import { findKeys, replaceKeys } from '../../workspace/known-hosts-file.ts';
import type { KnownHosts } from '../../workspace/world.ts';
import { readBytes, replaceFile, resolveTarget } from './atomic-file.ts';

/** A writer holds the lock for milliseconds; one that died holding it is taken over after this. */
const STALE_MS = 10_000;
const RETRIES = { retries: 300, factor: 1.1, minTimeout: 5, maxTimeout: 100, randomize: true };

/** The known_hosts file at an absolute path. Its methods throw `LOCAL_FILE_FAILED`. */
export function createKnownHosts(path: string): KnownHosts {
  const replace = (alias: string, keys: HostKey[]) => explain(path, () => replaceLocked(path, alias, keys));
  return {
    path,
    find: (alias) => explain(path, async () => findKeys(await readBytes(path), alias)),
    pin: (alias, keys) => replace(alias, keys),
    forget: (alias) => replace(alias, []),
  };
}

async function replaceLocked(path: string, alias: string, keys: HostKey[]): Promise<void> {
  if (/[\s,*?!|]|^[#@]/.test(alias)) throw new Error(`"${alias}" cannot stand as a name in known_hosts`);
  // Nearly every call finds the key in its place: then nothing is locked or written.
  const seen = await readBytes(path);
  if (replaceKeys(seen, alias, keys) === seen) return;
  const target = await resolveTarget(path);
  const { default: lockfile } = await import('proper-lockfile');
  const release = await lockfile.lock(target, { realpath: false, stale: STALE_MS, retries: RETRIES });
  try {
    const text = await readBytes(target);
    const changed = replaceKeys(text, alias, keys);
    if (changed === text) return;
    if (text !== '') await access(target, constants.W_OK);
    await replaceFile(target, changed);
  } finally {
    await release();
  }
}

async function explain<Result>(path: string, action: () => Promise<Result>): Promise<Result> {
  try {
    return await action();
  } catch (cause) {
    if (cause instanceof WorkspaceError) throw cause;
    throw failure('LOCAL_FILE_FAILED', {
      message: `The known hosts file ${path} cannot be used`,
      reason: toReason(cause as NodeJS.ErrnoException),
      suggestions: [`ls -l ${path}`],
      cause,
    });
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
    case 'ELOCKED':
      return 'another program holds its lock';
    default:
      return error.message;
  }
}
