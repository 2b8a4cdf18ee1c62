import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasUnicode } from '../../../../src/cli/terminal/character-set.ts';
import { cut } from '../../../../src/report/columns.ts';
import { say, sayAmid, writeDocument } from '../../../../src/report/leaving.ts';
import { chooseSigns, TWINS, toSigns } from '../../../../src/report/signs.ts';

const SOURCE = path.resolve(import.meta.dirname, '../../../../src');

afterEach(() => chooseSigns(true));

describe('the environment', () => {
  it.each<[boolean, NodeJS.Platform, Record<string, string>]>([
    [true, 'linux', {}],
    [true, 'linux', { TERM: 'xterm-256color', LANG: 'en_US.UTF-8' }],
    [true, 'linux', { LANG: 'C.utf8' }],
    [true, 'darwin', { LC_CTYPE: 'UTF-8' }],
    [true, 'linux', { LC_ALL: 'de_DE.UTF-8', LANG: 'C' }],
    [true, 'linux', { LC_ALL: '', LANG: 'en_US.UTF-8' }],
    [false, 'linux', { LANG: 'C' }],
    [false, 'linux', { LANG: 'POSIX', TERM: 'xterm' }],
    [false, 'linux', { LC_ALL: 'C', LANG: 'en_US.UTF-8' }],
    [false, 'linux', { LC_CTYPE: 'POSIX', LANG: 'en_US.UTF-8' }],
    [false, 'linux', { LANG: 'de_DE.ISO-8859-1' }],
    [false, 'linux', { LANG: 'ja_JP.eucJP' }],
    [false, 'linux', { TERM: 'linux', LANG: 'en_US.UTF-8' }],
    [false, 'linux', { TERM: 'dumb', LANG: 'en_US.UTF-8' }],
    [false, 'linux', { TERM: 'vt100' }],
    [false, 'win32', {}],
    [true, 'win32', { WT_SESSION: 'x' }],
    [true, 'win32', { TERM: 'xterm-256color' }],
  ])('has signs: %s on %s with %j', (expected, platform, environment) => {
    expect(hasUnicode(environment, platform)).toBe(expected);
  });
});

describe('without signs', () => {
  beforeEach(() => chooseSigns(false));

  it('each has a twin in ASCII, and a mark one of one column', () => {
    for (const [sign, twin] of Object.entries(TWINS)) expect(twin, sign).toMatch(/^[\x20-\x7e]+$/);
    for (const mark of '✓✗●○❯·–') expect(toSigns(mark), mark).toHaveLength(1);
    expect(toSigns('↑↓ choose · Enter')).toBe('Up/Down choose - Enter');
  });

  it('a cut text is no wider for its mark', () => {
    expect(cut('abcdefgh', 6)).toBe('abc...');
    expect(cut('abcdefgh', 2)).toBe('..');
    expect(cut('abcdefgh', 8)).toBe('abcdefgh');
  });

  it('nothing leaves with one but what is for programs', () => {
    let text = '';
    const stream = new Writable({
      write(chunk, _encoding, done) {
        text += String(chunk);
        done();
      },
    });
    say(stream, '✓ done\n');
    sayAmid(stream, '→ there');
    expect(text).toBe('+ done\n\r\n-> there\r\n');
    text = '';
    writeDocument(stream, { a: '✓' });
    expect(text).toBe('{"a":"✓"}\n');
  });
});

describe('the source', () => {
  it('prints no character outside ASCII that has no twin', () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
      (name) => /\.tsx?$/.test(name) && !name.startsWith('supervisor') && name !== path.join('report', 'signs.ts'),
    );
    const known = new Set([...Object.keys(TWINS).join('')]);
    const others = files.flatMap((name) =>
      readFileSync(path.join(SOURCE, name), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(?:\/\*\*|\*|\/\/)/.test(line))
        .flatMap((line) => [...line].filter((character) => character > '\x7e' && !known.has(character)))
        .map((character) => `${name}: ${character}`),
    );
    expect(files.length).toBeGreaterThan(200);
    expect(others).toEqual([]);
  });
});
