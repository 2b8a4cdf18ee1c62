import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOpening, readAuthorizedKeys } from '../../../src/contract/keys/authorized-keys.ts';
import { listLineCases, listTextCases } from '../../authorized/lines.ts';

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
const countOpening = (text: string) => readAuthorizedKeys(text).filter(isOpening).length;
const listFaults = (text: string) =>
  readAuthorizedKeys(text).flatMap(({ number, fault }) => (fault === undefined ? [] : { line: number, fault }));
const reasonOf = (line: string) => listFaults(line)[0]?.fault;

describe('lines of authorized_keys', () => {
  it("are ssh-keygen's keys, and neither comments nor empty lines are keys", () => {
    const text = ['# people', '', ...keys.values(), '   '].join('\n');
    expect([countOpening(text), listFaults(text)]).toEqual([3, []]);
    const [line] = readAuthorizedKeys(`no-pty,command="a b" ${key()}`);
    const [type, blob] = key().split(' ');
    expect(line?.key).toEqual({ options: 'no-pty,command="a b"', type, blob, comment: 'a comment' });
  });

  it.each([
    'no-pty',
    'No-PTY',
    'restrict',
    'command="echo a, b"',
    'COMMAND="say \\"a,b\\" x"',
    'command=""',
    ',no-pty,,restrict,',
    'no-port-forwarding,permitopen="localhost:80"',
    'permitopen="[::1]:*",permitlisten="8080"',
  ])('open with the option %s', (options) => {
    expect(reasonOf(`${options} ${key()}`)).toBeUndefined();
    expect(countOpening(`  ${options}\t${key()}`)).toBe(1);
  });

  it('open in a file of Windows, and where the base64 is written carelessly', () => {
    expect(countOpening(`# people\r\n${key()}\r\n${keys.get('rsa')}\r\n`)).toBe(2);
    const [type, blob = ''] = (keys.get('rsa') ?? '').split(' ');
    const [line] = readAuthorizedKeys(`${type} ${blob.slice(0, 9)}!${blob.slice(9).replace(/=+$/, '')}`);
    expect(line).toMatchObject({ fault: undefined, key: { blob } });
  });

  it('name the line and the option that makes a key useless', () => {
    const text = `${key()}\nfrom="10.0.0.0/8" ${key()}`;
    expect([countOpening(text), listFaults(text)]).toEqual([
      1,
      [{ line: 2, fault: 'the server does not know the option "from"' }],
    ]);
    expect(listFaults(`# a\r\n\r\nfrom="x" ${key()}\r\n`)).toEqual([{ line: 3, fault: expect.any(String) }]);
  });

  it.each<[string, (line: string) => string, RegExp]>([
    ['words', () => 'hello', /"hello" is not a key type/],
    ['a private key', () => '-----BEGIN OPENSSH PRIVATE KEY-----', /private key/],
    ['a tab after the type', (line) => line.replace(' ', '\t'), /one space after the type/],
    ['a blank before the type', (line) => ` ${line}`, /no other blank/],
    ['two blanks after options', (line) => `no-pty  ${line}`, /one after options/],
    ['an invisible mark before it', (line) => `\ufeff${line}`, /no other blank/],
    [
      'another type',
      (line) => line.replace('ssh-ed25519 ', 'ssh-rsa '),
      /says ssh-rsa, but holds a key of type ssh-ed/,
    ],
    ['damage', () => 'ssh-ed25519 AAAA', /damaged/],
    ['a key that is cut', (line) => line.slice(0, 60), /cut short/],
    ['a comment without an end', (line) => `${line} ${'x'.repeat(3000)}`, /longer than 3000/],
    ['DSA', (line) => line.replace('ssh-ed25519', 'ssh-dss'), /DSA/],
    ['a certificate', (line) => line.replace('ssh-ed25519', 'ssh-ed25519-cert-v01@openssh.com'), /certificate/],
    ['a command twice', (line) => `command="a",command="b" ${line}`, /"command" may stand only once/],
    ['no quotes', (line) => `command=a ${line}`, /cannot read .* it is written command="PROGRAM"/],
    ['a blank between escaped quotes', (line) => `command="say \\"a b\\"" ${line}`, /between escaped quotes/],
    ['no port', (line) => `permitopen="db" ${line}`, /it is written permitopen="HOST:PORT"/],
    ['a host where a port belongs', (line) => `permitlisten="localhost:80" ${line}`, /written permitlisten="PORT"/],
    ['a value where none belongs', (line) => `no-pty="x" ${line}`, /it is written no-pty$/],
  ])('open nothing with %s', (_name, change, reason) => {
    expect(reasonOf(change(key()))).toMatch(reason);
  });

  it('below the 300th, below one without an end and below one of blanks open nothing', () => {
    const many = Array.from({ length: 302 }, key).join('\n');
    expect([countOpening(many), listFaults(many)]).toEqual([
      300,
      [301, 302].map((line) => ({ line, fault: 'only the first 300 lines are read' })),
    ]);
    expect(countOpening(many.replaceAll('\n', '\r\n'))).toBe(150);
    expect(listFaults(`${key()}\n# ${'x'.repeat(9998)}\n${key()}`)).toEqual([
      { line: 3, fault: 'the server stops reading at line 2, which is longer than 9999 bytes' },
    ]);
    expect(listFaults(`${key()}\n${' '.repeat(20)}\n${key()}`)).toEqual([
      { line: 3, fault: 'the server ends at line 2, which is nothing but blanks' },
    ]);
  });

  it('keep control characters out of the comment', () => {
    const [line] = readAuthorizedKeys(`${key()} a\x1b[31mred\x07 b`);
    expect(line?.key?.comment).toBe('a comment a [31mred b');
  });

  it('are of each kind among those that the tests of the image put to Dropbear', () => {
    const cases = [...listLineCases(), ...listTextCases()];
    const opening = cases.filter(({ text }) => countOpening(text) > 0);
    expect(cases.length).toBeGreaterThan(500);
    expect(opening.length).toBeGreaterThan(cases.length / 4);
    expect(opening.length).toBeLessThan((cases.length * 3) / 4);
  });
});
