/** Where on its volume a home is. */

import { chmod, mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { Explained } from '../../contract/explained.ts';
import { gather } from './gather.ts';
import {
  find,
  GATHER_REQUEST,
  GATHERING,
  hasContent,
  isGatheringAskedFor,
  isUsable,
  lookAt,
  looksLikeHome,
  readMark,
  setAside,
  writeMark,
} from './volume.ts';

/** New homes are closed to everybody but the user and the group, which is the pod's own. */
export const HOME_MODE = 0o750;

/**
 * `folder`: a folder that its user made. `root`: the volume's root, as in 0.1, to which a link of the user's name
 * leads. `linked`: a folder of another name, to which such a link leads.
 */
export type Layout = 'folder' | 'root' | 'linked';

export interface Settled {
  layout: Layout;
  /** What was in the home's way and now lies beside it. */
  setAside: string[];
  /** How many files and folders of the volume's root were moved into the home's own folder. */
  gathered: number;
  /** Why we did not do that although the user asked for it. */
  notGathered?: string;
}

/**
 * Sees to it that `home`, a path right below the volume's root, is a folder that the user can work in: its own, or,
 * where the volume's root is a home already, a link to that. The volume is one home: under another user's name it is
 * the same. No file is deleted. Files are moved only where a home at the root has an entry of its user's name, so that
 * a link cannot have it, or where the user asked for it. Throws what the file system says, or an Error with one
 * sentence.
 */
export async function settleHome(home: string): Promise<Settled> {
  const root = path.dirname(home);
  const name = path.basename(home);
  const settled: Settled = { layout: 'folder', setAside: [], gathered: 0 };
  const reason = await findReasonToGather(root, home);
  if (reason !== undefined) {
    try {
      settled.gathered = await gather(root, name);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (reason === 'asked')
        settled.notGathered = `the home stays the root of its volume, though ${GATHER_REQUEST} asks for a folder: ${message}`;
      else if (code !== undefined) throw error;
      else
        throw new Explained(
          `the home is the root of its volume and must move into a folder of it, since it has an entry of its user's name, but ${message}, or take another user.name`,
        );
    }
  }
  if ((await lookAt(home)) === 'something else') settled.setAside.push(await setAside(home));
  if ((await lookAt(home)) === 'nothing') await make(root, name);
  settled.layout = LAYOUTS[await lookAt(home)] ?? 'folder';
  if ((await readMark(root)) === undefined) await writeMark(root, settled.layout === 'root' ? '.' : name);
  return settled;
}

const LAYOUTS: Partial<Record<string, Layout>> = { 'link to the root': 'root', 'link to a folder': 'linked' };

/**
 * Why the root, which is a home, needs a folder: it was being gathered when a start was cut off, it has an entry of its
 * user's name, or it was asked for.
 */
async function findReasonToGather(root: string, home: string): Promise<'cut off' | 'name' | 'asked' | undefined> {
  const entry = await lookAt(home);
  const mark = await readMark(root);
  const isRoot = mark === '.' || (mark === undefined && (await looksLikeHome(root)));
  const isHalf = (await find(path.join(root, GATHERING)))?.isDirectory() ?? false;
  // What is in the way of an undecided home would be set aside, and the root be the home that the next start gathers.
  const isUndecided = mark === undefined && entry === 'something else';
  if (isHalf && (isRoot || entry === 'nothing' || isUndecided)) return 'cut off';
  if (entry === 'link to the root') return (await isGatheringAskedFor(root)) ? 'asked' : undefined;
  return isRoot && (entry === 'folder' || entry === 'something else') ? 'name' : undefined;
}

async function make(root: string, name: string): Promise<void> {
  const home = path.join(root, name);
  const mark = await readMark(root);
  if (mark === '.' || (mark === undefined && (await hasContent(root)))) return symlink('.', home);
  // A folder that this user may not enter is another person's.
  if (mark !== undefined && mark !== name && (await isFolderOf(root, mark))) return symlink(mark, home);
  await mkdir(home, { mode: HOME_MODE });
  // The volume's root hands its group's bit down. A volume that gives all files one owner may let nobody change a mode.
  await chmod(home, HOME_MODE).catch(() => undefined);
}

async function isFolderOf(root: string, name: string): Promise<boolean> {
  const entry = await lookAt(path.join(root, name)).catch(() => 'nothing');
  return (entry === 'folder' || entry === 'link to a folder') && (await isUsable(path.join(root, name)));
}
