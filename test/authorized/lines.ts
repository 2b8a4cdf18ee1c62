/**
 * Lines of authorized_keys, good and bad in every way that anybody thought of, the same ones in each run. Whoever reads
 * such lines is asked about these: our parser, Dropbear, the chart. Nothing here is taken from our own table, which may
 * lack something.
 */
import type { PublicKey } from '../../src/contract/keys/public-key.ts';
import { Random } from '../random.ts';
import { ED25519, KEYS, RSA } from './keys.ts';

/** A text of authorized_keys, and the key that somebody would log in with. */
export interface LineCase {
  text: string;
  key: PublicKey;
}

const SEED = 20_261_128;

/** Those of sshd(8) and of dropbear(8), each as it is written at its best. */
const OPTIONS = [
  ...['no-port-forwarding', 'no-agent-forwarding', 'no-X11-forwarding', 'no-pty', 'no-user-rc', 'no-touch-required'],
  ...['verify-required', 'restrict', 'pty', 'user-rc', 'port-forwarding', 'agent-forwarding', 'X11-forwarding'],
  ...['command="ls -l"', 'permitopen="db:5432"', 'permitlisten="8080"', 'from="10.0.0.0/8"', 'environment="A=b"'],
  ...['cert-authority', 'expiry-time="20300101"', 'principals="me"', 'tunnel="0"'],
];

/** Some hundreds of texts of one line. */
export function listLineCases(): LineCase[] {
  const random = new Random(SEED);
  const plain = KEYS.flatMap((key) => listPlain(key).map((text) => ({ text, key })));
  const optioned = listOptionTexts(random).map((options) => toCase(random, options));
  const damaged = KEYS.flatMap((key) => listDamaged(key).map((text) => ({ text, key })));
  const cases = [...plain, ...optioned, ...damaged, ...listLengths()];
  const mutants = Array.from({ length: 160 }, () => mutate(random.pick(cases), random));
  return [...cases, ...mutants];
}

/** Texts of several lines, where one may cost another its effect. */
export function listTextCases(): LineCase[] {
  const line = ({ type, blob }: PublicKey) => `${type} ${blob} me`;
  const long = (length: number) => `# ${'x'.repeat(length - 2)}`;
  const blank = (length: number) => ' '.repeat(length);
  const texts = [
    ...['\n', '\r\n', '\r', '\n\n', '\n\r'].map((end) => KEYS.map(line).join(end)),
    ...[9_998, 9_999, 10_000, 10_001, 25_000].map((length) => [line(RSA), long(length), line(ED25519)].join('\n')),
    ...[9, 10, 13, 14, 28, 29, 2_999, 3_000, 3_001].map((length) => [blank(length), ...KEYS.map(line)].join('\n')),
    ['\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t', line(ED25519)].join('\n'),
    [line(RSA), blank(40), line(ED25519)].join('\n'),
    [`from="10.0.0.1" ${line(ED25519)}`, line(ED25519)].join('\n'),
    [`\ufeff${line(RSA)}`, line(ED25519)].join('\n'),
    ...[298, 299, 300].map((count) => `${'# one\n'.repeat(count)}${line(ED25519)}\n${line(RSA)}`),
    ...[148, 149, 150].map((count) => `${'# one\r\n'.repeat(count)}${line(ED25519)}\r\n${line(RSA)}`),
  ];
  return texts.flatMap((text) => [ED25519, RSA, KEYS[6] ?? RSA].map((key) => ({ text, key })));
}

/** Blanks, comments, line ends, names of types. */
function listPlain({ type, blob }: PublicKey): string[] {
  return [
    `${type} ${blob}`,
    `${type} ${blob} `,
    `${type} ${blob} me@laptop, 2026 "\\ \t#`,
    `${type} ${blob} é\u0001\u007f\u202e`,
    `${type} ${blob}\tme`,
    `${type} ${blob}\t#"`,
    ` ${type} ${blob}`,
    `\t${type} ${blob}`,
    `\ufeff${type} ${blob}`,
    `\u00a0${type} ${blob}`,
    `${type}\t${blob}`,
    `${type}  ${blob}`,
    `${type}${blob}`,
    `${type} ${blob}\r`,
    `#${type} ${blob}`,
    `# ${type} ${blob}`,
    `${type} ${type} ${blob}`,
    `${type} ${blob} \0`,
    `${type.toUpperCase()} ${blob}`,
    `restrict ${type} ${blob}`,
    `  restrict ${type} ${blob}`,
    `\t restrict\t${type} ${blob} me`,
    `restrict  ${type} ${blob}`,
    `restrict ${type}\t${blob}`,
    `#restrict ${type} ${blob}`,
  ];
}

/** Most of what lists are made of, so that some of them are good. */
const GOOD = OPTIONS.filter((option) => /^(?:no-(?!user)|restrict|verify|command|permit)/.test(option));

/** Names, cases, values and lists of options. */
function listOptionTexts(random: Random): string[] {
  const values = ['', '=', '=x', '=""', '="x"', '="', '="x', '=x"', '="x"y', "='x'", '="a b"', '="a,b"', ' ="x"'];
  const names = OPTIONS.map((option) => option.replace(/=.*/, ''));
  const odd = [
    'no-ptyx',
    'no-pt',
    'nopty',
    'no_pty',
    'ssh-rsa',
    '"',
    '\\',
    'permitopen="db"',
    'command="a",command="b"',
  ];
  const lists = Array.from({ length: 60 }, () =>
    Array.from({ length: 1 + random.below(4) }, () => random.pick(random.below(6) === 0 ? odd : GOOD)).join(
      random.pick([',', ',', ',', ',,', ', ', ' ,', ';']),
    ),
  );
  return [
    ...OPTIONS,
    ...names.flatMap((name) => [name.toUpperCase(), toMixedCase(name), `${name},`, `,${name}`, `${name}=`]),
    ...['command', 'permitopen', 'permitlisten', 'no-pty'].flatMap((name) => values.map((value) => name + value)),
    ...odd,
    ...odd.map((one) => `no-pty,${one}`),
    ...[',', ',,', 'no-pty,,restrict', 'command="a",command="b"', 'permitopen="a:1",permitopen="b:2"'],
    ...listQuoted('command', [
      ...['say \\"a,b\\" x', 'say \\"a b\\" x', 'say \\"a\\"', 'a\\', 'a\\\\', 'a\\\\\\"', '\\"', 'x" "y', 'tab\there'],
      ...['\\', 'a"b', "it's", '$(x)', 'é', 'a,no-pty', 'ssh-rsa AAAA', '#', '  ', 'no\\pty'],
    ]),
    ...listQuoted('permitopen', [
      ...[
        'db:5432',
        'db:*',
        'db',
        ':80',
        '*:*',
        '*:80',
        'db:',
        '::1:80',
        '[::1]:80',
        '[::1]',
        '[::1',
        '[]:80',
        '[::1]x:80',
      ],
      ...[
        'db:65535',
        'db:65536',
        'db:x',
        'db:080',
        'db: 80',
        'db:+80',
        'db:80 ',
        'a b:80',
        'a,b:80',
        'db:-1',
        'a\\:80',
      ],
    ]),
    ...listQuoted('permitlisten', [
      ...['8080', 'localhost:8080', '*', '*:80', '65535', '65536', '4294967376', '99999999999999999999', '080', ' 80'],
      ...['+80', '-80', '80 ', '0x50', '80,90', '[::1]:80', '8 0', '65530', '65529', '59999', '6554'],
    ]),
    ...lists,
    ...lists.slice(0, 20).map(toMixedCase),
  ];
}

function listQuoted(name: string, values: string[]): string[] {
  return values.map((value) => `${name}="${value}"`);
}

/** Bytes that are another key, or none, though the line says otherwise. The key is asked for as it is when whole. */
function listDamaged({ type, blob }: PublicKey): string[] {
  const bare = blob.replace(/=+$/, '');
  const at = Math.floor(bare.length / 2);
  const insert = (text: string) => `${type} ${blob.slice(0, at)}${text}${blob.slice(at)}`;
  return [
    ...['!', '-', '_', '=', '==', '.', '\u00e9', '\t', 'A', '"', '\\', ',', '\n', '#'].map(insert),
    `${type} ${bare}`,
    ...['=', '==', '===', '!', '\t', 'A'].map((end) => `${type} ${bare}${end}`),
    ...[1, 2, 3, 4, 9].map((cut) => `${type} ${bare.slice(0, -cut)}`),
    `${type} ${blob.toLowerCase()}`,
    `${type}`,
    `${type} `,
    `${type} AAAA`,
    `${type === 'ssh-rsa' ? 'ssh-ed25519' : 'ssh-rsa'} ${blob}`,
    `ssh-dss ${blob}`,
    `rsa-sha2-256 ${blob}`,
    `${type}-cert-v01@openssh.com ${blob}`,
  ];
}

/** Around the longest line that is read, in bytes. */
function listLengths(): LineCase[] {
  const fill = (text: string, length: number, unit: string) =>
    text + unit.repeat(Math.floor((length - Buffer.byteLength(text)) / Buffer.byteLength(unit)));
  return [-2, -1, 0, 1, 2].flatMap((more) =>
    [
      fill(`${ED25519.type} ${ED25519.blob} `, 3000 + more, 'x'),
      fill(`${ED25519.type} ${ED25519.blob} `, 3000 + more, 'é'),
      `${fill('command="', 3000 + more - 94, 'y')}" ${ED25519.type} ${ED25519.blob}`,
    ].map((text) => ({ text, key: ED25519 })),
  );
}

function toCase(random: Random, options: string): LineCase {
  const key = random.below(3) === 0 ? random.pick(KEYS) : ED25519;
  return { text: `${options} ${key.type} ${key.blob} me`, key };
}

function toMixedCase(text: string): string {
  return text.replace(/[a-z]/g, (letter, index: number) => (index % 2 === 0 ? letter.toUpperCase() : letter));
}

const CHARACTERS = [
  ...' \t",\\=#:*[]\'\r',
  'é',
  '\u00a0',
  '\u0001',
  'A',
  '=',
  '""',
  '\\"',
  ' "',
  '," ',
  'no-pty,',
  'command="',
];

/** One to three edits at any place but the middle of the key, where nothing but damage would come of it. */
function mutate({ text, key }: LineCase, random: Random): LineCase {
  let result = text.slice(0, 400);
  for (let edits = 1 + random.below(3); edits > 0; edits -= 1) {
    const start = random.below(4) === 0 ? 0 : random.below(Math.max(1, result.indexOf('AAAA') + 2));
    const removed = random.below(3) === 0 ? 1 : 0;
    const added = random.below(4) === 0 ? '' : random.pick(CHARACTERS);
    result = result.slice(0, start) + added + result.slice(start + removed);
  }
  return { text: result + text.slice(400), key };
}
