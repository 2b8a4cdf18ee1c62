/** Host keys in every form, made by the programs that people make them with. */
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { detectForm, parseHostKey, parseServedHostKey } from '../../../../src/contract/keys/host-key.ts';
import { WireReader } from '../../../../src/contract/keys/wire.ts';
import {
  DROPBEAR_KEY_NAME,
  installHostKey,
  installServedHostKey,
} from '../../../../src/supervisor/dropbear/host-key.ts';
import { toDropbearKey } from '../../../../src/supervisor/runtime/dropbear-key.ts';
import { RuntimeFolder } from '../../../../src/supervisor/runtime/runtime-folder.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'host-key-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string) => path.join(folder, name);
const keygen = (...words: string[]) => execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'host', ...words]);
const openssl = (...words: string[]) => execFileSync('openssl', words, { stdio: ['ignore', 'pipe', 'pipe'] });

/** A key that ssh-keygen wrote in this form. It looks for each key once: large RSA numbers take it seconds. */
function keyIn(format: string, type: string, bits: string): string {
  const [first, file] = [at(`${type}-${bits}`), at(`${type}-${bits}-${format}`)];
  if (!existsSync(first)) keygen('-t', type, '-b', bits, '-f', first);
  copyFileSync(first, file);
  execFileSync('ssh-keygen', ['-q', '-p', '-N', '', '-m', format, '-f', file]);
  return file;
}

/** What OpenSSH itself says the public half is. */
function publicByOpenSsh(file: string): { type: string; blob: string } {
  const [type = '', blob = ''] = execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' }).split(/\s/);
  return { type, blob };
}

describe('parseHostKey', () => {
  it.each([
    ['ed25519', '256', 'RFC4716', 'openssh'],
    ['rsa', '3072', 'RFC4716', 'openssh'],
    ['rsa', '3072', 'PEM', 'pem'],
    ['rsa', '3072', 'PKCS8', 'pem'],
    ['ecdsa', '256', 'RFC4716', 'openssh'],
    ['ecdsa', '384', 'PEM', 'pem'],
    ['ecdsa', '521', 'PKCS8', 'pem'],
  ])('reads %s-%s of ssh-keygen in %s', (type, bits, format, form) => {
    const file = keyIn(format, type, bits);
    const bytes = readFileSync(file);
    expect(detectForm(bytes)).toBe(form);
    expect(parseHostKey(bytes)).toEqual(publicByOpenSsh(file));
  });

  it("reads openssl's ed25519, and the same key in Dropbear's form", () => {
    const file = at('pkcs8-ed25519');
    openssl('genpkey', '-algorithm', 'ed25519', '-out', file);
    const pem = readFileSync(file, 'utf8');
    const dropbear = toDropbearKey(Buffer.from(pem));
    expect(detectForm(dropbear)).toBe('dropbear');
    const publicKey = parseHostKey(Buffer.from(pem));
    expect(parseHostKey(dropbear)).toEqual(publicKey);
    // The last 32 bytes of both the SubjectPublicKeyInfo and the SSH blob are the public point.
    const point = openssl('pkey', '-in', file, '-pubout', '-outform', 'DER').subarray(-32);
    expect(Buffer.from(publicKey.blob, 'base64').subarray(-32)).toEqual(point);
  });

  it('says what is wrong with what is no host key', () => {
    const locked = at('locked');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'secret', '-f', locked]);
    expect(() => parseHostKey(readFileSync(locked))).toThrow('the host key has a passphrase');
    expect(() => parseHostKey(readFileSync(`${locked}.pub`))).toThrow('is a public key; the private half is needed');
    expect(() => parseHostKey(Buffer.from('hello world'))).toThrow('in no known form: OpenSSH, PEM or Dropbear');
    expect(() => parseHostKey(Buffer.from('-----BEGIN CERTIFICATE-----\n'))).toThrow('is a CERTIFICATE');
    const cut = readFileSync(locked, 'latin1').split('\n').slice(0, 2);
    expect(() => parseHostKey(Buffer.from([...cut, '-----END'].join('\n')))).toThrow();
    openssl('genpkey', '-algorithm', 'ed448', '-out', at('ed448'));
    expect(() => parseHostKey(readFileSync(at('ed448')))).toThrow('type Ed448 are not accepted');
  });
});

describe('toDropbearKey', () => {
  it.each([
    ['ed25519', '256', 'RFC4716'],
    ['rsa', '3072', 'RFC4716'],
    ['rsa', '3072', 'PEM'],
    ['rsa', '4096', 'PKCS8'],
    ['ecdsa', '256', 'RFC4716'],
    ['ecdsa', '384', 'PEM'],
    ['ecdsa', '521', 'PKCS8'],
    ['ecdsa', '521', 'RFC4716'],
  ])('V4J1-HOSTKEY: has both halves of %s-%s of ssh-keygen in %s', (type, bits, format) => {
    const file = keyIn(format, type, bits);
    const key = toDropbearKey(readFileSync(file));
    expect(parseHostKey(key)).toEqual(publicByOpenSsh(file));
    expect(describePrivate(key)).toEqual(describePrivate(toDropbearKey(toPem(file, type))));
  });

  it('refuses an OpenSSH key that is damaged inside', () => {
    keygen('-t', 'ed25519', '-f', at('inside'));
    const body = readFileSync(at('inside'), 'latin1').replace(/-----.*-----/g, '');
    const bytes = Buffer.from(body, 'base64');
    // Behind the public half: the first of the two numbers that are to be equal.
    bytes.writeUInt32BE(1, 98);
    const damaged = (text: string) =>
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----\n`;
    expect(() => toDropbearKey(Buffer.from(damaged(bytes.toString('base64'))))).toThrow('the OpenSSH key is damaged');
    expect(() => toDropbearKey(Buffer.from(damaged(bytes.toString('base64', 0, 120))))).toThrow('cut short');
  });
});

/** The same key in PEM; ed25519 has none that ssh-keygen writes. */
function toPem(file: string, type: string): Buffer {
  if (type === 'ed25519') return readFileSync(file);
  execFileSync('ssh-keygen', ['-q', '-p', '-N', '', '-m', 'PEM', '-f', file]);
  return readFileSync(file);
}

/** Type and all fields of a key in Dropbear's form: it must hold no more, and each number in its shortest form. */
function describePrivate(key: Buffer): string[] {
  const reader = new WireReader(key);
  const type = reader.string().toString('latin1');
  const count = { 'ssh-ed25519': 1, 'ssh-rsa': 5 }[type] ?? 3;
  const fields = Array.from({ length: count }, () => reader.string());
  expect(() => reader.uint32()).toThrow('cut short');
  for (const field of fields.slice(type === 'ssh-rsa' ? 0 : 2)) {
    expect(field.readUInt8(0)).toBeLessThan(0x80);
    if (field[0] === 0) expect(field.readUInt8(1)).toBeGreaterThanOrEqual(0x80);
  }
  return [type, ...fields.map((field) => field.toString('hex'))];
}

describe('installServedHostKey', () => {
  const secret = (entries: Record<string, string>) => {
    const directory = mkdtempSync(at('secret-'));
    for (const [name, text] of Object.entries(entries)) writeFileSync(path.join(directory, name), text);
    return { directory, folder: new RuntimeFolder(mkdtempSync(at('runtime-'))) };
  };
  const read = (type: string, bits: string) => readFileSync(keyIn('RFC4716', type, bits), 'utf8');

  it('takes the key of the Secret, and the one from before only where that cannot serve', async () => {
    const [good, before] = [read('ed25519', '256'), read('ecdsa', '256')];
    const toMap = (entries: Record<string, string>) =>
      new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)]));
    for (const [entries, type, fault] of [
      [{ ssh_host_key: good }, 'ssh-ed25519', undefined],
      [{ ssh_host_key: good, ssh_host_key_before: before }, 'ssh-ed25519', undefined],
      [{ ssh_host_key: 'nonsense', ssh_host_key_before: before }, 'ecdsa-sha2-nistp256', /in no known form/],
    ] as const) {
      const { directory, folder: runtime } = secret(entries);
      const installed = await installServedHostKey(directory, runtime);
      expect(installed.hostKey.type).toBe(type);
      expect(installed.fault ?? '').toMatch(fault ?? /^$/);
      // The app pins the same one.
      expect(parseServedHostKey(toMap(entries))).toEqual(installed.hostKey);
      expect(statSync(runtime.pathOf(DROPBEAR_KEY_NAME)).mode & 0o777).toBe(0o600);
    }
  });

  it('says what is wrong with the Secret where neither can serve', async () => {
    const { directory, folder: runtime } = secret({ ssh_host_key: 'nonsense' });
    await expect(installServedHostKey(directory, runtime)).rejects.toThrow(/in no known form/);
    expect(parseServedHostKey(undefined)).toBeUndefined();
    expect(() => parseServedHostKey(new Map([['ssh_host_key', Buffer.from('x')]]))).toThrow(/in no known form/);
  });
});

describe('installHostKey', () => {
  const install = (source: string, name: string) => {
    mkdirSync(at(name));
    return installHostKey(at(source), new RuntimeFolder(at(name)), true);
  };
  const read = (name: string) => readFileSync(path.join(at(name), DROPBEAR_KEY_NAME));

  it('writes PEM ed25519 as Dropbear reads it, for its owner only', async () => {
    openssl('genpkey', '-algorithm', 'ed25519', '-out', at('source'));
    const publicKey = await install('source', 'target');
    expect(parseHostKey(read('target'))).toEqual(publicKey);
    expect(statSync(path.join(at('target'), DROPBEAR_KEY_NAME)).mode & 0o777).toBe(0o600);
    expect(readdirSync(at('target'))).toEqual([DROPBEAR_KEY_NAME]);
  });

  it("takes Dropbear's form as it is, or in base64", async () => {
    openssl('genpkey', '-algorithm', 'ed25519', '-out', at('pem'));
    const bytes = toDropbearKey(readFileSync(at('pem')));
    for (const [index, content] of [bytes, `${bytes.toString('base64')}\n`].entries()) {
      writeFileSync(at('given'), content);
      await install('given', `installed-${index}`);
      expect(read(`installed-${index}`)).toEqual(bytes);
    }
  });

  it('refuses RSA that is too short', async () => {
    keygen('-t', 'rsa', '-b', '2048', '-f', at('short'));
    await expect(install('short', 'never')).rejects.toThrow('the host key is RSA with 2048 bits; 3072 are the least');
  });

  it('needs neither a folder for temporary files nor a program', async () => {
    keygen('-t', 'ecdsa', '-f', at('openssh'));
    vi.stubEnv('TMPDIR', '/nowhere');
    vi.stubEnv('PATH', '/nowhere');
    try {
      expect((await install('openssh', 'without')).type).toBe('ecdsa-sha2-nistp256');
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
