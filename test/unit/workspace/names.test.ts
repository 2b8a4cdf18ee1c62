import { describe, expect, it } from 'vitest';
import { findSizeFault, parseWorkspaceName, proposeSize, toBytes } from '../../../src/workspace/names.ts';

describe("a workspace's name", () => {
  it.each(['a', 'dev', 'my-project', 'a1', 'a'.repeat(40)])('may be %s', (name) => {
    expect(parseWorkspaceName(name)).toBe(name);
  });

  it.each(['', 'Dev', '1dev', '-dev', 'dev-', 'a.b', 'a_b', 'a b', 'ä', 'dev\n'])('may not be "%s"', (name) => {
    expect(() => parseWorkspaceName(name)).toThrow(
      expect.objectContaining({ code: 'BAD_WORKSPACE_NAME', reason: expect.stringMatching(/^a name has lower-case/) }),
    );
  });

  it('may not be longer than the labels it becomes part of allow', () => {
    expect(() => parseWorkspaceName('a'.repeat(41))).toThrow(
      expect.objectContaining({ reason: 'it has 41 characters; 40 fit' }),
    );
  });
});

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
