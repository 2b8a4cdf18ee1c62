/** Private key files as far as they can be read without a passphrase: their form, and their public half where it is in clear. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { toPrintable } from '../errors/printable.ts';
import { findKeyType, toWire, WireReader } from './wire.ts';

export type PrivateKeyForm = 'openssh' | 'pem' | 'pkcs8' | 'putty';

export interface PrivateKeyHead {
  form: PrivateKeyForm;
  encrypted: boolean;
  /** Base64 of the public key's wire form; undefined where only the passphrase opens it. */
  blob: string | undefined;
  comment: string;
}

const OPENSSH_MAGIC = 'openssh-key-v1\0';

/** What the text of a key file tells; undefined when it is no private key or a damaged one. */
export function readPrivateKeyHead(text: string): PrivateKeyHead | undefined {
  try {
    if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return readOpenSsh(text);
    if (text.startsWith('PuTTY-User-Key-File-')) return readPutty(text);
    if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) return toHead('pkcs8', true, undefined);
    if (/-----BEGIN (?:RSA|EC|DSA) PRIVATE KEY-----/.test(text)) {
      const encrypted = /^DEK-Info:/m.test(text);
      return toHead('pem', encrypted, encrypted ? undefined : toBlob(createPublicKey(text)));
    }
    if (text.includes('-----BEGIN PRIVATE KEY-----')) return toHead('pkcs8', false, toBlob(createPublicKey(text)));
  } catch {
    return undefined;
  }
  return undefined;
}

function toHead(form: PrivateKeyForm, encrypted: boolean, blob: Buffer | undefined, comment = ''): PrivateKeyHead {
  return { form, encrypted, blob: blob?.toString('base64'), comment: toPrintable(comment, { oneLine: true }) };
}

/** OpenSSH's PROTOCOL.key: the public half stands in clear even when the rest is encrypted; the comment does not. */
function readOpenSsh(text: string): PrivateKeyHead | undefined {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  const bytes = Buffer.from(body ?? '', 'base64');
  if (bytes.subarray(0, OPENSSH_MAGIC.length).toString('latin1') !== OPENSSH_MAGIC) return undefined;
  const reader = new WireReader(bytes.subarray(OPENSSH_MAGIC.length));
  const encrypted = reader.text() !== 'none';
  reader.string();
  reader.string();
  reader.uint32();
  const blob = reader.string();
  const secret = reader.string();
  if (findKeyType(blob) === undefined) return undefined;
  return toHead('openssh', encrypted, blob, encrypted ? '' : findComment(secret));
}

/** The comment is the last string of the private section, before padding that counts 1, 2, 3, … */
function findComment(secret: Buffer): string {
  let end = secret.length;
  for (let pad = secret[end - 1] ?? 0; pad > 0 && pad < 16 && secret[end - 1] === pad; pad -= 1) end -= 1;
  for (let length = 0; length + 4 <= end && length < 1024; length += 1) {
    if (secret.readUInt32BE(end - length - 4) === length) return secret.subarray(end - length, end).toString('utf8');
  }
  return '';
}

function readPutty(text: string): PrivateKeyHead | undefined {
  const encryption = /^Encryption: (.+?)\r?$/m.exec(text)?.[1];
  const [, count, rest = ''] = /^Public-Lines: (\d+)\r?\n([\s\S]*)/m.exec(text) ?? [];
  const lines = rest.split('\n').slice(0, Number(count)).join('');
  const blob = Buffer.from(lines, 'base64');
  if (encryption === undefined || findKeyType(blob) === undefined) return undefined;
  return toHead('putty', encryption !== 'none', blob, /^Comment: (.*?)\r?$/m.exec(text)?.[1]);
}

const CURVES: Record<string, string> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };

/** The wire form of a public key; undefined for a kind that SSH does not use. */
function toBlob(key: KeyObject): Buffer | undefined {
  const jwk = key.export({ format: 'jwk' });
  const part = (name: 'x' | 'y' | 'n' | 'e') => Buffer.from(jwk[name] ?? '', 'base64url');
  if (jwk.crv === 'Ed25519') return toWire('ssh-ed25519', part('x'));
  if (jwk.kty === 'RSA') return toWire('ssh-rsa', toInteger(part('e')), toInteger(part('n')));
  const curve = CURVES[jwk.crv ?? ''];
  if (curve === undefined) return undefined;
  return toWire(`ecdsa-sha2-${curve}`, curve, Buffer.concat([Buffer.from([4]), part('x'), part('y')]));
}

/** An mpint: a leading zero keeps the number positive. */
function toInteger(bytes: Buffer): Buffer {
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
}

/** An unencrypted ed25519 key as OpenSSH writes it. `check` is any number: readers compare its two copies. */
export function toOpenSshPrivateKey(key: KeyObject, comment: string, check: number): string {
  const jwk = key.export({ format: 'jwk' });
  const seed = Buffer.from(jwk.d ?? '', 'base64url');
  const point = Buffer.from(jwk.x ?? '', 'base64url');
  const blob = toWire('ssh-ed25519', point);
  const secret = toWire(check, check, 'ssh-ed25519', point, Buffer.concat([seed, point]), comment);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const bytes = Buffer.concat([
    Buffer.from(OPENSSH_MAGIC, 'latin1'),
    toWire('none', 'none', '', 1, blob, Buffer.concat([secret, padding])),
  ]);
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** A PKCS#8 key in a form that SSH libraries read. Throws what node:crypto throws, for a wrong passphrase too. */
export function fromPkcs8(pem: string, passphrase: string | undefined): string {
  const key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  if (key.asymmetricKeyType === 'ed25519') return toOpenSshPrivateKey(key, '', 0);
  if (key.asymmetricKeyType === 'rsa') return key.export({ format: 'pem', type: 'pkcs1' }).toString();
  return key.export({ format: 'pem', type: 'sec1' }).toString();
}
