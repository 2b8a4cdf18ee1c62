/**
 * The SSH host key in every form that people keep one in. The app reads its public half to pin it, the supervisor hands
 * the whole to Dropbear: both must see the same key.
 */

import { createPublicKey, type KeyObject } from 'node:crypto';
import { Explained } from '../explained.ts';
import { HOST_KEY_BEFORE_FILE, HOST_KEY_FILE } from '../paths.ts';
import { parseOpenSshKey } from './openssh-key.ts';
import { findKeyType, fromKeyObject, type PublicKey, toPublicKey } from './public-key.ts';
import { WireReader } from './wire.ts';

/** The form a private key is written in. */
export type HostKeyForm = 'openssh' | 'pem' | 'dropbear';

const NAME = 'the host key';

/** How the bytes are written; throws a plain Error whose sentence names what was found instead. */
export function detectForm(privateKey: Buffer): HostKeyForm {
  const head = privateKey.subarray(0, 64).toString('latin1');
  if (head.includes('BEGIN OPENSSH PRIVATE KEY')) return 'openssh';
  if (/-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/.test(head)) return 'pem';
  if (/^(?:ssh-|ecdsa-)\S+ AAAA/.test(head))
    throw new Explained('the host key is a public key; the private half is needed');
  if (head.includes('-----BEGIN')) throw new Explained(`the host key is a ${findLabel(head)}, not a private key`);
  if (/^(?:ssh|ecdsa)-[a-z0-9-]+$/.test(findKeyType(privateKey) ?? '')) return 'dropbear';
  throw new Explained('the host key is in no known form: OpenSSH, PEM or Dropbear');
}

/**
 * The public half of a host key in any of the three forms. Throws `Explained` with one sentence when it cannot be read.
 */
export function parseHostKey(privateKey: Buffer): PublicKey {
  switch (detectForm(privateKey)) {
    case 'openssh':
      return readOpenSshHostKey(privateKey).publicKey;
    case 'dropbear':
      return publicFromDropbear(privateKey);
    case 'pem':
      return publicFromPem(privateKey.toString('latin1'));
  }
}

/**
 * The public half of the key that a server with this Secret has; undefined without one. Throws as `parseHostKey` does
 * where neither this key nor the one from before can be read.
 */
export function parseServedHostKey(entries: ReadonlyMap<string, Buffer> | undefined): PublicKey | undefined {
  const [key, before] = [entries?.get(HOST_KEY_FILE), entries?.get(HOST_KEY_BEFORE_FILE)];
  if (key === undefined) return undefined;
  try {
    return parseHostKey(key);
  } catch (error) {
    if (before === undefined) throw error;
    return parseHostKey(before);
  }
}

/** A host key of OpenSSH's form, which a server can use without asking anybody. */
export function readOpenSshHostKey(privateKey: Buffer): { publicKey: PublicKey; secret: WireReader } {
  const { publicKey, isEncrypted, secret } = parseOpenSshKey(privateKey.toString('latin1'), NAME);
  if (isEncrypted) throw new Explained('the host key has a passphrase; a server needs one without');
  return { publicKey, secret: new WireReader(secret, NAME) };
}

/** Names the kind of an armoured text; never quotes what it holds, which may be secret. */
function findLabel(head: string): string {
  return /-----BEGIN ([A-Z0-9]+(?: [A-Z0-9]+){0,4})-----/.exec(head)?.[1] ?? 'text of another kind';
}

/** `buf_put_priv_key` of Dropbear's src/signkey.c: the type, the public half, the private half. */
function publicFromDropbear(bytes: Buffer): PublicKey {
  const reader = new WireReader(bytes, NAME);
  const type = reader.string().toString('latin1');
  if (type === 'ssh-ed25519') return toPublicKey(type, reader.string().subarray(32));
  if (type === 'ssh-rsa' || type.startsWith('ecdsa-sha2-')) return toPublicKey(type, reader.string(), reader.string());
  throw new Explained(`host keys of type ${type} are not accepted`);
}

function publicFromPem(pem: string): PublicKey {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new Explained('the PEM key is damaged or has a passphrase', { cause });
  }
  return fromKeyObject(key);
}
