/** What lies at the root of a home's volume, and how to look at it when anybody may have put anything there. */

import { constants, type Stats } from 'node:fs';
import { access, lstat, opendir, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Explained } from '../../contract/explained.ts';
import { BREW_FOLDER, HOME_MARK, LINUXBREW_HOME_FOLDER } from '../../contract/paths.ts';
import { toShownPath } from './shown-path.ts';

/** The folder that a home is gathered in. It is left over only when a start was interrupted. */
export const GATHERING = '.ws-gathering';

/** Put there by its user, it asks for a folder of its own for a home that is the volume's root. */
export const GATHER_REQUEST = '.ws-gather';

const SET_ASIDE = /\.set-aside-\d+$/;
const MAX_NAMES = 1000;

/** At a volume's root, and in nobody's home: the file system's own, the storage's, and what `ws` makes. */
const NOT_CONTENT = new Set([
  'lost+found',
  '.snapshot',
  '.zfs',
  BREW_FOLDER,
  LINUXBREW_HOME_FOLDER,
  HOME_MARK,
  `${HOME_MARK}.new`,
  GATHERING,
  GATHER_REQUEST,
]);

/** What 0.1 and every login leave at the root of a volume that is the home itself. */
const SIGNS_OF_A_HOME = ['.bashrc', '.profile', '.bash_history', '.ssh'];

/** What is under a name, whoever put it there. A link counts as what it leads to. */
export type Entry = 'nothing' | 'folder' | 'link to the root' | 'link to a folder' | 'something else';

export async function lookAt(file: string): Promise<Entry> {
  const own = await find(file);
  if (own === undefined) return 'nothing';
  if (own.isDirectory()) return 'folder';
  if (!own.isSymbolicLink()) return 'something else';
  try {
    const [target, root] = await Promise.all([realpath(file), realpath(path.dirname(file))]);
    if (target === root) return 'link to the root';
    // A target outside the volume is not the user's, or ends with the pod.
    return target.startsWith(`${root}/`) && (await stat(target)).isDirectory() ? 'link to a folder' : 'something else';
  } catch {
    // It leads nowhere, in a circle, or where this user may not go.
    return 'something else';
  }
}

/** The entry itself, links not followed; undefined where there is none. Throws where the folder cannot be entered. */
export async function find(file: string): Promise<Stats | undefined> {
  return lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(error.code ?? '')) return undefined;
    throw error;
  });
}

/** Why this user may not do all with a folder that a home needs, as the system's code; undefined where nothing does. */
export async function findRefusal(folder: string): Promise<string | undefined> {
  return access(folder, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => undefined,
    ({ code }: NodeJS.ErrnoException) => code ?? 'EACCES',
  );
}

/** Whether this user may do all with a folder that a home needs. */
export async function isUsable(folder: string): Promise<boolean> {
  return (await findRefusal(folder)) === undefined;
}

/** Whether a folder holds anything that somebody put there to stay. */
export async function hasContent(folder: string): Promise<boolean> {
  for await (const { name } of await opendir(folder)) if (!NOT_CONTENT.has(name) && !SET_ASIDE.test(name)) return true;
  return false;
}

/** Whether the root has been a home: 0.1 mounted it there, with Homebrew's folder in it. */
export async function looksLikeHome(root: string): Promise<boolean> {
  if ((await find(path.join(root, LINUXBREW_HOME_FOLDER)))?.isDirectory()) return true;
  for (const name of SIGNS_OF_A_HOME) if ((await find(path.join(root, name))) !== undefined) return true;
  return false;
}

/**
 * Which folder of the volume is its home, `.` for the root; undefined where that was never decided, or nonsense stands.
 */
export async function readMark(root: string): Promise<string | undefined> {
  const target = await readlink(path.join(root, HOME_MARK)).catch(() => undefined);
  return target !== undefined && target !== '' && target !== '..' && !target.includes('/') ? target : undefined;
}

/** Best effort: without it the next start decides by what it finds. */
export async function writeMark(root: string, folder: string): Promise<void> {
  if ((await readMark(root)) === folder) return;
  await prepareMark(root, folder).then(
    (commit) => commit(),
    // A volume of somebody else's may not be written at its root.
    () => undefined,
  );
}

/** Writes the mark beside its place; what is returned puts it there in one step, which needs no space. */
export async function prepareMark(root: string, folder: string): Promise<() => Promise<void>> {
  const mark = path.join(root, HOME_MARK);
  const next = `${mark}.new`;
  for (const file of [mark, next]) {
    const found = await find(file);
    // Only a link can be one that this wrote.
    if (found !== undefined && !found.isSymbolicLink()) await setAside(file);
  }
  await rm(next, { force: true });
  await symlink(folder, next);
  return () => rename(next, mark);
}

/** Whether its user asked for a folder of its own for a home at the root, by an empty file. */
export async function isGatheringAskedFor(root: string): Promise<boolean> {
  const found = await find(path.join(root, GATHER_REQUEST));
  return found !== undefined && found.isFile() && found.size === 0;
}

/** Moves what is in the way to a free name beside it, which it returns: nobody's file is ever deleted. */
export async function setAside(file: string): Promise<string> {
  for (let number = 1; number <= MAX_NAMES; number += 1) {
    const free = `${file}.set-aside-${number}`;
    if ((await find(free)) !== undefined) continue;
    await rename(file, free);
    return free;
  }
  throw new Explained(
    `${toShownPath(file)} is in the way of the home, and a thousand others like it were set aside before`,
  );
}
