import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIdentities, mergeIdentities, toPrivateNames } from '../../../src/adapters/ssh/keys/identities.ts';
import { toWire } from '../../../src/contract/keys/wire.ts';
import type { Identity } from '../../../src/workspace/keys/keys.ts';
import { readPrivateKeyHead } from '../../../src/workspace/keys/private-key.ts';

const identity = (blob: string, source: Identity['source'], path?: string): Identity => ({
  source,
  path,
  type: 'ssh-ed25519',
  blob,
  comment: '',
  fingerprint: `SHA256:${blob}`,
  encrypted: false,
});

describe('identities', () => {
  it('are merged by public key: the agent signs, the file has the path', () => {
    const merged = mergeIdentities(
      [identity('a', 'agent'), identity('b', 'agent')],
      [identity('b', 'file', '/b'), identity('c', 'file', '/c'), identity('c', 'file', '/copy')],
    );
    expect(merged.map(({ blob, source, path }) => [blob, source, path])).toEqual([
      ['a', 'agent', undefined],
      ['b', 'agent', '/b'],
      ['c', 'file', '/c'],
    ]);
  });

  it('are looked for in pairs and in files named as OpenSSH names them', () => {
    expect(
      toPrivateNames([
        'config',
        'id_rsa',
        'id_rsa.pub',
        'my.pub',
        'my',
        'lost.pub',
        'id_ed25519',
        'id_rsa~',
        'id_x.bak',
        'known_hosts',
      ]),
    ).toEqual(['id_ed25519', 'id_rsa', 'my']);
  });
});

describe('private key files', () => {
  it('are none when they are damaged, and never throw', () => {
    const texts = [
      '',
      'hello',
      '-----BEGIN OPENSSH PRIVATE KEY-----\n-----END OPENSSH PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
      'PuTTY-User-Key-File-2: ssh-rsa\nEncryption: none\nPublic-Lines: 99999999999\n',
    ];
    for (const text of texts) expect(readPrivateKeyHead(text)).toBeUndefined();
  });
});

describe('a key that the server does not take', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(path.join(tmpdir(), 'ws-identities-'));
    mkdirSync(path.join(home, '.ssh'));
    for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(home, '.ssh', name), text);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  const rsa = (modulusLength: number) =>
    generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const putty = (type: string) => {
    const blob = toWire(type, Buffer.alloc(32)).toString('base64');
    return `PuTTY-User-Key-File-3: ${type}\nEncryption: none\nComment: x\nPublic-Lines: 1\n${blob}\nPrivate-Lines: 0\n`;
  };
  const FILES = {
    id_rsa: rsa(1024),
    id_short: rsa(768),
    id_dss: putty('ssh-dss'),
    id_ed448: putty('ssh-ed448'),
    id_ed25519: putty('ssh-ed25519'),
  };
  const open = () =>
    createIdentities({
      homeDirectory: home,
      makeFolder: async () => undefined,
      findSettings: async () => ({ agent: { kind: 'none' }, identityFiles: [] }),
    });

  it.each([
    ['id_short', 'it is an RSA key of 768 bits; 1024 are the least'],
    ['id_dss', 'DSA keys are too weak; an ed25519 key is not'],
    ['id_ed448', expect.stringMatching(/^keys of type ssh-ed448 are not accepted; these are: ssh-ed25519, /)],
  ])('is refused where it is named: %s', async (name, reason) => {
    await expect(open().read(`~/.ssh/${name}`)).rejects.toMatchObject({ code: 'KEY_UNREADABLE', reason });
  });

  it('is not offered', async () => {
    const found = await open().list(new AbortController().signal);
    expect(found.map((one) => path.basename(one.path ?? ''))).toEqual(['id_ed25519', 'id_rsa']);
    expect(await open().read('~/.ssh/id_rsa')).toMatchObject({ type: 'ssh-rsa' });
  });
});
