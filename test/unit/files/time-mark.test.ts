import { mkdtempSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { readMark, removeOldMarks, touchMark } from '../../../src/adapters/files/time-mark.ts';

test('marks say when they were touched, and old ones go: ten thousand servers leave none', async () => {
  const parent = mkdtempSync(path.join(tmpdir(), 'ws-marks-'));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const folder = path.join(parent, 'answered');
  const names = Array.from({ length: 50 }, (_, index) => path.join(folder, String(index)));
  expect(names.map(touchMark)).toEqual(names.map(() => true));
  await vi.waitFor(() => expect(readdirSync(folder)).toHaveLength(names.length), 120_000);
  expect(touchMark(path.join(folder, '0'))).toBe(false);
  expect(Math.abs((readMark(path.join(folder, '0')) ?? 0) - Date.now())).toBeLessThan(60_000);
  const longAgo = new Date(Date.now() - 3_600_000);
  for (const name of names.slice(1)) utimesSync(name, longAgo, longAgo);
  removeOldMarks(folder, 600_000);
  await vi.waitFor(() => expect(readdirSync(folder)).toEqual(['0']), 120_000);
});

test('where no mark can be made, nothing is known and nobody is told', () => {
  expect(touchMark('/proc/none/mark')).toBe(true);
  removeOldMarks('/proc/none', 1);
  expect(readMark('/proc/none/mark')).toBeUndefined();
});
