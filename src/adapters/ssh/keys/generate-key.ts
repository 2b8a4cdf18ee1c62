/** Makes a new key pair as `ssh-keygen -t ed25519 -N ''` does. */
import { generateKeyPairSync, randomInt } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatAuthorizedKey } from '../../../contract/keys/authorized-keys.ts';
import { formatOpenSshKey } from '../../../contract/keys/openssh-key.ts';
import { fromKeyObject } from '../../../contract/keys/public-key.ts';
import { failure } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { run } from '../../../workspace/errors/suggestion.ts';
import { type Identity, toNamedKey } from '../../../workspace/keys/keys.ts';

/**
 * Writes `path` (0600) and `path.pub` (0644), neither of which may exist; a new directory gets 0700. Throws
 * `LOCAL_FILE_FAILED`.
 */
export async function generateKeyPair(path: string, comment: string): Promise<Identity> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const key = { ...fromKeyObject(publicKey), comment };
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, formatOpenSshKey(privateKey, comment, randomInt(2 ** 32)), { flag: 'wx', mode: 0o600 });
    await writePublicHalf(path, `${formatAuthorizedKey(key)}\n`);
  } catch (cause) {
    throw failure('LOCAL_FILE_FAILED', {
      message: `The key pair cannot be written to ${path}`,
      reason: toReason(cause, 'file'),
      suggestions: [run('ls')`-l ${path} ${path}.pub`],
      cause,
    });
  }
  return { ...toNamedKey(key), source: 'file', path, encrypted: false };
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
