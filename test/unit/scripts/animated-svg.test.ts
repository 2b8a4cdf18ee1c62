import { expect, it } from 'vitest';
import { toAnimatedSvg } from '../../../scripts/animated-svg.ts';

const PICTURE = { columns: 20, rows: 2, title: 'A film' };
const frame = (atMs: number, screen: string) => ({ atMs, screen, cursor: undefined });
const stepsOf = (svg: string) =>
  [...svg.matchAll(/([\d.]+)%\{transform:translateY\((-?\d+)px\)\}/g)].map(([step]) => step);

it('jumps from frame to frame at the time of each, and holds the last', () => {
  const svg = toAnimatedSvg([frame(1000, 'a'), frame(1500, 'b')], PICTURE, 500);
  expect(stepsOf(svg)).toEqual([
    '0.00%{transform:translateY(0px)}',
    '50.00%{transform:translateY(-36px)}',
    '100%{transform:translateY(-36px)}',
  ]);
  expect(svg).toContain('film 1.0s step-end infinite');
});

it('cuts long pauses short, and leaves out what nobody could see', () => {
  const svg = toAnimatedSvg([frame(0, 'a'), frame(10, 'b'), frame(60_010, 'c')], PICTURE, 0);
  expect(svg).toContain('film 1.4s');
  expect(svg).not.toContain('>a</text>');
  expect(stepsOf(svg)).toHaveLength(3);
});

it('draws a row that several frames have once', () => {
  const svg = toAnimatedSvg([frame(0, 'same\na'), frame(100, 'same\nb')], PICTURE, 100);
  expect(svg.match(/>same<\/text>/g)).toHaveLength(1);
  expect(svg.match(/<use href="#r0"\/>/g)).toHaveLength(2);
  expect(svg).toContain('<use href="#r1" y="18"/>');
});
