/** Host keys in every form, made by the programs that people make them with. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { detectForm, ed25519ToDropbear, toPublicKey } from '../../../src/contract/host-key.ts';
import { installHostKey } from '../../../src/supervisor/host-key.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'host-key-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, name);
const keygen = (...words: string[]) => execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'host', ...words]);
const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] });

/** What OpenSSH itself says the public half is. */
function publicByOpenSsh(file: string): { type: string; blob: string } {
  const [type = '', blob = ''] = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).split(/\s/);
  return { type, blob };
}

describe('toPublicKey', () => {
  it.each([
    ['ed25519', '256', 'RFC4716', 'openssh'],
    ['rsa', '3072', 'RFC4716', 'openssh'],
    ['rsa', '3072', 'PEM', 'pem'],
    ['rsa', '3072', 'PKCS8', 'pem'],
    ['ecdsa', '256', 'RFC4716', 'openssh'],
    ['ecdsa', '384', 'PEM', 'pem'],
    ['ecdsa', '521', 'PKCS8', 'pem'],
  ])('reads %s-%s of ssh-keygen in %s', (type, bits, format, form) => {
    const file = at(`${type}-${bits}-${format}`);
    keygen('-t', type, '-b', bits, '-m', format, '-f', file);
    const bytes = readFileSync(file);
    expect(detectForm(bytes)).toBe(form);
    expect(toPublicKey(bytes)).toEqual(publicByOpenSsh(file));
  });

  it("reads openssl's ed25519, and the same key in Dropbear's form", () => {
    const file = at('pkcs8-ed25519');
    openssl('genpkey', '-algorithm', 'ed25519', '-out', file);
    const pem = readFileSync(file, 'utf8');
    const dropbear = ed25519ToDropbear(pem);
    expect(detectForm(dropbear)).toBe('dropbear');
    const publicKey = toPublicKey(Buffer.from(pem));
    expect(toPublicKey(dropbear)).toEqual(publicKey);
    // The last 32 bytes of both the SubjectPublicKeyInfo and the SSH blob are the public point.
    const point = openssl('pkey', '-in', file, '-pubout', '-outform', 'DER').subarray(-32);
    expect(Buffer.from(publicKey.blob, 'base64').subarray(-32)).toEqual(point);
  });

  it('says what is wrong with what is no host key', () => {
    const locked = at('locked');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', locked]);
    expect(() => toPublicKey(readFileSync(locked))).toThrow('the host key has a passphrase');
    expect(() => toPublicKey(readFileSync(`${locked}.pub`))).toThrow('is a public key; the private half is needed');
    expect(() => toPublicKey(Buffer.from('hello world'))).toThrow('in no known form: OpenSSH, PEM or Dropbear');
    expect(() => toPublicKey(Buffer.from('-----BEGIN CERTIFICATE-----\n'))).toThrow('is a CERTIFICATE');
    const cut = readFileSync(locked, 'latin1').split('\n').slice(0, 2);
    expect(() => toPublicKey(Buffer.from([...cut, '-----END'].join('\n')))).toThrow();
    openssl('genpkey', '-algorithm', 'ed448', '-out', at('ed448'));
    expect(() => toPublicKey(readFileSync(at('ed448')))).toThrow('type Ed448 are not accepted');
  });
});

describe('installHostKey', () => {
  it('writes PEM ed25519 as Dropbear reads it, for its owner only', () => {
    openssl('genpkey', '-algorithm', 'ed25519', '-out', at('source'));
    const publicKey = installHostKey(at('source'), at('target'));
    expect(toPublicKey(readFileSync(at('target')))).toEqual(publicKey);
    expect(statSync(at('target')).mode & 0o777).toBe(0o600);
  });

  it("takes Dropbear's form as it is, or in base64", () => {
    openssl('genpkey', '-algorithm', 'ed25519', '-out', at('pem'));
    const bytes = ed25519ToDropbear(readFileSync(at('pem'), 'utf8'));
    for (const content of [bytes, `${bytes.toString('base64')}\n`]) {
      writeFileSync(at('given'), content);
      installHostKey(at('given'), at('installed'));
      expect(readFileSync(at('installed'))).toEqual(bytes);
    }
  });

  it('refuses RSA that is too short', () => {
    keygen('-t', 'rsa', '-b', '2048', '-f', at('short'));
    expect(() => installHostKey(at('short'), at('never'))).toThrow(
      'the host key is RSA with 2048 bits; 3072 are the least',
    );
  });
});
