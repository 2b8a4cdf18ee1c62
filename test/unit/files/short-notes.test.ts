import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openShortNotes } from '../../../src/adapters/files/short-notes.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-notes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('reads what was written, for its owner alone, until it is removed', async () => {
  const notes = openShortNotes(path.join(folder, 'a', 'b'), 1000);
  expect(notes.read('x')).toBeUndefined();
  notes.write('x', 'text');
  await expect.poll(() => notes.read('x')).toBe('text');
  expect(statSync(path.join(folder, 'a', 'b', 'x')).mode & 0o777).toBe(0o600);
  notes.remove('x');
  notes.remove('x');
  expect(notes.read('x')).toBeUndefined();
});

it('forgets what is older, and what a clock that was set back has dated', () => {
  const notes = openShortNotes(folder, 60_000);
  writeFileSync(path.join(folder, 'x'), 'text');
  expect(notes.read('x')).toBe('text');
  for (const offsetSeconds of [-120, 120]) {
    const time = Date.now() / 1000 + offsetSeconds;
    utimesSync(path.join(folder, 'x'), time, time);
    expect(notes.read('x')).toBeUndefined();
  }
});

it('knows nothing, and fails at nothing, where no folder can be made', async () => {
  writeFileSync(path.join(folder, 'file'), '');
  const notes = openShortNotes(path.join(folder, 'file'), 1000);
  notes.write('x', 'text');
  notes.remove('x');
  // It is written meanwhile, and a rejection that nobody hears would fail this test.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(notes.read('x')).toBeUndefined();
});
