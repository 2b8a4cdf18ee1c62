/** Makes a new key pair as `ssh-keygen -t ed25519 -N ''` does. */
import { createPublicKey, generateKeyPairSync, randomInt } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { failure } from '../../../workspace/errors/errors.ts';
import { command } from '../../../workspace/errors/shell-words.ts';
import { type Identity, toAuthorizedKey, toFingerprint } from '../../../workspace/keys/keys.ts';
import { toOpenSshPrivateKey } from '../../../workspace/keys/private-key.ts';
import { toWire } from '../../../workspace/keys/wire.ts';

/** Writes `path` (0600) and `path.pub` (0644), neither of which may exist; a new directory gets 0700. Throws `LOCAL_FILE_FAILED`. */
export async function generateKeyPair(path: string, comment: string): Promise<Identity> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const point = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url');
  const type = 'ssh-ed25519';
  const blob = toWire(type, point).toString('base64');
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, toOpenSshPrivateKey(privateKey, comment, randomInt(2 ** 32)), { flag: 'wx', mode: 0o600 });
    await writePublicHalf(path, `${toAuthorizedKey({ type, blob, comment })}\n`);
  } catch (cause) {
    throw failure('LOCAL_FILE_FAILED', {
      message: `The key pair cannot be written to ${path}`,
      reason: (cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'a file is there already' : (cause as Error).message,
      suggestions: [command`ls -l ${path} ${path}.pub`],
      cause,
    });
  }
  return { source: 'file', path, type, blob, comment, fingerprint: toFingerprint(blob), encrypted: false };
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
