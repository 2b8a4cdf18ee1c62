import { describe, expect, it } from 'vitest';
import { findCpuFault } from '../../../src/workspace/choices/faults.ts';
import { toNumber } from '../../../src/workspace/diagnosis/words/quantity.ts';
import { findSizeFault, proposeSize } from '../../../src/workspace/names.ts';
import { LEAST_BYTES, LEAST_CORES, NO_QUANTITIES, QUANTITIES } from '../../quantities.ts';

describe('an amount', () => {
  it.each(QUANTITIES)('may be written %s, which is %d', (text, worth) => {
    expect(toNumber(text)).toBeCloseTo(worth, 9);
    expect([text, findSizeFault(text) === undefined]).toEqual([text, worth >= LEAST_BYTES]);
    expect([text, findCpuFault(text) === undefined]).toEqual([text, worth >= LEAST_CORES]);
  });

  it.each([...NO_QUANTITIES, '', '1constructor'])('may not be written "%s"', (text) => {
    expect(toNumber(text)).toBeUndefined();
    expect(findSizeFault(text)).toBe('a size is a number with a unit, such as 500Mi or 10Gi');
    expect(findCpuFault(text)).toMatch(/number of cores/);
  });
});

it.each<[string, string | undefined]>([
  ['10', '10Gi'],
  ['512', '512Mi'],
  ['10G', '10Gi'],
  ['10 gb', '10Gi'],
  ['2GG', '2Gi'],
  ['4g', '4Gi'],
  ['500MB', '500Mi'],
  ['1.5T', '1.5Ti'],
  ['0.5 GB', '512Mi'],
  ['0', undefined],
  ['10k', undefined],
  ['huge', undefined],
  ['', undefined],
  ['1e9', undefined],
])('of "%s" as a size, %s was meant', (text, meant) => {
  expect(proposeSize(text)).toBe(meant);
  if (meant !== undefined) expect(findSizeFault(meant)).toBeUndefined();
});
