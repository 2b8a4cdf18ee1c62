import { describe, expect, it } from 'vitest';
import { countColumns, cut, padColumns, takeColumns } from '../../../src/report/columns.ts';
import { formatHomes, formatKeys } from '../../../src/report/results/lists.ts';
import { formatFields, formatTable } from '../../../src/report/results/tables.ts';
import { TWINS } from '../../../src/report/signs.ts';
import { wrap, wrapCommand } from '../../../src/report/wrap.ts';
import { spellHere } from '../../spelling.ts';

/** As terminals draw them: a text and its columns. */
const TEXTS: [string, number][] = [
  ['', 0],
  ['dev', 3],
  ['müller@büro', 11],
  // The same letters, each with its dots as a mark behind it.
  ['mu\u0308ller', 6],
  ['私のノート', 10],
  ['ﾊﾞｰ', 3],
  ['노트북', 6],
  ['한', 2],
  ['笔记本 1', 8],
  ['Ω → ∑', 5],
  ['🔑', 2],
  ['👩‍💻 x', 4],
  ['🇩🇪', 2],
  ['❤️', 2],
  ['1️⃣', 2],
  ['עברית', 5],
  ['हिन्दी', 4],
  ['a\u200bb', 2],
];

describe('the columns of a text', () => {
  it.each(TEXTS)('%j takes %i', (text, columns) => {
    expect(countColumns(text)).toBe(columns);
    expect(countColumns(padColumns(text, 12))).toBe(12);
    for (let width = 0; width <= columns; width += 1) {
      expect(countColumns(takeColumns(text, width)), `${width}`).toBeLessThanOrEqual(width);
      expect(text.startsWith(takeColumns(text, width))).toBe(true);
      expect(countColumns(cut(text, width)), `${width}`).toBeLessThanOrEqual(width);
    }
    expect([takeColumns(text, columns), cut(text, columns)]).toEqual([text, text]);
  });

  it('are one for each of our own marks', () => {
    for (const sign of Object.keys(TWINS)) expect(countColumns(sign), sign).toBe([...sign].length);
  });

  it('cut no picture and no letter in two', () => {
    expect(takeColumns('👩‍💻👩‍💻', 3)).toBe('👩‍💻');
    expect(cut('私のノート', 6)).toBe('私の…');
    expect(takeColumns('mu\u0308', 2)).toBe('mu\u0308');
  });
});

describe('what is laid out by columns', () => {
  const rows = TEXTS.map(([text]) => text);
  const startOf = (line: string, part: string) => countColumns(line.slice(0, line.lastIndexOf(part)));

  it('aligns its cells, whatever stands in them', () => {
    const columns = [
      { title: 'NAME', text: (row: string) => row, isEssential: true },
      { title: 'NEXT', text: () => '|' },
    ];
    const [header = '', ...lines] = formatTable(columns, rows, { width: undefined, color: false }).split('\n');
    const start = Math.max(...TEXTS.map(([, wide]) => wide)) + 2;
    expect(startOf(header, 'NEXT')).toBe(start);
    expect(lines.map((line) => startOf(line, '|'))).toEqual(rows.map(() => start));
    const fields = formatFields(
      rows.filter((row) => row !== '').map((row) => [row, '|']),
      { color: false },
    ).split('\n');
    expect(new Set(fields.map((line) => startOf(line, '|')))).toEqual(new Set([start]));
  });

  it.each([20, 30, 40, 60, 80])('fits %i columns', (width) => {
    const options = { width, color: false, nowMs: 0, place: { context: 'kind', namespace: 'team' }, spell: spellHere };
    const keys = rows.map((comment) => ({ type: 'ssh-ed25519', comment, fingerprint: 'SHA256:x' }));
    const homes = rows.map((claim) => ({
      claim,
      workspace: 'dev',
      user: 'u',
      state: 'in use' as const,
      usedBy: ['笔记本 '.repeat(9).trim()],
    }));
    const lines = [
      ...formatKeys(keys, options).split('\n'),
      ...formatHomes(homes as never, options).split('\n'),
      ...wrap('私の ノート '.repeat(20), width),
      ...wrapCommand(['ws', 'up', '--user', '私の', '--image', '笔记本'], width),
    ];
    for (const line of lines) expect(countColumns(line), line).toBeLessThanOrEqual(width);
  });
});
