/** Modes that OpenSSH inside accepts, since a volume's group rights (fsGroup) open every file to the group. */
import { constants } from 'node:fs';
import { chmod, open, opendir, stat } from 'node:fs/promises';
import path from 'node:path';

/** We look at no more files of `~/.ssh`: nobody has more of them by accident. */
const MAX_FILES = 1000;

/** "-----BEGIN OPENSSH PRIVATE KEY-----" and its like are in front of everything else in a file. */
const HEAD_BYTES = 64;

const GROUP_AND_MORE = 0o7777;

/** Takes rights away, never gives any; returns whose were taken. Best effort: some volumes have no modes. */
export async function tightenModes(home: string, mode: number): Promise<string[]> {
  const ssh = path.join(home, '.ssh');
  const wanted: [string, number][] = [
    [home, mode],
    [ssh, 0o700],
    [path.join(home, '.gnupg'), 0o700],
  ];
  const tightened: string[] = [];
  for (const [file, most] of wanted) if (await tightenFolder(file, most)) tightened.push(file);
  for (const file of await listNames(ssh)) if (await tightenKey(file)) tightened.push(file);
  return tightened;
}

async function tightenFolder(folder: string, most: number): Promise<boolean> {
  try {
    const found = await stat(folder);
    const before = found.mode & GROUP_AND_MORE;
    if (!found.isDirectory() || (before & ~most) === 0) return false;
    await chmod(folder, before & most);
    return true;
  } catch {
    return false;
  }
}

async function listNames(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder)) {
      if (names.length === MAX_FILES) break;
      if (entry.isFile()) names.push(path.join(folder, entry.name));
    }
  } catch {
    // Not there, not a folder, or not to be read: nothing to tighten.
  }
  return names;
}

/** Uses one descriptor, so that we change what we judged, and never waits for a pipe in its place. */
async function tightenKey(file: string): Promise<boolean> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW).catch(
    () => undefined,
  );
  if (handle === undefined) return false;
  try {
    const found = await handle.stat();
    const before = found.mode & 0o777;
    if (!found.isFile() || (before & ~0o600) === 0) return false;
    const head = Buffer.alloc(HEAD_BYTES);
    await handle.read(head, 0, HEAD_BYTES, 0);
    if (!head.includes('PRIVATE KEY-----')) return false;
    await handle.chmod(before & 0o600);
    return true;
  } catch {
    return false;
  } finally {
    await handle.close();
  }
}
