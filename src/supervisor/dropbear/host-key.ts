import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Explained } from '../../contract/explained.ts';
import { parseHostKey } from '../../contract/keys/host-key.ts';
import type { PublicKey } from '../../contract/keys/public-key.ts';
import { WireReader } from '../../contract/keys/wire.ts';
import { HOST_KEY_BEFORE_FILE, HOST_KEY_FILE } from '../../contract/paths.ts';
import { toDropbearKey } from '../runtime/dropbear-key.ts';
import type { RuntimeFolder } from '../runtime/runtime-folder.ts';

/** Smaller RSA keys are refused: NIST SP 800-57 gives 2048 bits no future beyond 2030. */
const RSA_MINIMUM_BITS = 3072;

/** The host key as Dropbear reads it, in the runtime folder. */
export const DROPBEAR_KEY_NAME = 'hostkey';

/**
 * Writes the host key as Dropbear reads it, mode 0600. `source` holds it in PEM, OpenSSH's or Dropbear's form, or the
 * last one in base64. Returns its public half; throws `Explained` with one sentence when it cannot serve. `clear`: see
 * `RuntimeFolder.place`.
 */
export async function installHostKey(source: string, folder: RuntimeFolder, clear: boolean): Promise<PublicKey> {
  const bytes = unwrapBase64(await readFile(source).catch(explainMissing));
  const publicKey = parseHostKey(bytes);
  verifyStrength(publicKey);
  await folder.place(DROPBEAR_KEY_NAME, toDropbearKey(bytes), 0o600, clear);
  return publicKey;
}

/**
 * The same at the start, from the Secret's volume. Where its key cannot serve, the one from before does, and `fault`
 * says why: a wrong value must not take a workspace away that worked. Throws where neither can.
 */
export async function installServedHostKey(
  directory: string,
  folder: RuntimeFolder,
): Promise<{ hostKey: PublicKey; fault: string | undefined }> {
  try {
    return { hostKey: await installHostKey(path.join(directory, HOST_KEY_FILE), folder, true), fault: undefined };
  } catch (error) {
    const before = path.join(directory, HOST_KEY_BEFORE_FILE);
    if (!existsSync(before)) throw error;
    return { hostKey: await installHostKey(before, folder, true), fault: (error as Error).message };
  }
}

/** A Secret can lose its key to a rollback or to a hand, and the next upgrade would make another one without a word. */
function explainMissing(error: NodeJS.ErrnoException): never {
  if (error.code !== 'ENOENT') throw error;
  throw new Explained(
    `the Secret of the host key has no entry ${HOST_KEY_FILE}; put it back, or run \`helm rollback\` to the revision ` +
      'that made the key, often the first: an upgrade of a release with its own key would make another one, which clients refuse',
  );
}

function unwrapBase64(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').trim();
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}$/.test(text) && !text.includes('-----');
  return isBase64 ? Buffer.from(text, 'base64') : bytes;
}

function verifyStrength(key: PublicKey): void {
  if (key.type !== 'ssh-rsa') return;
  const wire = new WireReader(Buffer.from(key.blob, 'base64'));
  const [, , modulus] = [wire.string(), wire.string(), wire.string()];
  // A sign byte precedes the number.
  const bits = (modulus.length - 1) * 8;
  if (bits < RSA_MINIMUM_BITS)
    throw new Explained(`the host key is RSA with ${bits} bits; ${RSA_MINIMUM_BITS} are the least`);
}
