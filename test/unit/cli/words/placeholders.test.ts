import { describe, expect, it } from 'vitest';
import { toPlaceholder } from '../../../../src/cli/words/faults/flag-faults.ts';
import { catalogue, commandIds } from '../front/type-line.ts';

const options = commandIds.flatMap((id) =>
  (catalogue.find(id.split(':'))?.flags ?? [])
    .filter(({ type, options: choices }) => type === 'option' && choices === undefined)
    .map((flag) => ({ id, name: flag.name, helpValue: flag.helpValue })),
);

describe('the value of a flag', () => {
  it.each(options)('$id --$name has a word that says what it is: $helpValue', ({ helpValue }) => {
    expect(helpValue).toMatch(/^\S+$/);
    expect(toPlaceholder(String(helpValue))).toMatch(/^[A-Z0-9]+(?:[:=,][A-Z0-9…]+)*$/);
  });

  it.each([
    ['[ADDRESS:]PORT', 'PORT'],
    ['[[ADDRESS:]LOCAL:[HOST:]]REMOTE', 'REMOTE'],
    ['KEY[=VALUE][:EFFECT]', 'KEY'],
    ['PORT,…', 'PORT'],
    ['REMOTE:HOST:LOCAL', 'REMOTE:HOST:LOCAL'],
  ])('%s is %s where it is missing', (helpValue, expected) => {
    expect(toPlaceholder(helpValue)).toBe(expected);
  });
});
