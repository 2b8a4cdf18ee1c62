/** The home, before anybody logs in. */

import type { Stats } from 'node:fs';
import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Explained } from '../../contract/explained.ts';
import { awaitVolume } from '../runtime/slow-call.ts';
import { tightenModes } from './modes.ts';
import { settleBrew } from './settle-brew.ts';
import { HOME_MODE, type Layout, settleHome } from './settle-home.ts';
import { find, findRefusal, hasContent } from './volume.ts';

/** After this time a volume counts as one that does not answer (NFS without its server). */
const ANSWER_LIMIT_MS = 60_000;

/** The volume's root belongs to its group; what counts is that others may not write it. */
const ROOT_MODE = 0o755;

/** What we did to the home, for the log. */
export interface HomeReport {
  layout: Layout;
  filled: boolean;
  /** Paths whose mode was tightened. */
  tightened: string[];
  /** What lay where a folder must be, moved out of the way. */
  setAside: string[];
  /** How many entries of a home at the volume's root were moved into a folder. */
  gathered: number;
  /** What failed without keeping anybody from working. */
  faults: string[];
}

/**
 * Prepares the home: its folder, Homebrew's, skeleton files into an empty one, and modes that OpenSSH inside accepts. A
 * used home is never written to otherwise. Whatever a user can have put there, this ends, or throws `Explained` with
 * one sentence that says what is wrong with the volume and what to do.
 */
export async function prepareHome(
  home: string,
  skeleton: string,
  limitMs: number = ANSWER_LIMIT_MS,
): Promise<HomeReport> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    const seconds = Math.round(limitMs / 1000);
    const sentence = `the home's volume did not answer within ${seconds} s; see whether its server is up`;
    timer = setTimeout(() => reject(new Explained(sentence)), limitMs);
  });
  try {
    return await Promise.race([awaitVolume(() => prepare(home, skeleton)), limit]);
  } finally {
    clearTimeout(timer);
  }
}

async function prepare(home: string, skeleton: string): Promise<HomeReport> {
  const settled = await settleHome(home).catch(async (error: NodeJS.ErrnoException) => {
    throw error.code === undefined ? error : new Explained(await describe(path.dirname(home), error.code));
  });
  await openToItsOwner(home);
  const refusal = await findRefusal(home);
  if (refusal !== undefined) throw new Explained(await describe(home, refusal));
  const brew = await settleBrew(home);
  const faults = [settled.notGathered, brew.fault].filter((fault) => fault !== undefined);
  const filled = !(await hasContent(home));
  if (filled) {
    await copyFiles(skeleton, home).catch((error: Error) => {
      faults.push(`the files of ${skeleton} could not be put into the home: ${error.message}`);
    });
  }
  return {
    layout: settled.layout,
    filled,
    tightened: await tightenModes(home, settled.layout === 'root' ? ROOT_MODE : HOME_MODE),
    setAside: [...settled.setAside, ...brew.setAside],
    gathered: settled.gathered,
    faults,
  };
}

/** Modes are given as each file is made: to copy them afterwards is what some volumes refuse. */
async function copyFiles(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if ((await find(target)) !== undefined && !entry.isDirectory()) continue;
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target);
    else if (entry.isDirectory()) {
      await mkdir(target, { recursive: true });
      await copyFiles(source, target);
    } else if (entry.isFile()) {
      const { mode } = await stat(source);
      await writeFile(target, await readFile(source), { flag: 'wx', mode: mode & 0o777 });
    }
  }
}

/** A user who closed the home even to himself gets it back: nobody else could open it. */
async function openToItsOwner(home: string): Promise<void> {
  const { uid, mode } = await stat(home);
  if (uid === process.getuid?.() && (mode & 0o700) !== 0o700) await chmod(home, (mode & 0o7777) | 0o700);
}

/** Why nobody can work in the home, and what to do about it. */
async function describe(folder: string, code: string): Promise<string> {
  const uid = process.getuid?.() ?? 0;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return `the home's volume is full, so that ${folder} cannot take a home; make it larger, or free some of it`;
  if (code === 'EROFS') return `the home's volume is read-only, and a home is written to; take another volume`;
  const owner = await find(folder).catch(() => undefined);
  if (code !== 'EACCES' && code !== 'EPERM') return `the home's volume cannot be used: ${code} in ${folder}`;
  return `the home cannot be written by UID ${uid}: ${folder} ${describeOwner(owner)}; change its owner to ${uid} (chown ${uid} on the volume), or take another volume or user.uid`;
}

function describeOwner(owner: Stats | undefined): string {
  if (owner === undefined) return 'cannot be looked at';
  return `belongs to ${owner.uid}:${owner.gid} with mode ${(owner.mode & 0o7777).toString(8).padStart(4, '0')}`;
}
