/**
 * Where the socket of a held connection is: one for each workspace as this user, with this configuration, reaches it.
 */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Place } from '../../workspace/place.ts';
import { PROTOCOL } from './frames.ts';

/**
 * All that decides which workspace is reached, and as whom. Whatever may change is in here, so a socket is never for
 * another one.
 */
export interface HeldConnectionKey extends Omit<Place, 'kubeconfig'> {
  version: string;
  workspace: string;
  /** The kubeconfig files that are looked at; their content counts by its time and size. */
  kubeconfigs: string[];
  configFolder: string;
}

/** Where sockets may be: the user's own runtime folder, else one in the folder for what is temporary. */
export interface SocketFolders {
  runtime: string | undefined;
  temporary: string;
}

/** A Unix socket's path has room for no more (sun_path on macOS, the shortest). */
const LONGEST_PATH_BYTES = 103;

/**
 * The socket's path, in the first folder that only this user can enter, made when it is absent. Undefined where
 * connections cannot be held: on Windows, whose pipes have no such folder, or where the folder is not ours alone.
 */
export function findSocketPath(key: HeldConnectionKey, { runtime, temporary }: SocketFolders): string | undefined {
  const uid = process.getuid?.();
  if (process.platform === 'win32' || uid === undefined) return undefined;
  const files = key.kubeconfigs.map((file) => [file, ...toStamp(file)]);
  const hash = createHash('sha256')
    .update(JSON.stringify({ ...key, files, protocol: PROTOCOL }))
    .digest('hex')
    .slice(0, 24);
  // By the UID: in a container it need not have a name. A runtime folder may be another user's, as after su, or deep.
  const folders = [...(runtime === undefined ? [] : [path.join(runtime, 'ws')]), path.join(temporary, `ws-${uid}`)];
  return folders
    .map((folder) => path.join(folder, `${hash}.sock`))
    .find((socket) => Buffer.byteLength(socket) <= LONGEST_PATH_BYTES && isPrivate(path.dirname(socket), uid));
}

function toStamp(file: string): number[] {
  try {
    const { mtimeMs, size, ino } = statSync(file);
    return [mtimeMs, size, ino];
  } catch {
    return [];
  }
}

function isPrivate(folder: string, uid: number): boolean {
  try {
    // Never its parents: whoever named a folder that is not there meant another machine, and below /proc Node tries for
    // ever.
    if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    const found = lstatSync(folder);
    return found.isDirectory() && found.uid === uid && (found.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
