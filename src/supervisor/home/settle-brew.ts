/** Homebrew's prefix, `/home/linuxbrew/.linuxbrew`: a folder of the home's volume that its user made. */
import { mkdir, readlink, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import path from 'node:path';
import { BREW_FOLDER, LINUXBREW_HOME_FOLDER } from '../../contract/paths.ts';
import { find, isUsable, setAside } from './volume.ts';

export interface Brew {
  setAside: string[];
  /** Why nothing can be installed into the prefix; undefined where something can. */
  fault: string | undefined;
}

/**
 * Never throws: a home without Homebrew is a home. 0.1 had its files in the home's own folder `.linuxbrew`. They come
 * here by one rename and leave a link behind, because Homebrew asks for the real path of its prefix: with a link here
 * its packages would be of no use.
 */
export async function settleBrew(home: string): Promise<Brew> {
  const root = path.dirname(home);
  const folder = path.join(root, BREW_FOLDER);
  const prefix = path.join(folder, LINUXBREW_HOME_FOLDER);
  const brew: Brew = { setAside: [], fault: undefined };
  try {
    brew.setAside.push(...(await makeFolder(folder)));
    await takeOver(root, prefix, home);
    brew.setAside.push(...(await makeFolder(prefix)));
    if (!(await isUsable(prefix))) brew.fault = `${prefix} cannot be written`;
  } catch (error) {
    brew.fault = (error as Error).message;
  }
  return brew;
}

/** Returns what was in the way and lies beside it now. A link counts as what it leads to, out of the volume too. */
async function makeFolder(folder: string): Promise<string[]> {
  const target = await stat(folder).catch(() => undefined);
  if (target?.isDirectory()) return [];
  const moved = (await find(folder)) === undefined ? [] : [await setAside(folder)];
  await mkdir(folder, { mode: 0o755 });
  return moved;
}

const OWN_LINK = `${BREW_FOLDER}/${LINUXBREW_HOME_FOLDER}`;

/**
 * Whether `.linuxbrew` at a volume's root is Homebrew's folder of 0.1, or the link that took its place, and not its
 * user's.
 */
export async function isBrewFolder(file: string): Promise<boolean> {
  return ((await find(file))?.isDirectory() ?? false) || (await readlink(file).catch(() => undefined)) === OWN_LINK;
}

/**
 * What was there before must be found under both paths at each moment that a start may be cut off in, or by the next.
 */
async function takeOver(root: string, prefix: string, home: string): Promise<void> {
  const old = path.join(root, LINUXBREW_HOME_FOLDER);
  const folder = await realpath(home);
  const own = path.join(folder, LINUXBREW_HOME_FOLDER);
  const before = (await isBrewFolder(old)) ? await find(old) : undefined;
  // A home at the root has always had one.
  const link = async () => {
    if ((await find(own)) === undefined) await symlink(path.relative(folder, prefix), own);
  };
  if (own !== old && before !== undefined) await link();
  if (before?.isDirectory() && (await find(prefix)) === undefined) {
    // A folder that this user may not write cannot go elsewhere; then the prefix is a link to it.
    await rename(old, prefix).catch(() => symlink(`../${LINUXBREW_HOME_FOLDER}`, prefix));
  }
  if (own === old) await link();
  else if (before?.isSymbolicLink()) await rm(old);
}
