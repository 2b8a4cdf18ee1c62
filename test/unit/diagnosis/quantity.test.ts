import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameAmount } from '../../../src/workspace/diagnosis/words/quantity.ts';
import { property } from '../../fuzz/property.ts';

const POWERS = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12 };

/** The whole numbers and fractions that Kubernetes may write for one amount: in each unit, and with a power of ten. */
function listSpellings(thousandths: number): string[] {
  const decimal = Object.entries(POWERS).flatMap(([unit, power]) => {
    const shift = power + 3;
    const text = shift <= 0 ? `${thousandths}${'0'.repeat(-shift)}` : shiftDown(String(thousandths), shift);
    return unit === '' ? [text, `${text}e0`] : [`${text}${unit}`];
  });
  const bytes = thousandths / 1000;
  const binary = [2 ** 10, 2 ** 20, 2 ** 30].flatMap((size, index) =>
    Number.isInteger(bytes) && bytes % size === 0 ? [`${bytes / size}${['Ki', 'Mi', 'Gi'][index]}`] : [],
  );
  return [...decimal, ...binary];
}

function shiftDown(digits: string, places: number): string {
  const padded = digits.padStart(places + 1, '0');
  return `${padded.slice(0, -places)}.${padded.slice(-places)}`;
}

describe('amounts', () => {
  it.each([
    ['4G', '3906250Ki'],
    ['2G', '1953125Ki'],
    ['0.5', '500m'],
    ['1e3', '1k'],
    ['10Gi', '10737418240'],
    ['1Ei', '1024Pi'],
  ])('%s is as much as %s', (one, other) => {
    expect(isSameAmount(one, other)).toBe(true);
  });

  it.each([
    ['4G', '4Gi'],
    ['4294967296', '4294967297'],
    ['1m', '1M'],
    ['0', undefined],
  ])('%s is not as much as %s', (one, other) => {
    expect(isSameAmount(one, other)).toBe(false);
  });

  const amounts = fc.oneof(
    fc.integer({ min: 1, max: 999_999 }),
    fc.integer({ min: 1, max: 4_000 }).map((gigabytes) => gigabytes * 10 ** 9),
    fc.integer({ min: 1, max: 4_000 }).map((mebibytes) => mebibytes * 2 ** 20 * 1000),
  );

  property('are as much in every spelling', amounts, (thousandths) => {
    const spellings = listSpellings(thousandths);
    for (const one of spellings)
      expect(
        spellings.filter((other) => !isSameAmount(one, other)),
        one,
      ).toEqual([]);
  });

  property('that differ by a thousandth are not as much in any', amounts, (thousandths) => {
    const [one = ''] = listSpellings(thousandths);
    expect(listSpellings(thousandths + 1).filter((other) => isSameAmount(one, other))).toEqual([]);
  });
});
