import { describe, expect, it } from 'vitest';
import { mergeIdentities, toPrivateNames } from '../../../src/adapters/ssh/keys/identities.ts';
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
