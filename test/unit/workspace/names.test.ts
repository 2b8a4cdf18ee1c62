import { describe, expect, it } from 'vitest';
import { findSizeFault, proposeSize, toBytes } from '../../../src/workspace/names.ts';

describe('a quantity', () => {
  it('counts binary and decimal units apart', () => {
    expect([toBytes('1Gi'), toBytes('1G'), toBytes('1k'), toBytes('1.5Ki'), toBytes('7')]).toEqual([
      2 ** 30,
      1e9,
      1000,
      1536,
      7,
    ]);
    expect(toBytes('1constructor')).toBeUndefined();
  });
});

it.each<[string, string | undefined]>([
  ['10', '10Gi'],
  ['512', '512Mi'],
  ['10G', '10Gi'],
  ['10 gb', '10Gi'],
  ['4g', '4Gi'],
  ['500MB', '500Mi'],
  ['1.5T', '1.5Ti'],
  ['0.5Gi', '512Mi'],
  ['0', undefined],
  ['10k', undefined],
  ['huge', undefined],
  ['', undefined],
  ['1e9', undefined],
])('of "%s" as a size, %s was meant', (text, meant) => {
  expect(proposeSize(text)).toBe(meant);
  if (meant !== undefined) expect(findSizeFault(meant)).toBeUndefined();
});
