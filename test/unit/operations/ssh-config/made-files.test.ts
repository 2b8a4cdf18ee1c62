import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTextFile } from '../../../../src/adapters/files/text-file.ts';
import { removeEmptied, updateUsers } from '../../../../src/operations/ssh-config/made-files.ts';
import type { SshConfigFiles } from '../../../../src/workspace/ssh-config/ssh-config.ts';

const LINE = 'Include /c/ssh_config\n';

let folder: string;
let files: SshConfigFiles;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-日本-'));
  const open = (name: string) => openTextFile(path.join(folder, name));
  files = { own: open('ssh_config'), users: open('config'), usersKnownHosts: open('known_hosts'), beside: open };
});

afterEach(() => rmSync(folder, { recursive: true }));

/** The line goes in, `between` happens, and the line goes out again. */
async function addAndRemove(between: () => void = () => undefined): Promise<void> {
  for (const file of [files.users, files.usersKnownHosts])
    if (file !== undefined) await updateUsers(file, (text) => `${LINE}${text}`, files);
  between();
  for (const file of [files.users, files.usersKnownHosts]) await file?.update((text) => text.replace(LINE, ''));
  await removeEmptied([files.users, files.usersKnownHosts], files);
}

describe('after the line is out again', () => {
  it('nothing is left of files that it has made', async () => {
    await addAndRemove();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('an empty file that was there before stays, and so does one with other lines', async () => {
    writeFileSync(files.users.path, '');
    await addAndRemove(() => writeFileSync(path.join(folder, 'known_hosts'), `${LINE}box ssh-ed25519 AAAA\n`));
    expect(readFileSync(files.users.path, 'utf8')).toBe('');
    expect(readFileSync(path.join(folder, 'known_hosts'), 'utf8')).toBe('box ssh-ed25519 AAAA\n');
    expect(readdirSync(folder).toSorted()).toEqual(['config', 'known_hosts']);
  });

  it('a link stays, also one that led to nothing', async () => {
    symlinkSync(path.join(folder, 'elsewhere'), files.users.path);
    await addAndRemove();
    expect(lstatSync(files.users.path).isSymbolicLink()).toBe(true);
    expect(existsSync(path.join(folder, 'elsewhere'))).toBe(true);
  });
});
