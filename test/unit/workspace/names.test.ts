import { describe, expect, it } from 'vitest';
import { ws } from '../../../src/workspace/errors/suggestion.ts';
import {
  findIdFault,
  findSizeFault,
  findUsernameFault,
  flagOfUp,
  parseId,
  parseSize,
  parseUsername,
  parseWorkspaceName,
  toBytes,
} from '../../../src/workspace/names.ts';

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

describe('a username', () => {
  it.each(['alice', '_svc', 'a-b_c9', 'a'.repeat(32)])('may be %s', (name) => {
    expect(parseUsername(name)).toBe(name);
  });

  it.each([
    ['', 'it is empty'],
    ['root', 'it is an account of the system'],
    ['nobody', 'it is an account of the system'],
    ['a'.repeat(33), 'it is longer than 32 characters'],
    ['Alice', expect.stringMatching(/lower-case/)],
    ['9lives', expect.stringMatching(/starts with/)],
    ['a:b', expect.stringMatching(/lower-case/)],
    ['a\n', expect.stringMatching(/lower-case/)],
  ])('may not be "%s"', (name, reason) => {
    expect(findUsernameFault(name)).toEqual(reason);
    expect(() => parseUsername(name)).toThrow(expect.objectContaining({ code: 'BAD_USERNAME' }));
  });
});

describe('an ID', () => {
  it('is a whole number from 1 to 2147483647', () => {
    expect(parseId('1', 'UID')).toBe(1);
    expect(parseId('2147483647', 'GID')).toBe(2_147_483_647);
  });

  it.each([
    ['0', /\broot\b/],
    ['2147483648', /largest/],
    ['-1', /whole number/],
    ['1.5', /whole number/],
    ['1e3', /whole number/],
    ['', /whole number/],
    [' 1', /whole number/],
  ])('may not be "%s"', (text, reason) => {
    expect(findIdFault(text)).toMatch(reason);
    expect(() => parseId(text, 'GID')).toThrow(
      expect.objectContaining({ code: 'BAD_ID', suggestions: [ws`up --gid 1000`] }),
    );
  });
});

describe('a size', () => {
  it.each(['10Gi', '1Mi', '500M', '1.5Ti', '2097152', '1Pi'])('may be %s', (size) => {
    expect(parseSize(size, flagOfUp('size'))).toBe(size);
  });

  it.each([
    ['', /number with a unit/],
    ['10', /less than 1Mi/],
    ['0Gi', /less than 1Mi/],
    ['10GB', /number with a unit/],
    ['10 Gi', /number with a unit/],
    ['-1Gi', /number with a unit/],
    ['ten', /number with a unit/],
    ['1Kib', /number with a unit/],
  ])('may not be "%s"', (size, reason) => {
    expect(findSizeFault(size)).toMatch(reason);
    expect(() => parseSize(size, flagOfUp('memory'))).toThrow(
      expect.objectContaining({ code: 'BAD_SIZE', message: `--memory "${size}" is not a size` }),
    );
  });

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
