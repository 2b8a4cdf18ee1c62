import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAuthorizedKeys } from '../../../../src/supervisor/dropbear/authorized-keys.ts';

let folder: string;
const keys = new Map<string, string>();

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'authorized-keys-'));
  for (const [type, bits] of [
    ['ed25519', '256'],
    ['rsa', '2048'],
    ['ecdsa', '384'],
  ] as const) {
    const file = path.join(folder, type);
    execFileSync('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-C', 'a comment', '-f', file]);
    keys.set(type, readFileSync(`${file}.pub`, 'utf8').trim());
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = () => keys.get('ed25519') ?? '';
const reasonOf = (line: string) => checkAuthorizedKeys(line).faults[0]?.reason;

describe('checkAuthorizedKeys', () => {
  it("takes ssh-keygen's keys, and neither comments nor empty lines for keys", () => {
    const text = ['# people', '', ...keys.values(), '   '].join('\n');
    expect(checkAuthorizedKeys(text)).toEqual({ usable: 3, faults: [] });
  });

  it.each(['no-pty', 'restrict', 'command="echo a, b"', 'no-port-forwarding,permitopen="localhost:80"'])(
    'takes the option %s',
    (options) => {
      expect(checkAuthorizedKeys(`${options} ${key()}`)).toEqual({ usable: 1, faults: [] });
    },
  );

  it('names the line and the option that makes a key useless', () => {
    expect(checkAuthorizedKeys(`${key()}\nfrom="10.0.0.0/8" ${key()}`)).toEqual({
      usable: 1,
      faults: [{ line: 2, reason: 'the option "from" is not supported, and the key is not used because of it' }],
    });
  });

  it('tells each way in which a line is no key', () => {
    expect(reasonOf('hello')).toMatch(/no key of a type that is accepted/);
    expect(reasonOf('-----BEGIN OPENSSH PRIVATE KEY-----')).toMatch(/private key/);
    expect(reasonOf(`${key()}\r`)).toMatch(/carriage return/);
    expect(reasonOf(key().replace(' ', '\t'))).toMatch(/a space, not a tab/);
    expect(reasonOf(key().replace('ssh-ed25519 ', 'ssh-rsa '))).toMatch(/damaged/);
    expect(reasonOf('ssh-ed25519 AAAA')).toMatch(/damaged/);
    expect(reasonOf(`${key()} ${'x'.repeat(3000)}`)).toMatch(/longer than 3000/);
    expect(reasonOf(key().replace('ssh-ed25519', 'ssh-dss'))).toMatch(/no key of a type/);
  });

  it('counts only what Dropbear reads of a long file', () => {
    const { usable, faults } = checkAuthorizedKeys(Array.from({ length: 302 }, key).join('\n'));
    expect(usable).toBe(300);
    expect(faults).toEqual([301, 302].map((line) => ({ line, reason: 'only the first 300 lines are read' })));
  });
});
