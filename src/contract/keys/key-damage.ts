/** Whether a public key is one that somebody can log in with, as far as its bytes tell. */
import { createPublicKey } from 'node:crypto';
import { KEY_TYPES, type KeyPart, LIMITS } from './dropbear-rules.ts';
import { CURVES, findKeyType, type PublicKey } from './public-key.ts';
import { toMpint, WireReader } from './wire.ts';

/** What is wrong with the bytes of a key that is said to be of an accepted type; undefined for nothing. */
export function findKeyDamage(type: string, wire: Buffer): string | undefined {
  const inside = findKeyType(wire);
  if (inside === undefined) return 'the key is damaged';
  if (inside !== type) return `it says ${type}, but holds a key of type ${inside}`;
  const { parts = [], curve = '' } = KEY_TYPES[type] ?? {};
  const reader = new WireReader(wire);
  try {
    reader.string();
    for (const part of parts) {
      const damage = findPartDamage(part, reader.string(), curve);
      if (damage !== undefined) return damage;
    }
    return reader.rest().length === 0 ? undefined : 'the key is damaged: something follows its end';
  } catch {
    return 'the key is cut short';
  }
}

/** NIST SP 800-131A disallows less. The server takes 1024 bits. */
const SAFE_RSA_BITS = 2048;

/** Why to give up a key that the server takes; undefined for a strong one, and for one that the server refuses. */
export function findKeyWeakness({ type, blob }: PublicKey): string | undefined {
  const wire = Buffer.from(blob, 'base64');
  if (type !== 'ssh-rsa' || findKeyDamage(type, wire) !== undefined) return undefined;
  const reader = new WireReader(wire);
  reader.string(); // the type
  reader.string(); // the exponent
  const bits = countBits(reader.string());
  return bits < SAFE_RSA_BITS ? `RSA with ${bits} bits, and fewer than ${SAFE_RSA_BITS} are no longer safe` : undefined;
}

function findPartDamage(part: KeyPart, bytes: Buffer, curve: string): string | undefined {
  switch (part) {
    case 'ed25519':
      return bytes.length === 32 ? undefined : 'the key is damaged';
    case 'exponent':
      return isMpint(bytes) && countBits(bytes) <= LIMITS.exponentBits ? undefined : 'the key is damaged';
    case 'modulus':
      if (!isMpint(bytes)) return 'the key is damaged';
      return countBits(bytes) >= LIMITS.rsaBits
        ? undefined
        : `it is an RSA key of ${countBits(bytes)} bits; ${LIMITS.rsaBits} are the least`;
    case 'curve':
      return bytes.toString('latin1') === curve ? undefined : 'the key is damaged';
    case 'point':
      return isPoint(bytes, curve) ? undefined : 'the key is damaged';
    case 'application':
      return undefined;
  }
}

function isMpint(bytes: Buffer): boolean {
  return bytes.length <= LIMITS.mpintBytes && (bytes[0] ?? 0) < 0x80;
}

function countBits(bytes: Buffer): number {
  const shortest = toMpint(bytes);
  return shortest.length === 0 ? 0 : BigInt(`0x${shortest.toString('hex')}`).toString(2).length;
}

/** A point of the curve, written in full. */
function isPoint(bytes: Buffer, name: string): boolean {
  const { jwkName: crv = '', bytes: size = 0 } = CURVES[name] ?? {};
  if (bytes[0] !== 4 || bytes.length !== 1 + 2 * size) return false;
  const [x, y] = [bytes.subarray(1, 1 + size), bytes.subarray(1 + size)].map((one) => one.toString('base64url'));
  try {
    createPublicKey({ key: { kty: 'EC', crv, x, y }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
