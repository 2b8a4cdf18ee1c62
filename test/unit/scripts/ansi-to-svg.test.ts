import { expect, it } from 'vitest';
import { toRows, toSvg } from '../../../scripts/ansi-to-svg.ts';

it('splits a line into runs of one style, and carries a style over the end of a line', () => {
  const rows = toRows('a\x1b[1;32mbc\nd\x1b[0me');
  expect(rows.map((runs) => runs.map(({ column, text, bold }) => [column, text, bold]))).toEqual([
    [
      [0, 'a', false],
      [1, 'bc', true],
    ],
    [
      [0, 'd', true],
      [1, 'e', false],
    ],
  ]);
});

it('reads the 256 colours, 24-bit colours and the codes that end a style', () => {
  const [runs = []] = toRows('\x1b[38;5;208mx\x1b[38;2;1;2;3my\x1b[39mz');
  expect(runs.map(({ color }) => color)).toEqual(['rgb(255,135,0)', 'rgb(1,2,3)', undefined]);
});

it('draws text escaped and in its column, and drops the empty end of the screen', () => {
  const svg = toSvg('a<b\n  \x1b[7m&\x1b[0m\n\n\n', 80, 'A "title"');
  expect(svg).toContain('<title>A &quot;title&quot;</title>');
  expect(svg).toContain('>a&lt;b</text>');
  expect(svg).toMatch(/<rect x="30.8" y="32"[^>]*><text x="30.8" y="45"[^>]*>&amp;<\/text>/);
  expect(svg).toContain('height="64"');
});

it('draws what more than one space divides each in its own place, as viewers join spaces', () => {
  const svg = toSvg('a b   c', 80, 'x');
  expect(svg).toContain('<text x="14" y="27" textLength="25.2" fill="#d9dde3">a b</text>');
  expect(svg).toContain('<text x="64.4" y="27" textLength="8.4" fill="#d9dde3">c</text>');
});
