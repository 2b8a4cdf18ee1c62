/**
 * The SSH host key in every form that people keep one in, and its public half in SSH's wire form (RFC 4253 §6.6).
 * The app reads it to pin it, the supervisor to hand it to Dropbear: both must see the same key.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';

export interface PublicKey {
  /** `ssh-ed25519`, `ssh-rsa`, `ecdsa-sha2-nistp256`, … */
  type: string;
  /** Base64 of the wire form. */
  blob: string;
}

/** The form a private key is written in. */
export type HostKeyForm = 'openssh' | 'pem' | 'dropbear';

const OPENSSH_MAGIC = 'openssh-key-v1\0';
const ECDSA_CURVES: Record<string, string> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };

/** How the bytes are written; throws a plain Error whose sentence names what was found instead. */
export function detectForm(privateKey: Buffer): HostKeyForm {
  const head = privateKey.subarray(0, 64).toString('latin1');
  if (head.includes('BEGIN OPENSSH PRIVATE KEY')) return 'openssh';
  if (/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/.test(head)) return 'pem';
  if (/^(?:ssh-|ecdsa-)\S+ AAAA/.test(head))
    throw new Error('the host key is a public key; the private half is needed');
  if (head.includes('-----BEGIN')) throw new Error(`the host key is a ${findLabel(head)}, not a private key`);
  if (isDropbear(privateKey)) return 'dropbear';
  throw new Error('the host key is in no known form: OpenSSH, PEM or Dropbear');
}

/** The public half of a host key in any of the three forms. Throws an Error with one sentence when it cannot be read. */
export function toPublicKey(privateKey: Buffer): PublicKey {
  switch (detectForm(privateKey)) {
    case 'openssh':
      return publicFromOpenSsh(privateKey.toString('latin1'));
    case 'dropbear':
      return publicFromDropbear(privateKey);
    case 'pem':
      return publicFromPem(privateKey.toString('latin1'));
  }
}

function isDropbear(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const length = bytes.readUInt32BE(0);
  return length <= 32 && /^(?:ssh|ecdsa)-[a-z0-9-]+$/.test(bytes.subarray(4, 4 + length).toString('latin1'));
}

/** PROTOCOL.key of OpenSSH: magic, cipher, kdf, options, count, then the public key in clear even when the rest is encrypted. */
function publicFromOpenSsh(text: string): PublicKey {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  if (bytes.subarray(0, OPENSSH_MAGIC.length).toString('latin1') !== OPENSSH_MAGIC)
    throw new Error('the OpenSSH key is damaged');
  const reader = new WireReader(bytes.subarray(OPENSSH_MAGIC.length));
  const cipher = reader.string().toString('latin1');
  if (cipher !== 'none') throw new Error('the host key has a passphrase; a server needs one without');
  reader.string();
  reader.string();
  reader.number();
  const blob = reader.string();
  return { type: toKeyType(new WireReader(blob).string()), blob: blob.toString('base64') };
}

/** Of what stands in armour; never a part of what it holds, which may be secret. */
function findLabel(head: string): string {
  return /-----BEGIN ([A-Z0-9]+(?: [A-Z0-9]+){0,4})-----/.exec(head)?.[1] ?? 'text of another kind';
}

/** A word: what is read here goes into known_hosts. */
function toKeyType(bytes: Buffer): string {
  const type = bytes.toString('latin1');
  if (!/^[\w.@-]{1,64}$/.test(type)) throw new Error('the host key is damaged: its type is no word');
  return type;
}

function publicFromDropbear(bytes: Buffer): PublicKey {
  const reader = new WireReader(bytes);
  const type = toKeyType(reader.string());
  if (type === 'ssh-ed25519') return toKey(type, [reader.string().subarray(32)]);
  if (type === 'ssh-rsa') return toKey(type, [reader.string(), reader.string()]);
  if (type.startsWith('ecdsa-sha2-')) return toKey(type, [reader.string(), reader.string()]);
  throw new Error(`host keys of type ${type} are not accepted`);
}

function publicFromPem(pem: string): PublicKey {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new Error('the PEM key is damaged or has a passphrase', { cause });
  }
  const jwk = key.export({ format: 'jwk' });
  const part = (name: 'x' | 'y' | 'n' | 'e') => Buffer.from(String(jwk[name] ?? ''), 'base64url');
  if (jwk.crv === 'Ed25519') return toKey('ssh-ed25519', [part('x')]);
  if (jwk.kty === 'RSA') return toKey('ssh-rsa', [toWireInteger(part('e')), toWireInteger(part('n'))]);
  const curve = ECDSA_CURVES[jwk.crv ?? ''];
  if (curve === undefined) throw new Error(`host keys of type ${jwk.crv ?? jwk.kty ?? 'unknown'} are not accepted`);
  return toKey(`ecdsa-sha2-${curve}`, [Buffer.from(curve), Buffer.concat([Buffer.from([4]), part('x'), part('y')])]);
}

function toKey(type: string, parts: Buffer[]): PublicKey {
  return { type, blob: Buffer.concat([Buffer.from(type), ...parts].map(toWireString)).toString('base64') };
}

/** An SSH mpint: a leading zero keeps the number positive. */
export function toWireInteger(bytes: Buffer): Buffer {
  return bytes[0] !== undefined && bytes[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

export function toWireString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Reads SSH wire values in order; a length that runs over the end is damage. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  number(): number {
    if (this.#at + 4 > this.#bytes.length) throw new Error('the host key is cut short');
    const value = this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return value;
  }

  string(): Buffer {
    const length = this.number();
    if (this.#at + length > this.#bytes.length) throw new Error('the host key is cut short');
    const value = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return value;
  }
}
