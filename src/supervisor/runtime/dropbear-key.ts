import { createPrivateKey } from 'node:crypto';
import { Explained } from '../../contract/explained.ts';
import { detectForm, readOpenSshHostKey } from '../../contract/keys/host-key.ts';
import { findCurve } from '../../contract/keys/public-key.ts';
import { toMpint, toWire, type WireReader } from '../../contract/keys/wire.ts';

/**
 * A private key in Dropbear's own form (`buf_put_priv_key` of its src/signkey.c): the type, the public half, the
 * private half. It is converted in memory: no file on a disk ever holds it. Throws `Explained` with one sentence when
 * it cannot be read.
 */
export function toDropbearKey(bytes: Buffer): Buffer {
  switch (detectForm(bytes)) {
    case 'dropbear':
      return bytes;
    case 'pem':
      return fromPem(bytes);
    case 'openssh':
      return fromOpenSsh(readOpenSshHostKey(bytes).secret);
  }
}

function fromPem(bytes: Buffer): Buffer {
  const jwk = createPrivateKey(bytes).export({ format: 'jwk' });
  const part = (name: 'd' | 'x' | 'y' | 'n' | 'e' | 'p' | 'q') => Buffer.from(String(jwk[name] ?? ''), 'base64url');
  if (jwk.crv === 'Ed25519') return fromEd25519(part('d'), part('x'));
  if (jwk.kty === 'RSA') return fromRsa({ e: part('e'), n: part('n'), d: part('d'), p: part('p'), q: part('q') });
  const curve = findCurve(jwk.crv);
  if (curve === undefined) throw new Explained(`host keys of type ${jwk.crv ?? jwk.kty ?? 'unknown'} are not accepted`);
  return fromEcdsa(curve, Buffer.concat([Buffer.from([4]), part('x'), part('y')]), part('d'));
}

/** Two equal numbers, then the type and the private half's fields. */
function fromOpenSsh(secret: WireReader): Buffer {
  if (secret.uint32() !== secret.uint32()) throw new Explained('the OpenSSH key is damaged');
  const type = secret.string().toString('latin1');
  if (type === 'ssh-ed25519') {
    secret.string();
    const pair = secret.string();
    return fromEd25519(pair.subarray(0, 32), pair.subarray(32));
  }
  if (type === 'ssh-rsa') {
    const [n, e, d] = [secret.string(), secret.string(), secret.string()];
    secret.string();
    return fromRsa({ e, n, d, p: secret.string(), q: secret.string() });
  }
  if (type.startsWith('ecdsa-sha2-'))
    return fromEcdsa(secret.string().toString('latin1'), secret.string(), secret.string());
  throw new Explained(`host keys of type ${type} are not accepted`);
}

function fromEd25519(seed: Buffer, point: Buffer): Buffer {
  return toWire('ssh-ed25519', Buffer.concat([seed, point]));
}

function fromRsa({ e, n, d, p, q }: Record<'e' | 'n' | 'd' | 'p' | 'q', Buffer>): Buffer {
  return toWire('ssh-rsa', ...[e, n, d, p, q].map(toMpint));
}

function fromEcdsa(curve: string, point: Buffer, scalar: Buffer): Buffer {
  return toWire(`ecdsa-sha2-${curve}`, curve, point, toMpint(scalar));
}
