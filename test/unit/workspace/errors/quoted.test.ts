import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGivenName } from '../../../../src/cli/command/name-workspace.ts';
import { parseSession } from '../../../../src/cli/session/words/tmux.ts';
import { parseDuration } from '../../../../src/cli/words/durations.ts';
import { parseCount, parsePort } from '../../../../src/cli/words/numbers.ts';
import { formatError } from '../../../../src/report/results/error-screen.ts';
import { parseChoices } from '../../../../src/workspace/choices/chosen.ts';
import { parseSettingKey } from '../../../../src/workspace/choices/settings.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import { namespaceMissing } from '../../../../src/workspace/errors/missing-namespace.ts';
import { isPrintable, toQuoted, toVisible } from '../../../../src/workspace/errors/printable.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import { parseMapping, parseRemoteMapping, parseSocks } from '../../../../src/workspace/forwards/mapping.ts';
import { spellHere } from '../../../spelling.ts';

/** Words as people paste them: of any script, with marks that nobody sees and keys that a terminal obeys. */
const SPECIMENS = [
  'dév',
  'e\u0301te\u0301',
  'פיתוח',
  'تطوير\u200f',
  'dev\u202egpj',
  '開発環境',
  'ｄｅｖ',
  '🚀',
  '👩‍💻',
  '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  'dev\u200b',
  'dev\u00a0',
  '\ufeffdev',
  'd\u00adev',
  'a\u001b[31mred\u001b[0m',
  '\u001b]52;c;x\u0007',
  'a\tb\nc\rd\be',
  'a"b\\c',
  '\ud800',
  'x\u{e0041}',
  '',
];
const text = fc.oneof(
  fc.constantFrom(...SPECIMENS),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

describe('what was typed, in quotes', () => {
  it('can be printed on one line, and read back as what it is', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const quoted = toQuoted(typed);
        expect(isPrintable(quoted)).toBe(true);
        expect(JSON.parse(quoted)).toBe(typed);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['dév', '"dév"'],
    ['פיתוח', '"פיתוח"'],
    ['開発', '"開発"'],
    ['👩‍💻', '"👩‍💻"'],
    ['dev\u202egpj', '"dev\\u202egpj"'],
    ['dev\u200b', '"dev\\u200b"'],
    ['dev\u00a0', '"dev\\u00a0"'],
    ['a\u001b[31mred', '"a\\u001b[31mred"'],
    ['a\nb', '"a\\nb"'],
    ['x\u{e0041}', '"x\\udb40\\udc41"'],
  ])('%j is %s', (typed, quoted) => {
    expect(toQuoted(typed)).toBe(quoted);
  });

  it('says how much of it is left out', () => {
    expect(toQuoted('x'.repeat(100_000))).toBe(`"${'x'.repeat(200)}" and 99800 more characters`);
  });
});

/** Each place where a text of a person is judged. */
const PARSERS: [string, (typed: string) => unknown][] = [
  ['a workspace', (typed) => findGivenName({ position: typed })],
  ['--wait-timeout', (typed) => parseDuration(typed, 'wait-timeout')],
  ['--local-port', (typed) => parsePort(typed, 'local-port')],
  ['--tail', (typed) => parseCount(typed, 'tail')],
  ['--tmux', parseSession],
  ['--forward', parseMapping],
  ['--remote', parseRemoteMapping],
  ['--socks', parseSocks],
  ['--user', (user) => parseChoices({ user })],
  ['--size', (size) => parseChoices({ size })],
  ['--storage-class', (name) => parseChoices({ 'storage-class': name })],
  ['--image', (image) => parseChoices({ image })],
  ['--toleration', (toleration) => parseChoices({ toleration: [toleration] })],
  ['a setting', (typed) => parseSettingKey(typed, (name) => ws`config get ${name}`)],
];

function findFault(parse: (typed: string) => unknown, typed: string): Error | undefined {
  try {
    parse(typed);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

const screen = (error: Error) =>
  formatError(error, { columns: 200, color: false, debug: false, spell: spellHere }).replaceAll(/\s/g, '');

describe.each(PARSERS)('a text that is none for %s', (_name, parse) => {
  it('is shown as it was typed', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const fault = findFault(parse, typed);
        if (fault === undefined) return;
        expect(fault.message).toContain(toQuoted(typed));
        expect(stripVTControlCharacters(screen(fault))).toBe(screen(fault));
        expect(screen(fault)).toContain(toQuoted(typed).replaceAll(/\s/g, ''));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a name in a sentence', () => {
  it('can be recognized, too', () => {
    fc.assert(
      fc.property(text, (typed) => {
        const shown = toVisible(typed).replaceAll(/\s/g, '');
        expect(screen(namespaceMissing('dev', typed))).toContain(shown);
        expect(screen(failure('BAD_VALUE', { message: `There is no flag ${typed}` }))).toContain(shown);
      }),
      { numRuns: 300 },
    );
  });
});

it('no message puts a text into quotes by hand', () => {
  const source = path.resolve('src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const wrong = files.flatMap((name) =>
    readFileSync(path.join(source, name), 'utf8')
      .split('\n')
      .filter((line) => /message: .*"\$\{/.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  );
  expect(wrong).toEqual([]);
});
