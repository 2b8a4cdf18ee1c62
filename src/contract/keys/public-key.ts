/** A public key as SSH writes it, and what it is made of (RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4). */

import type { KeyObject } from 'node:crypto';
import { Explained } from '../explained.ts';
import { toMpint, toWire, WireReader } from './wire.ts';

export interface PublicKey {
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, … */
  type: string;
  /** Base64 of the wire form. */
  blob: string;
}

/** The curves of ECDSA by SSH's names for them. */
export const CURVES: Record<string, { jwkName: string; bytes: number }> = {
  nistp256: { jwkName: 'P-256', bytes: 32 },
  nistp384: { jwkName: 'P-384', bytes: 48 },
  nistp521: { jwkName: 'P-521', bytes: 66 },
};

/** The key type that a public key's wire form starts with. It is one word, or undefined where the bytes are damaged. */
export function findKeyType(wire: Buffer): string | undefined {
  try {
    const type = new WireReader(wire).string().toString('latin1');
    return /^[\w.@-]{1,64}$/.test(type) ? type : undefined;
  } catch {
    return undefined;
  }
}

/** The public half of a key that Node has read. Throws `Explained` for a kind that SSH does not use. */
export function fromKeyObject(key: KeyObject): PublicKey {
  const jwk = key.export({ format: 'jwk' });
  const part = (name: 'x' | 'y' | 'n' | 'e') => Buffer.from(String(jwk[name] ?? ''), 'base64url');
  if (jwk.crv === 'Ed25519') return toPublicKey('ssh-ed25519', part('x'));
  if (jwk.kty === 'RSA') return toPublicKey('ssh-rsa', toMpint(part('e')), toMpint(part('n')));
  const curve = findCurve(jwk.crv);
  if (curve === undefined) throw new Explained(`keys of type ${jwk.crv ?? jwk.kty ?? 'unknown'} are not accepted`);
  return toPublicKey(`ecdsa-sha2-${curve}`, curve, Buffer.concat([Buffer.from([4]), part('x'), part('y')]));
}

/** A key of this type with the parts that follow it. */
export function toPublicKey(type: string, ...parts: (string | Buffer)[]): PublicKey {
  return { type, blob: toWire(type, ...parts).toString('base64') };
}

/** SSH's name for a curve of a JSON Web Key. */
export function findCurve(jwkName: string | undefined): string | undefined {
  return Object.keys(CURVES).find((name) => CURVES[name]?.jwkName === jwkName);
}
