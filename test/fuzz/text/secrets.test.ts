import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUpCommand, type UpFlags } from '../../../src/cli/up/up-flags.ts';
import { prepareHome } from '../../../src/operations/homes/prepare-home.ts';
import { toDocument, toSaid } from '../../../src/report/leaving.ts';
import { describeFact } from '../../../src/report/progress/wording.ts';
import { formatError, toErrorDocument } from '../../../src/report/results/error-screen.ts';
import { failure } from '../../../src/workspace/errors/errors.ts';
import { listSecrets, maskSecrets } from '../../../src/workspace/errors/secrets.ts';
import { advice, ws } from '../../../src/workspace/errors/suggestion.ts';
import type { SshConnection } from '../../../src/workspace/world.ts';
import { spellHere } from '../../spelling.ts';
import { hostileText, property } from '../property.ts';

/** Long enough that it stands nowhere by chance. */
const secret = fc.stringMatching(/^Canary[A-Za-z0-9._~-]{6,20}[A-Za-z0-9]$/);
const scheme = fc.constantFrom('https', 'http', 'HTTPS', 'ftp', 'socks5', 'git+https', 'oci');

/** The places of an address where people put a token. */
const url = fc.record({ secret, scheme, form: fc.nat(5) }).map(({ secret: token, scheme: by, form }) => ({
  secret: token,
  url: [
    `${by}://${token}@git.example.com/team/x.git`,
    `${by}://me:${token}@git.example.com/team/x.git`,
    `${by}://me:p@ss${token}@git.example.com/x`,
    `${by}://x-access-token:${token}@[::1]:8443/x`,
    `${by}://git.example.com/x.git?private_token=${token}`,
    `ssh://git:${token}@git.example.com/x`,
  ][form] as string,
}));

/** Texts that hold a secret by their form alone, whatever is around them. */
const telling = fc.oneof(
  url.map(({ url: address, secret: token }) => ({ text: `fatal: unable to access '${address}/': 403`, secret: token })),
  secret.map((token) => ({ text: `Authorization: Bearer ${token}xyz`, secret: token })),
  secret.map((token) => ({
    text: `token eyJhbGciOiJSUzI1NiJ9.${token.replace(/[.~]/g, 'x')}.c2ln is expired`,
    secret: token.replace(/[.~]/g, 'x'),
  })),
  secret.map((token) => ({ text: `remote: ghp_${token.replace(/[.~]/g, 'x')}`, secret: token.replace(/[.~]/g, 'x') })),
  secret.map((token) => ({
    text: `-----BEGIN OPENSSH PRIVATE KEY-----\n${token}\n-----END OPENSSH PRIVATE KEY-----`,
    secret: token,
  })),
  secret.map((token) => ({ text: `-----BEGIN RSA PRIVATE KEY-----\n${token}`, secret: token })),
);

const around = fc.record({
  before: hostileText.map((text) => `${text} `),
  after: hostileText.map((text) => `\n${text}`),
});

describe('what nobody may read', () => {
  property(
    'leaves on no screen and in no document',
    fc.record({ telling, around }),
    ({ telling: { text, secret: token }, around: { before, after } }) => {
      const whole = before + text + after;
      const error = failure('HELM_FAILED', {
        message: whole,
        reason: whole,
        suggestions: [advice(whole), { ...ws`up --image ${whole}`, note: whole }],
        cause: new Error(whole),
      });
      const exits = [
        toSaid(whole),
        toSaid(formatError(error, { columns: 60, color: true, debug: true, spell: spellHere })),
        toSaid(formatError(new Error(whole), { columns: 60, color: false, debug: true, spell: spellHere })),
        toDocument(toErrorDocument(error, spellHere)),
        toDocument({ v: 1, type: 'advanced', fact: { kind: 'attaching', message: whole } }),
        describeFact({ kind: 'attaching', message: whole }),
      ];
      for (const exit of exits) expect(exit).not.toContain(token);
    },
  );

  property('takes the rest of a text with it in no way', hostileText, (text) => {
    const plain = text.replace(/[@?&=]|:\/\//g, '');
    expect(maskSecrets(plain)).toBe(plain);
    expect(maskSecrets(maskSecrets(text))).toBe(maskSecrets(text));
  });

  property(
    'is not in progress, errors and commands of a repository to clone',
    fc.record({ url, isClone: fc.boolean() }),
    async ({ url: { url: address, secret: token }, isClone }) => {
      const said = `Cloning…\nfatal: Authentication failed for '${address}'\nremote: ${address.includes('p@ss') ? `p@ss${token}` : token} is not allowed`;
      const run = async () => ({ status: 128, stdout: '', stderr: said });
      const connection = { run } as unknown as SshConnection;
      const wanted = isClone ? { clone: address } : { dotfiles: address };
      const told: unknown[] = [];
      try {
        for await (const event of prepareHome(connection, wanted, new AbortController().signal)) told.push(event);
      } catch (error) {
        told.push(toErrorDocument(error as Error, spellHere));
      }
      expect(told).toHaveLength(3);
      expect(JSON.stringify(told)).not.toContain(address.includes('?') ? `=${token}` : token);
      const flags = { ...wanted, values: [address], shell: true, 'wait-timeout': '10m' } as unknown as UpFlags;
      expect(JSON.stringify(toUpCommand('dev', { image: address }, flags))).not.toContain(token);
    },
  );

  it.each([
    ['a login by name', 'ssh://git@github.com/me/x.git'],
    ['an address without one', 'https://github.com/me/x.git'],
    ['an address of a mail', 'alice@example.com'],
    ['a fingerprint', 'SHA256:Wm5TtlJpXwUQ3gHq8Q0pYVt2c0Zb9Dq3nTq3l0Q2x1E'],
    ['an image', 'registry.example.com:5000/team/ws@sha256:0123456789abcdef'],
    ['a command', 'ws up dev --key ~/.ssh/id_ed25519 --token-less'],
  ])('leaves %s as it is', (_, text) => expect(maskSecrets(text)).toBe(text));

  it('knows what an address holds in clear and as it is spelled', () => {
    expect(listSecrets('https://me:p%40ssword@host/x')).toEqual(['p%40ssword', 'p@ssword']);
    expect(listSecrets('ssh://git@host/x')).toEqual([]);
  });
});
