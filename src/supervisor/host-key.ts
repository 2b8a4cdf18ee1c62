import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { detectForm, ed25519ToDropbear, toPublicKey } from '../contract/host-key.ts';
import { DROPBEARCONVERT } from './dropbear-arguments.ts';

/** Smaller RSA keys are refused: NIST SP 800-57 gives 2048 bits no future beyond 2030. */
const RSA_MINIMUM_BITS = 3072;

/**
 * Writes the host key as Dropbear reads it, mode 0600. `source` holds it in PEM, OpenSSH's or Dropbear's form, or the
 * last one in base64. Returns its public half; throws an Error with one sentence when it cannot serve.
 */
export function installHostKey(source: string, target: string): { type: string; blob: string } {
  const bytes = unwrapBase64(readFileSync(source));
  const publicKey = toPublicKey(bytes);
  verifyStrength(publicKey);
  // In one step: a connection that comes meanwhile gets the old key or the new one, whole.
  writeFileSync(`${target}.new`, toDropbear(bytes, publicKey.type), { mode: 0o600 });
  renameSync(`${target}.new`, target);
  return publicKey;
}

function unwrapBase64(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').trim();
  const isBase64 = /^[A-Za-z0-9+/\s]+={0,2}$/.test(text) && !text.includes('-----');
  return isBase64 ? Buffer.from(text, 'base64') : bytes;
}

function toDropbear(bytes: Buffer, type: string): Buffer {
  const form = detectForm(bytes);
  if (form === 'dropbear') return bytes;
  if (form === 'pem' && type === 'ssh-ed25519') return ed25519ToDropbear(bytes.toString('latin1'));
  return convert(form === 'pem' ? toTraditionalPem(bytes, type) : bytes);
}

/** Dropbear's converter reads PKCS#1 and SEC1, not the PKCS#8 that most tools write today. */
function toTraditionalPem(bytes: Buffer, type: string): Buffer {
  const key = createPrivateKey(bytes);
  return Buffer.from(key.export({ format: 'pem', type: type === 'ssh-rsa' ? 'pkcs1' : 'sec1' }));
}

function convert(bytes: Buffer): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'host-key-'));
  try {
    const input = path.join(folder, 'in');
    const output = path.join(folder, 'out');
    writeFileSync(input, bytes, { mode: 0o600 });
    execFileSync(DROPBEARCONVERT, ['openssh', 'dropbear', input, output], { stdio: ['ignore', 'ignore', 'pipe'] });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function verifyStrength(key: { type: string; blob: string }): void {
  if (key.type !== 'ssh-rsa') return;
  // string type, mpint e, mpint n: the modulus is what is left but for its own length and sign byte.
  const wire = Buffer.from(key.blob, 'base64');
  const exponentAt = 4 + wire.readUInt32BE(0);
  const modulusAt = exponentAt + 4 + wire.readUInt32BE(exponentAt);
  const bits = (wire.readUInt32BE(modulusAt) - 1) * 8;
  if (bits < RSA_MINIMUM_BITS)
    throw new Error(`the host key is RSA with ${bits} bits; ${RSA_MINIMUM_BITS} are the least`);
}
