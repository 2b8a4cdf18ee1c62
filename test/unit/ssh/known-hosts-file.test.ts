import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toWire } from '../../../src/contract/keys/wire.ts';
import { findKeys, replaceKeys } from '../../../src/workspace/ssh-config/known-hosts-file.ts';

const key = (seed: number) => ({
  type: 'ssh-ed25519',
  blob: toWire('ssh-ed25519', Buffer.alloc(32, seed)).toString('base64'),
});
const line = (hosts: string, seed: number) => `${hosts} ssh-ed25519 ${key(seed).blob}\n`;
const hash = (name: string) => {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
};

describe('known_hosts', () => {
  it('finds names as ssh does: lists, wildcards, exceptions, hashes, any case', () => {
    const text = [line('a,b', 1), line('*.team', 2), line('!x.team,*.team', 3), line(hash('h'), 4), line('w?', 5)].join(
      '',
    );
    expect(findKeys(text, 'B')).toEqual([key(1)]);
    expect(findKeys(text, 'y.team')).toEqual([key(2), key(3)]);
    expect(findKeys(text, 'x.team')).toEqual([key(2)]);
    expect(findKeys(text, 'h')).toEqual([key(4)]);
    expect(findKeys(text, 'w1')).toEqual([key(5)]);
    expect(findKeys(text, 'w12')).toEqual([]);
  });

  it('takes a regular expression’s characters as they are', () => {
    expect(findKeys(line('a.b', 1), 'axb')).toEqual([]);
    expect(findKeys(line('[h]:22', 1), '[h]:22')).toEqual([key(1)]);
    expect(findKeys(line('a(b', 1), 'a(b')).toEqual([key(1)]);
  });

  it('leaves out comments, damage, authorities and what is revoked', () => {
    const text = [
      `# ${line('n', 1)}`,
      'n ssh-ed25519 AAAA\n',
      'n ssh-rsa\n',
      `n ssh-rsa ${key(1).blob}\n`,
      `@cert-authority ${line('n', 2)}`,
      `@revoked ${line('*', 3)}`,
      line('n', 3),
      line('n', 4),
    ].join('');
    expect(findKeys(text, 'n')).toEqual([key(4)]);
  });

  it('replaces the keys of one name and nothing else', () => {
    const around = [`# top\r\n`, line('other', 9), `@revoked ${line('n', 8)}`, line('*', 7), 'garbage\n'];
    const before = [around[0], line('n', 1), ...around.slice(1), line(hash('n'), 2), line('m,n,o', 3)].join('');
    const after = replaceKeys(before, 'n', [key(5), key(6)]);
    expect(after).toBe([...around, line('m,o', 3), line('n', 5), line('n', 6)].join(''));
    expect(replaceKeys(after, 'n', [key(6), key(5)])).toBe(after);
    expect(replaceKeys(after, 'n', [key(5)])).toBe([...around, line('m,o', 3), line('n', 5)].join(''));
  });

  it('starts a new line after a file without one, and appends to an empty file', () => {
    expect(replaceKeys('x', 'n', [key(1)])).toBe(`x\n${line('n', 1)}`);
    expect(replaceKeys('', 'n', [key(1)])).toBe(line('n', 1));
    expect(replaceKeys('', 'n', [])).toBe('');
    expect(replaceKeys('x', 'n', [])).toBe('x');
  });
});
