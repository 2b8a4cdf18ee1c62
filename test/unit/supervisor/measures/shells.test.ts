import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { waitsAtPrompt } from '../../../../src/supervisor/measures/shells.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ws-proc-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it.each([
  ['a login shell', ['-bash'], 'S', 40, true],
  ['a shell of tmux', ['/bin/bash', '-l'], 'S', 40, true],
  ['another shell', ['/usr/bin/zsh'], 'S', 40, true],
  ['a shell that runs a program', ['-bash'], 'S', 41, false],
  ['a shell that computes', ['-bash'], 'R', 40, false],
  ['a shell that is stopped', ['-bash'], 'T', 40, false],
  ['a shell with a command', ['bash', '-lc', 'read x'], 'S', 40, false],
  ['a script', ['bash', 'watch.sh'], 'S', 40, false],
  ['an editor', ['vim'], 'S', 40, false],
  ['nothing that says what it is', [], 'S', 40, false],
] as const)('%s waits at its prompt, or not', (_what, words, state, foreground, expected) => {
  mkdirSync(path.join(root, '40'));
  writeFileSync(path.join(root, '40/stat'), `40 (a) b) ${state} 1 40 40 34816 ${foreground} 0 0\n`);
  writeFileSync(path.join(root, '40/cmdline'), words.map((word) => `${word}\0`).join(''));
  expect(waitsAtPrompt(40, root)).toBe(expected);
});

it('what has ended waits no longer', () => {
  expect(waitsAtPrompt(40, root)).toBe(false);
});
