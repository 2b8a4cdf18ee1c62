import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Explained } from '../../contract/explained.ts';
import type { Account } from '../config.ts';

/**
 * Writes `passwd` and `group` for a UID that nobody knew before the pod started, as OpenShift gives one: the files of
 * the image and one more line each. Dropbear logs in only who has one.
 */
export function writeUserFiles(folder: string, account: Account, image: { passwd: string; group: string }): void {
  writeFileSync(path.join(folder, 'passwd'), withLine(image.passwd, account.name, account.uid, toPasswdLine(account)));
  writeFileSync(
    path.join(folder, 'group'),
    withLine(image.group, account.name, account.gid, `${account.name}:x:${account.gid}:`),
  );
}

export function toPasswdLine(account: Account): string {
  return `${account.name}:x:${account.uid}:${account.gid}:${account.name}:${account.home}:${account.shell}`;
}

/**
 * Throws `Explained` with one sentence when Dropbear would let nobody in for their shell. `shells`: the text of
 * /etc/shells.
 */
export function verifyShell(shell: string, shells: string): void {
  const known = shells.split('\n').filter((line) => line.startsWith('/'));
  if (!known.includes(shell))
    throw new Explained(
      `the login shell ${shell} is none of the image's, so nobody could log in; it has ${known.join(', ')}`,
    );
}

/** Drops lines of the same name or ID, so that each has one meaning. */
function withLine(text: string, name: string, id: number, line: string): string {
  const others = text
    .split('\n')
    .filter((row) => row !== '' && !row.startsWith(`${name}:`) && row.split(':')[2] !== String(id));
  return `${[...others, line].join('\n')}\n`;
}
