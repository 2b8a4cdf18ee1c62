import { describe, expect, it } from 'vitest';
import { parseDirectAddresses } from '../../../../src/cli/ssh-config/direct-addresses.ts';
import { correction } from '../../../../src/workspace/errors/suggestion.ts';

describe('the addresses of ws config-ssh', () => {
  it('belong to a workspace each, and an empty one is none', () => {
    expect([...parseDirectAddresses(['dev=203.0.113.7', 'ci=[fd00::7]:30022', 'old='])]).toEqual([
      ['dev', { host: '203.0.113.7', port: 2222 }],
      ['ci', { host: 'fd00::7', port: 30_022 }],
      ['old', 'none'],
    ]);
    expect(parseDirectAddresses(undefined).size).toBe(0);
  });

  it.each([
    ['203.0.113.7', 'dev=203.0.113.7'],
    ['=203.0.113.7', 'dev=203.0.113.7'],
    ['', 'dev='],
    ['dev=fd00::7', 'dev=[fd00::7]'],
    ['dev=ssh://me@example.com/', 'dev=example.com'],
  ])('%j is none, and the mended word keeps the workspace', (text, mended) => {
    const suggestions = [correction('--direct', mended, text)];
    expect(() => parseDirectAddresses([text])).toThrow(expect.objectContaining({ code: 'BAD_VALUE', suggestions }));
  });
});
