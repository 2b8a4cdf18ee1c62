/** What the chart takes for a host key, judged by what the server does with the same text. */
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { toDropbearKey } from '../../../src/supervisor/runtime/dropbear-key.ts';
import { HELMS, pick, render, share } from '../helm.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'ws-host-keys-'));
afterAll(() => rmSync(folder, { recursive: true }));

let made = 0;
function keygen(...words: string[]): string {
  made += 1;
  const file = path.join(folder, String(made));
  execFileSync('ssh-keygen', ['-q', '-C', '', '-f', file, ...words]);
  return readFileSync(file, 'utf8');
}

const open = (...words: string[]) => keygen('-N', '', ...words);
const pem = (key: { export(options: object): string | Buffer }, type = 'pkcs8') =>
  key.export({ type, format: 'pem' }).toString();
const pkcs8 = (name: string) => pem(generateKeyPairSync(name as 'ed25519').privateKey);
const dropbear = (text: string) => toDropbearKey(Buffer.from(text)).toString('base64');
const rsa = (bits: number) => generateKeyPairSync('rsa', { modulusLength: bits }).privateKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

const ed25519 = open('-t', 'ed25519');
const large = rsa(3072);
const small = rsa(2048);
const curve = ec('P-384');

const GOOD: [what: string, text: string][] = [
  ['ed25519', ed25519],
  ['ed25519 with the line ends of Windows', ed25519.replaceAll('\n', '\r\n')],
  ['ed25519 in PEM', pkcs8('ed25519')],
  ["ed25519 in Dropbear's", dropbear(ed25519)],
  ['RSA', open('-t', 'rsa', '-b', '3072')],
  ['RSA in PEM', pem(large)],
  ['RSA in the older PEM', pem(large, 'pkcs1')],
  ["RSA in Dropbear's", dropbear(pem(large))],
  ...['256', '384', '521'].map((bits): [string, string] => [`ECDSA of ${bits} bits`, open('-t', 'ecdsa', '-b', bits)]),
  ['ECDSA in PEM', pem(curve)],
  ['ECDSA in the older PEM', pem(curve, 'sec1')],
  ["ECDSA in Dropbear's", dropbear(pem(curve))],
];

const PASSPHRASE = /^has a passphrase, .* `ssh-keygen -p -N '' -f COPY`$/;
const SMALL = /^is RSA with 2048 bits; 3072 are the least$/;
const TYPE = /^is of a type that the server does not take; it takes ed25519, ECDSA, and RSA/;
const DAMAGED = /^is damaged: its parts do not fit together/;
const NO_KEY = /^is not a private key, or is damaged; it takes OpenSSH's format, PEM, or Dropbear's/;
/** Without a piece of its middle, and still a text of the same form. */
const without = (text: string) => {
  const [head, ...lines] = text.trim().split('\n');
  return [head, ...lines.slice(1)].join('\n');
};
const replaced = (text: string, from: number) => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.subarray(0, bytes.length - from).toString('base64');
};

const BAD: [what: string, text: string, fault: RegExp][] = [
  ['a passphrase', keygen('-N', 'secret', '-t', 'ed25519'), PASSPHRASE],
  ['a passphrase in the older PEM', keygen('-N', 'secret', '-t', 'rsa', '-b', '3072', '-m', 'PEM'), PASSPHRASE],
  [
    'a passphrase in PEM',
    large.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
    PASSPHRASE,
  ],
  ['small RSA', open('-t', 'rsa', '-b', '2048'), SMALL],
  ['small RSA in PEM', pem(small), SMALL],
  ['small RSA in the older PEM', pem(small, 'pkcs1'), SMALL],
  ["small RSA in Dropbear's", dropbear(pem(small)), SMALL],
  ['a public key', readFileSync(path.join(folder, '1.pub'), 'utf8'), /^is a public key; the server needs the private/],
  ['ed448', pkcs8('ed448'), TYPE],
  ['x25519', pkcs8('x25519'), TYPE],
  ['a curve of other uses', pem(ec('secp256k1')), TYPE],
  ['the same in the older PEM', pem(ec('secp256k1'), 'sec1'), TYPE],
  ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', /^is a CERTIFICATE, not a private/],
  ['a text', 'nonsense', NO_KEY],
  ['a text in base64', Buffer.from('nonsense').toString('base64'), NO_KEY],
  ['no text between the lines', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', NO_KEY],
  [
    'the end missing',
    ed25519.slice(0, 200),
    /^is cut short: it does not end with "-----END OPENSSH PRIVATE KEY-----"$/,
  ],
  ['a line missing', without(ed25519), NO_KEY],
  ['a line of RSA missing', without(pem(large)), DAMAGED],
  ["Dropbear's cut short", replaced(dropbear(ed25519), 3), DAMAGED],
  ["Dropbear's of another type", Buffer.from('\0\0\0\x07ssh-dss\0\0\0\x05abcde', 'latin1').toString('base64'), TYPE],
];

/** The server's own judgement, which is about the same text that the Secret would hold. */
function isServed(text: string): boolean {
  const bytes = text.includes('-----') ? Buffer.from(text) : Buffer.from(text, 'base64');
  try {
    return toDropbearKey(bytes).length > 0;
  } catch {
    return false;
  }
}

describe.each(HELMS)('%s', (helm) => {
  test.each(share(GOOD, helm))('takes %s', async (_what, privateKey) => {
    const written = pick(await render({ hostKey: { privateKey } }, { helm }), 'Secret', 'ws-dev-host-key').stringData;
    expect(isServed(written.ssh_host_key.trim())).toBe(true);
  });

  test.each(share(BAD, helm))('refuses %s', async (_what, privateKey, fault) => {
    const refusal = await render({ hostKey: { privateKey } }, { helm }).catch((error: Error) => error.message);
    const sentence = /: hostKey\.privateKey (.*)/.exec(String(refusal))?.[1];
    expect(sentence, String(refusal)).toMatch(fault);
    // Nothing of a key is shown.
    for (const line of privateKey.split('\n').filter((text) => text.length > 20 && !text.startsWith('-----')))
      expect(String(refusal)).not.toContain(line);
  });
});
