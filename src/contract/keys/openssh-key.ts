/** OpenSSH's own form of private keys (its PROTOCOL.key, `openssh-key-v1`): the one reader and writer of it. */

import type { KeyObject } from 'node:crypto';
import { Explained } from '../explained.ts';
import { findKeyType, type PublicKey } from './public-key.ts';
import { toWire, WireReader } from './wire.ts';

const MAGIC = 'openssh-key-v1\0';
const ARMOUR = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/;

/** A key file, whose public half stands in clear whether the rest is encrypted or not. */
export interface OpenSshKey {
  publicKey: PublicKey;
  isEncrypted: boolean;
  /** The private half: two equal numbers, the type, the fields of the key, a comment, padding. */
  secret: Buffer;
}

/** Throws `Explained` with one sentence for a damaged file; `name` is what the sentence calls the key. */
export function parseOpenSshKey(text: string, name = 'the OpenSSH key'): OpenSshKey {
  const bytes = Buffer.from(ARMOUR.exec(text)?.[1] ?? '', 'base64');
  if (bytes.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) throw new Explained('the OpenSSH key is damaged');
  const reader = new WireReader(bytes.subarray(MAGIC.length), name);
  const isEncrypted = reader.text() !== 'none';
  // How the passphrase becomes a key, with its salt, and how many keys follow: always one.
  reader.string();
  reader.string();
  reader.uint32();
  const wire = reader.string();
  const type = findKeyType(wire);
  if (type === undefined) throw new Explained(`${name} is damaged: its type is no word`);
  return { publicKey: { type, blob: wire.toString('base64') }, isEncrypted, secret: reader.string() };
}

/** An unencrypted ed25519 key as OpenSSH writes it. `check` is any number: readers compare its two copies. */
export function formatOpenSshKey(key: KeyObject, comment: string, check: number): string {
  const jwk = key.export({ format: 'jwk' });
  const seed = Buffer.from(jwk.d ?? '', 'base64url');
  const point = Buffer.from(jwk.x ?? '', 'base64url');
  const wire = toWire('ssh-ed25519', point);
  const secret = toWire(check, check, 'ssh-ed25519', point, Buffer.concat([seed, point]), comment);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const bytes = Buffer.concat([
    Buffer.from(MAGIC, 'latin1'),
    toWire('none', 'none', '', 1, wire, Buffer.concat([secret, padding])),
  ]);
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}
