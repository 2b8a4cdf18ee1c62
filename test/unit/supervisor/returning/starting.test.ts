import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COME_BACK, isStarting } from '../../../../src/supervisor/returning/starting.ts';

/** A clock that began 1000 seconds ago. */
const NOW_MS = 2_000_000_000_000;
const OLD = 500;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'starting-'));
  mkdirSync(path.join(root, 'pts'));
  writeFileSync(path.join(root, 'uptime'), '1000.00 1.00\n');
  writeFileSync(path.join(root, 'pts/3'), '');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

interface Given {
  words?: string[];
  group?: number;
  foreground?: number;
  ageSeconds?: number;
}

function run(pid: number, { words = ['/bin/bash', '-l'], group = 40, foreground = 40, ageSeconds = 2 }: Given = {}) {
  mkdirSync(path.join(root, String(pid)));
  const fields = ['S', 1, group, 40, (136 << 8) | 3, foreground, ...Array(13).fill(0), (1000 - ageSeconds) * 100, 0];
  writeFileSync(path.join(root, `${pid}/stat`), `${pid} (a) b) ${fields.join(' ')}\n`);
  writeFileSync(path.join(root, `${pid}/cmdline`), words.map((word) => `${word}\0`).join(''));
}

/** Somebody typed on the terminal so long ago. */
function read(secondsAgo: number) {
  utimesSync(path.join(root, 'pts/3'), NOW_MS / 1000 - secondsAgo, NOW_MS / 1000);
}

const ask = (...below: number[]) => isStarting(40, below, NOW_MS, { proc: root, terminals: path.join(root, 'pts') });

describe('a shell before its first prompt', () => {
  it('is a young one that computes, or runs what its profile says, whatever is read from its terminal', () => {
    run(40);
    run(41, { words: ['/bin/sh', '/usr/bin/brew', 'shellenv'], ageSeconds: 1 });
    read(1);
    expect(ask()).toBe(true);
    expect(ask(41)).toBe(true);
    // 42 has ended since it was listed.
    expect(ask(41, 42)).toBe(true);
  });

  it('is what becomes a shell where a session comes back', () => {
    run(40, { words: ['sh', '-c', COME_BACK, 'ws', '/home/me', '/tmp/0'] });
    expect(ask()).toBe(true);
  });

  it('is an old one on whose terminal nothing was typed, as behind a job that has ended', () => {
    run(40, { ageSeconds: OLD });
    run(41, { words: ['sed'], ageSeconds: 1 });
    read(OLD);
    expect(ask(41)).toBe(true);
    read(OLD - 60);
    expect(ask(41)).toBe(false);
  });

  it('is none that somebody has typed to, nor one whose terminal says nothing', () => {
    run(40, { ageSeconds: OLD });
    read(3);
    expect(ask()).toBe(false);
    rmSync(path.join(root, 'pts/3'));
    expect(ask()).toBe(false);
  });

  it('is none that has a job of its own, or runs something for long', () => {
    run(40);
    run(41, { words: ['make'], group: 41, ageSeconds: 1 });
    run(42, { words: ['sleep', '99'], ageSeconds: 30 });
    expect(ask(41)).toBe(false);
    expect(ask(42)).toBe(false);
  });

  it.each([
    ['a program in the foreground', { foreground: 41 }],
    ['a job of ws ssh', { words: ['sh', '-c', 'trap : INT; make', 'ws', 'make'] }],
    ['another program', { words: ['make'] }],
    ['nothing that says what it is', { words: [] }],
  ])('is not %s', (_what, given: Given) => {
    run(40, given);
    expect(ask()).toBe(false);
  });

  it('is none that has ended', () => expect(ask()).toBe(false));
});
