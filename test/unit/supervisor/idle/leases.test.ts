import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readLeases } from '../../../../src/supervisor/idle/leases.ts';

const HOUR = 3_600_000;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'keep-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const put = (name: string, text: string) => writeFileSync(path.join(root, name), text);
const read = () => readLeases(root).map(({ lastsMs }) => lastsMs);

it.each([
  ['', HOUR],
  ['7200', 2 * HOUR],
  ['7200\n', 2 * HOUR],
  ['0', 0],
  ['99999999999999', 7 * 24 * HOUR],
  ['9'.repeat(5000), 7 * 24 * HOUR],
  ['-5', HOUR],
  ['2h', HOUR],
  ['1e9', HOUR],
  ['\x00\xff\x1b[2J', HOUR],
])('a file with %j holds for so many milliseconds', (text, expected) => {
  put('a', text);
  expect(read()).toEqual([expected]);
});

it('holds anew after a touch, whatever time that gives, and after another number', () => {
  put('a', '');
  const keys = new Set<string>();
  const note = () => keys.add(readLeases(root)[0]?.key ?? '');
  note();
  utimesSync(path.join(root, 'a'), 10, 10 ** 9);
  note();
  note();
  put('a', '60');
  utimesSync(path.join(root, 'a'), 10, 10 ** 9);
  note();
  expect(keys.size).toBe(3);
});

it('takes nothing for a lease that is no plain file, and waits for nobody', () => {
  mkdirSync(path.join(root, 'folder'));
  execFileSync('mkfifo', [path.join(root, 'pipe')]);
  symlinkSync('/etc/passwd', path.join(root, 'link'));
  symlinkSync('/nowhere', path.join(root, 'broken'));
  expect(read()).toEqual([]);
  rmSync(root, { recursive: true });
  expect(read()).toEqual([]);
  symlinkSync(tmpdir(), root);
  expect(read()).toEqual([]);
});

it('reads no more files than it has time for', () => {
  for (let number = 0; number < 300; number += 1) put(`file-${number}`, '');
  expect(read()).toHaveLength(64);
});
