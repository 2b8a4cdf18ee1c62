import { createPrivateKey } from 'node:crypto';
import { detectForm, toWireInteger, toWireString, WireReader } from '../../contract/host-key.ts';

const OPENSSH_MAGIC = 'openssh-key-v1\0';

/**
 * A private key in Dropbear's own form (`buf_put_priv_key` of its src/signkey.c): the type, the public half, the private half.
 * It is converted in memory: no file on a disk ever holds it. Throws an Error with one sentence when it cannot be read.
 */
export function toDropbearKey(bytes: Buffer): Buffer {
  switch (detectForm(bytes)) {
    case 'dropbear':
      return bytes;
    case 'pem':
      return fromPem(bytes);
    case 'openssh':
      return fromOpenSsh(bytes.toString('latin1'));
  }
}

function fromPem(bytes: Buffer): Buffer {
  const jwk = createPrivateKey(bytes).export({ format: 'jwk' });
  const part = (name: 'd' | 'x' | 'y' | 'n' | 'e' | 'p' | 'q') => Buffer.from(String(jwk[name] ?? ''), 'base64url');
  if (jwk.crv === 'Ed25519') return fromEd25519(part('d'), part('x'));
  if (jwk.kty === 'RSA') return fromRsa({ e: part('e'), n: part('n'), d: part('d'), p: part('p'), q: part('q') });
  const curve = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' }[jwk.crv ?? ''];
  if (curve === undefined) throw new Error(`host keys of type ${jwk.crv ?? jwk.kty ?? 'unknown'} are not accepted`);
  return fromEcdsa(curve, Buffer.concat([Buffer.from([4]), part('x'), part('y')]), part('d'));
}

/** PROTOCOL.key of OpenSSH, without a passphrase: two equal numbers, then the type and the private half's fields. */
function fromOpenSsh(text: string): Buffer {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]*?)-----END/.exec(text)?.[1];
  const reader = new WireReader(Buffer.from(body ?? '', 'base64').subarray(OPENSSH_MAGIC.length));
  if (reader.string().toString('latin1') !== 'none')
    throw new Error('the host key has a passphrase; a server needs one without');
  reader.string();
  reader.string();
  reader.number();
  reader.string();
  const inner = new WireReader(reader.string());
  if (inner.number() !== inner.number()) throw new Error('the OpenSSH key is damaged');
  const type = inner.string().toString('latin1');
  if (type === 'ssh-ed25519') {
    inner.string();
    const pair = inner.string();
    return fromEd25519(pair.subarray(0, 32), pair.subarray(32));
  }
  if (type === 'ssh-rsa') {
    const [n, e, d] = [inner.string(), inner.string(), inner.string()];
    inner.string();
    return fromRsa({ e, n, d, p: inner.string(), q: inner.string() });
  }
  if (type.startsWith('ecdsa-sha2-'))
    return fromEcdsa(inner.string().toString('latin1'), inner.string(), inner.string());
  throw new Error(`host keys of type ${type} are not accepted`);
}

function fromEd25519(seed: Buffer, point: Buffer): Buffer {
  return join([Buffer.from('ssh-ed25519'), Buffer.concat([seed, point])]);
}

function fromRsa({ e, n, d, p, q }: Record<'e' | 'n' | 'd' | 'p' | 'q', Buffer>): Buffer {
  return join([Buffer.from('ssh-rsa'), ...[e, n, d, p, q].map(toInteger)]);
}

function fromEcdsa(curve: string, point: Buffer, scalar: Buffer): Buffer {
  return join([Buffer.from(`ecdsa-sha2-${curve}`), Buffer.from(curve), point, toInteger(scalar)]);
}

/** As an mpint (RFC 4251 section 5): without leading zeros but the one that keeps it positive. */
function toInteger(bytes: Buffer): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  return toWireInteger(first === -1 ? Buffer.alloc(0) : bytes.subarray(first));
}

function join(parts: Buffer[]): Buffer {
  return Buffer.concat(parts.map(toWireString));
}
