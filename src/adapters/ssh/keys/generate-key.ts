/** Makes a new key pair as `ssh-keygen -t ed25519 -N ''` does. */
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatAuthorizedKey } from '../../../contract/keys/authorized-keys.ts';
import { formatOpenSshKey } from '../../../contract/keys/openssh-key.ts';
import { fromKeyObject } from '../../../contract/keys/public-key.ts';
import { failure } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { again, run, type Suggestion, ws } from '../../../workspace/errors/suggestion.ts';
import { type Identity, toNamedKey } from '../../../workspace/keys/keys.ts';

/**
 * Writes `path` (0600) and `path.pub` (0644), neither of which may exist; `makeFolder` makes what is missing above
 * them. Throws `LOCAL_FILE_FAILED`.
 */
export async function generateKeyPair(
  path: string,
  comment: string,
  makeFolder: (folder: string) => Promise<void>,
): Promise<Identity> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = { ...fromKeyObject(publicKey), comment };
  try {
    await makeFolder(dirname(path));
    await writeFile(path, formatOpenSshKey(privateKey, comment, randomInt(2 ** 32)), { flag: 'wx', mode: 0o600 });
    await writePublicHalf(path, `${formatAuthorizedKey(key)}\n`);
  } catch (cause) {
    throw failure('LOCAL_FILE_FAILED', {
      message: `The key pair cannot be written to ${path}`,
      reason: toReason(cause, 'file'),
      suggestions: suggestElsewhere(path, cause as NodeJS.ErrnoException),
      cause,
    });
  }
  return { ...toNamedKey(key), source: 'file', path, encrypted: false };
}

/** Only what is there can be looked at: the folder in which the missing one could not be made. */
function suggestElsewhere(path: string, { code, syscall, path: refused }: NodeJS.ErrnoException): Suggestion[] {
  if (code === 'EEXIST') return [run('ls')`-l ${path} ${path}.pub`];
  const folder = dirname(syscall === 'mkdir' && refused !== undefined ? refused : path);
  return [
    again({ ...ws`up --identity FILE`, note: 'takes a key that you have' }),
    ...(code === 'ENOTDIR' ? [] : [run('ls')`-ld ${folder}`]),
  ];
}

/** Takes the private half back when the public one cannot be written, so that a retry starts clean. */
async function writePublicHalf(path: string, line: string): Promise<void> {
  try {
    await writeFile(`${path}.pub`, line, { flag: 'wx', mode: 0o644 });
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}
