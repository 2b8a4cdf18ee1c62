import { describe, expect, it } from 'vitest';
import { toWire } from '../../../src/contract/keys/wire.ts';
import { formatAuthorizedKey, parseAuthorizedKeys, parsePublicKey } from '../../../src/workspace/keys/public-key.ts';
import { KEYS } from '../../authorized/keys.ts';

const base64 = (...values: (string | Buffer)[]) => toWire(...values).toString('base64');
const ED25519 = base64('ssh-ed25519', Buffer.alloc(32, 1));
const RSA = base64('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(257, 1));
const ECDSA = KEYS[2]?.blob ?? '';
const SK = base64('sk-ssh-ed25519@openssh.com', Buffer.alloc(32, 1), 'ssh:');

describe('public keys', () => {
  it('are read in every accepted kind, with comment and options, whatever the blanks', () => {
    const text = [
      '# my keys',
      '',
      `ssh-ed25519 ${ED25519} me@laptop, 2026`,
      `ssh-rsa\t${RSA}`,
      `  ecdsa-sha2-nistp256 ${ECDSA}   comment  \r`,
      `no-pty,command="echo \\"a,b\\"",permitopen="x:1" sk-ssh-ed25519@openssh.com ${SK} token`,
    ].join('\n');
    expect(parseAuthorizedKeys(text, 'keys')).toEqual([
      { options: undefined, type: 'ssh-ed25519', blob: ED25519, comment: 'me@laptop, 2026' },
      { options: undefined, type: 'ssh-rsa', blob: RSA, comment: '' },
      { options: undefined, type: 'ecdsa-sha2-nistp256', blob: ECDSA, comment: 'comment' },
      {
        options: 'no-pty,command="echo \\"a,b\\"",permitopen="x:1"',
        type: 'sk-ssh-ed25519@openssh.com',
        blob: SK,
        comment: 'token',
      },
    ]);
  });

  it('are written with the single spaces that the server needs', () => {
    const [key] = parseAuthorizedKeys(`restrict\t ssh-ed25519\t${ED25519}\t two  words`, 'key');
    expect(key && formatAuthorizedKey(key)).toBe(`restrict ssh-ed25519 ${ED25519} two words`);
  });

  const faults: [string, string, RegExp][] = [
    ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n', /private key.*public half/],
    ['a PuTTY key', 'PuTTY-User-Key-File-3: ssh-ed25519\n', /private key/],
    ['nothing', ' \n# only a comment\n', /empty/],
    ['two keys', `ssh-ed25519 ${ED25519}\nssh-rsa ${RSA}`, /more than one/],
    ['some words', 'hello world', /"hello" is not a key type|"world" is not a key type/],
    ['a DSA key', `ssh-dss ${base64('ssh-dss', 'x')}`, /DSA/],
    ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${ED25519}`, /certificate/],
    ['an unknown type', `ssh-mldsa87 ${ED25519}`, /ssh-mldsa87 are not accepted/],
    ['no blob', 'ssh-ed25519', /nothing follows/],
    ['no base64', 'ssh-ed25519 AAAA!', /not base64/],
    ['a cut blob', `ssh-ed25519 ${ED25519.slice(0, 40)}`, /cut short/],
    ['damage', `ssh-ed25519 ${Buffer.alloc(51, 255).toString('base64')}`, /damaged/],
    ['a wrong label', `ssh-rsa ${ED25519}`, /says ssh-rsa, but holds a key of type ssh-ed25519/],
    ['an option that the server ignores the key for', `from="10.0.0.0/8" ssh-ed25519 ${ED25519}`, /option "from"/],
    ['another one', `no-pty,environment="A=b" ssh-ed25519 ${ED25519}`, /option "environment"/],
    ['a command that the server cuts', `command="say \\"a b\\"" ssh-ed25519 ${ED25519}`, /between escaped quotes/],
    ['a place to listen that is no port', `permitlisten="localhost:80" ssh-ed25519 ${ED25519}`, /permitlisten="PORT"/],
    ['an option that is empty', `no-pty,,restrict ssh-ed25519 ${ED25519}`, /an option is empty/],
    ['a line that is too long', `ssh-ed25519 ${ED25519} ${'x'.repeat(3000)}`, /longer than 3000 bytes/],
  ];
  for (const [name, text, reason] of faults) {
    it(`refuses ${name} and says why`, () => {
      expect(() => parsePublicKey(text, 'the key')).toThrow(
        expect.objectContaining({ code: 'BAD_PUBLIC_KEY', reason: expect.stringMatching(reason) }),
      );
    });
  }

  it('names the line', () => {
    expect(() => parseAuthorizedKeys(`ssh-ed25519 ${ED25519}\n\nssh-rsa x`, 'keys.txt')).toThrow(/^keys\.txt, line 3 /);
    expect(() => parseAuthorizedKeys('\n'.repeat(300), 'keys')).toThrow(
      expect.objectContaining({ reason: 'it has 301 lines; 300 are read' }),
    );
  });

  it('keeps control characters out of the comment', () => {
    expect(parsePublicKey(`ssh-ed25519 ${ED25519} a\x1b[31mred\x07`, 'key').comment).toBe('a [31mred');
  });
});
