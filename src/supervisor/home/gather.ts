/** A home at its volume's root becomes a folder of it, by renaming: no path that its user knows changes. */

import { constants, type Stats } from 'node:fs';
import { access, chmod, lstat, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Explained } from '../../contract/explained.ts';
import { BREW_FOLDER, HOME_MARK, LINUXBREW_HOME_FOLDER } from '../../contract/paths.ts';
import { isBrewFolder } from './settle-brew.ts';
import { toShownPath } from './shown-path.ts';
import { find, GATHER_REQUEST, GATHERING, isGatheringAskedFor, lookAt, prepareMark, setAside } from './volume.ts';

/**
 * Moves all that is at the root into its folder `name`, and returns how many entries that were. Cut off, it goes on at
 * the next start. Throws `Explained` that names the entry, before anything is moved, where one cannot be.
 */
export async function gather(root: string, name: string): Promise<number> {
  const own = await lstat(root);
  const temporary = path.join(root, GATHERING);
  const names = (await readdir(root)).filter((entry) => !STAYS.has(entry));
  const links: string[] = [];
  const moved: string[] = [];
  for (const entry of names) {
    const file = path.join(root, entry);
    if ((await lookAt(file)) === 'link to the root') links.push(entry);
    else if (!(await isBrew(root, entry))) moved.push(entry);
  }
  for (const entry of moved) await verifyMovable(path.join(root, entry), own);
  // While we move things, the root is the home. Write that down, because the next start could guess otherwise.
  await (await prepareMark(root, '.'))();
  const mark = await prepareMark(root, name);
  await makeTemporary(temporary);
  for (const entry of moved) {
    const target = path.join(temporary, entry);
    // After an interrupted start, somebody may have made an entry of that name again.
    if ((await find(target)) !== undefined) await setAside(target);
    await move(path.join(root, entry), target);
  }
  for (const link of links) await rm(path.join(root, link));
  // From here on the folder is the home, also for a start that finds it still under its temporary name.
  await mark();
  await rename(temporary, path.join(root, name));
  for (const link of links) if (link !== name) await symlink(name, path.join(root, link));
  if (await isGatheringAskedFor(root)) await rm(path.join(root, GATHER_REQUEST));
  return moved.length;
}

/** One that is there holds half of a home; anything else of that name is in the way. */
async function makeTemporary(folder: string): Promise<void> {
  const found = await find(folder);
  const isOwn = found?.isDirectory() === true && found.uid === process.getuid?.();
  if (isOwn) return chmod(folder, 0o750);
  if (found !== undefined) await setAside(folder);
  await mkdir(folder, { mode: 0o750 });
}

const STICKY = 0o1000;
const ALL_BITS = 0o7777;

const STAYS = new Set(['lost+found', '.snapshot', '.zfs', HOME_MARK, `${HOME_MARK}.new`, GATHERING, GATHER_REQUEST]);

/** Homebrew's folders, which `settleBrew` sees to; a folder of the user's own that is called so is content. */
async function isBrew(root: string, entry: string): Promise<boolean> {
  if (entry === LINUXBREW_HOME_FOLDER) return isBrewFolder(path.join(root, entry));
  if (entry !== BREW_FOLDER) return false;
  // A folder that we may not enter cannot be moved either.
  return find(path.join(root, entry, LINUXBREW_HOME_FOLDER)).then(
    (inner) => inner !== undefined,
    () => true,
  );
}

/**
 * The owner may move a folder that is closed to himself, but the system asks for the right to write it: its parent
 * changes.
 */
async function move(from: string, to: string): Promise<void> {
  const { mode } = await lstat(from);
  if (!(await isClosedOwn(from))) return rename(from, to);
  await chmod(from, (mode & ALL_BITS) | 0o200);
  await rename(from, to);
  await chmod(to, mode & ALL_BITS);
}

async function isClosedOwn(file: string): Promise<boolean> {
  const entry = await lstat(file);
  return entry.isDirectory() && entry.uid === process.getuid?.() && (entry.mode & 0o200) === 0;
}

/** What rename(2) asks for: no other file system, a folder that one may write, and in a sticky folder one's own. */
async function verifyMovable(file: string, root: Stats): Promise<void> {
  const entry = await lstat(file);
  const uid = process.getuid?.() ?? 0;
  const isSticky = (root.mode & STICKY) !== 0 && root.uid !== uid && entry.uid !== uid;
  const isWritable =
    !entry.isDirectory() ||
    (await isClosedOwn(file)) ||
    (await access(file, constants.W_OK).then(
      () => true,
      () => false,
    ));
  if (entry.dev !== root.dev) throw new Explained(`${toShownPath(file)} cannot be moved: it is another volume`);
  if (isSticky || !isWritable)
    throw new Explained(`${toShownPath(file)} cannot be moved, since it belongs to UID ${entry.uid}: change its owner`);
}
