/**
 * Private key files as far as they can be read without a passphrase: whether they have one, and their public half where
 * it is in clear.
 */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { formatOpenSshKey, parseOpenSshKey } from '../../contract/keys/openssh-key.ts';
import { findKeyType, fromKeyObject, type PublicKey } from '../../contract/keys/public-key.ts';
import { toPrintable } from '../errors/printable.ts';

export interface PrivateKeyHead {
  encrypted: boolean;
  /** Undefined where reading it takes the passphrase. */
  publicKey: PublicKey | undefined;
  comment: string;
}

/** Reads a key file; undefined for text that is no private key, or a damaged one. */
export function readPrivateKeyHead(text: string): PrivateKeyHead | undefined {
  try {
    if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return readOpenSsh(text);
    if (text.startsWith('PuTTY-User-Key-File-')) return readPutty(text);
    if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) return toHead(true, undefined);
    if (/-----BEGIN (?:RSA|EC|DSA) PRIVATE KEY-----/.test(text)) {
      const encrypted = /^DEK-Info:/m.test(text);
      return toHead(encrypted, encrypted ? undefined : fromKeyObject(createPublicKey(text)));
    }
    if (text.includes('-----BEGIN PRIVATE KEY-----')) return toHead(false, fromKeyObject(createPublicKey(text)));
  } catch {
    return undefined;
  }
  return undefined;
}

function toHead(encrypted: boolean, publicKey: PublicKey | undefined, comment = ''): PrivateKeyHead {
  return { encrypted, publicKey, comment: toPrintable(comment, { oneLine: true }) };
}

/** The comment is encrypted with the private half. */
function readOpenSsh(text: string): PrivateKeyHead {
  const { publicKey, isEncrypted, secret } = parseOpenSshKey(text);
  return toHead(isEncrypted, publicKey, isEncrypted ? '' : findComment(secret));
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
  const wire = Buffer.from(rest.split('\n').slice(0, Number(count)).join(''), 'base64');
  const type = findKeyType(wire);
  if (encryption === undefined || type === undefined) return undefined;
  const publicKey = { type, blob: wire.toString('base64') };
  return toHead(encryption !== 'none', publicKey, /^Comment: (.*?)\r?$/m.exec(text)?.[1]);
}

/** A PKCS#8 key in a form that SSH libraries read. Throws what node:crypto throws, for a wrong passphrase too. */
export function fromPkcs8(pem: string, passphrase: string | undefined): string {
  const key = createPrivateKey({ key: pem, format: 'pem', ...(passphrase === undefined ? {} : { passphrase }) });
  if (key.asymmetricKeyType === 'ed25519') return formatOpenSshKey(key, '', 0);
  if (key.asymmetricKeyType === 'rsa') return key.export({ format: 'pem', type: 'pkcs1' }).toString();
  return key.export({ format: 'pem', type: 'sec1' }).toString();
}
