import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNearest } from '../../../../src/workspace/errors/nearest.ts';
import { property } from '../../../fuzz/property.ts';

const COMMANDS = ['completion', 'config', 'config-ssh', 'doctor', 'down', 'forward', 'homes', 'keys', 'logs', 'ls'];
const FLAGS = ['all-namespaces', 'context', 'json', 'namespace', 'no-shell', 'storage-class', 'size', 'yes'];

describe('the nearest word', () => {
  it.each<[string, string[], string | undefined]>([
    ['key', COMMANDS, 'keys'],
    ['home', COMMANDS, 'homes'],
    ['dwon', COMMANDS, 'down'],
    ['lss', COMMANDS, 'ls'],
    ['fwd', COMMANDS, undefined],
    ['doc', COMMANDS, 'doctor'],
    ['LS', COMMANDS, 'ls'],
    ['co', COMMANDS, undefined],
    ['ps', COMMANDS, undefined],
    ['sl', COMMANDS, 'ls'],
    ['lz', COMMANDS, undefined],
    ['storage-clas', FLAGS, 'storage-class'],
    ['storageClass', FLAGS, 'storage-class'],
    ['storage_class', FLAGS, 'storage-class'],
    ['jsn', FLAGS, 'json'],
    ['namespcae', FLAGS, 'namespace'],
    ['kep', ['keep', 'delete', 'lose'], 'keep'],
    ['kind-dve', ['kind-dev', 'kind-prod'], 'kind-dev'],
    ['', COMMANDS, undefined],
    ['-', COMMANDS, undefined],
    ['ls', [], undefined],
  ])('to %j is found among %j: %j', (word, candidates, nearest) => {
    expect(findNearest(word, candidates)).toBe(nearest);
  });
});

const word = fc.stringMatching(/^[a-z]{4,12}$/);

/** A word with one thing mistyped, as fingers do it. */
const mistyped = word.chain((right) =>
  fc.tuple(fc.nat(right.length - 2), fc.constantFrom(...'abcxyz'), fc.nat(3)).map(([at, letter, kind]) => {
    const [head, here, next, tail] = [right.slice(0, at), right[at] ?? '', right[at + 1] ?? '', right.slice(at + 2)];
    const typed = [head + next + tail, head + here + letter + next + tail, head + letter + next + tail];
    return { right, typed: typed[kind] ?? head + next + here + tail };
  }),
);

describe('whatever the words are', () => {
  property('one mistake in a word of four letters or more finds it again', mistyped, ({ right, typed }) =>
    expect(findNearest(typed, [right])).toBe(right),
  );

  property(
    'a word is the nearest to itself, and what is found is one of the candidates',
    fc.tuple(word, fc.array(word)),
    ([typed, others]) => {
      expect(findNearest(typed, [...others, typed])).toBe(typed);
      const found = findNearest(typed, others);
      expect(found === undefined || others.includes(found)).toBe(true);
    },
  );

  it('a very long word takes no time', () => {
    const startedMs = performance.now();
    expect(findNearest('x'.repeat(100_000), COMMANDS)).toBeUndefined();
    expect(findNearest('ls', ['x'.repeat(100_000)])).toBeUndefined();
    expect(performance.now() - startedMs).toBeLessThan(200);
  });
});
