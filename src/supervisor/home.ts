import { chmodSync, cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { LINUXBREW_HOME_FOLDER } from '../contract/paths.ts';

/** What a fresh volume holds before anybody has used it. */
const NOT_CONTENT = new Set(['lost+found', LINUXBREW_HOME_FOLDER]);

/** What was done to the home, for the log. */
export interface HomeReport {
  filled: boolean;
  /** Paths whose mode was tightened. */
  tightened: string[];
}

/**
 * Prepares the home: skeleton files into an empty one, and modes that OpenSSH inside accepts, since a volume's group
 * rights (fsGroup) open every file to the group. A used home is never written to otherwise. Best effort on modes: some
 * volumes have none.
 */
export function prepareHome(home: string, skeleton: string): HomeReport {
  const filled = readdirSync(home).every((name) => NOT_CONTENT.has(name));
  if (filled) cpSync(skeleton, home, { recursive: true, errorOnExist: false, force: false });
  return { filled, tightened: tightenModes(home) };
}

function tightenModes(home: string): string[] {
  const ssh = path.join(home, '.ssh');
  const wanted: [string, number][] = [[home, 0o755]];
  for (const folder of [ssh, path.join(home, '.gnupg')]) wanted.push([folder, 0o700]);
  for (const name of listFiles(ssh)) if (isPrivateKey(path.join(ssh, name))) wanted.push([path.join(ssh, name), 0o600]);
  return wanted.filter(([file, mode]) => tighten(file, mode)).map(([file]) => file);
}

function tighten(file: string, mode: number): boolean {
  try {
    const before = statSync(file).mode & 0o777;
    // Only ever takes rights away.
    if ((before & ~mode) === 0) return false;
    chmodSync(file, before & mode);
    return true;
  } catch {
    return false;
  }
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function isPrivateKey(file: string): boolean {
  try {
    return readFileSync(file, 'latin1').slice(0, 64).includes('PRIVATE KEY-----');
  } catch {
    return false;
  }
}
