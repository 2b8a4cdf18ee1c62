import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTextFile } from '../../../src/adapters/files/text-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-text-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a text file', () => {
  it('is made with its folder, for its owner alone', async () => {
    const file = path.join(folder, '.ssh', 'config');
    await openTextFile(file).update((text) => `${text}a\n`);
    expect(readFileSync(file, 'utf8')).toBe('a\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(path.dirname(file)).mode & 0o777).toBe(0o700);
  });

  it('keeps every byte and its mode', async () => {
    const file = path.join(folder, 'config');
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    writeFileSync(file, bytes);
    chmodSync(file, 0o644);
    await openTextFile(file).update((text) => `x\n${text}`);
    expect(readFileSync(file).equals(Buffer.concat([Buffer.from('x\n'), bytes]))).toBe(true);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(readdirSync(folder)).toEqual(['config']);
  });

  it('is written through a link, also one that leads to nothing yet', async () => {
    mkdirSync(path.join(folder, 'repository'));
    const link = path.join(folder, 'config');
    symlinkSync('repository/config', link);
    await openTextFile(link).update((text) => `${text}a\n`);
    await openTextFile(link).update((text) => `b\n${text}`);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path.join(folder, 'repository/config'), 'utf8')).toBe('b\na\n');
  });

  it('is not touched when nothing changes', async () => {
    const file = path.join(folder, 'config');
    writeFileSync(file, 'a\n');
    const before = statSync(file);
    const remedy = vi.fn(() => []);
    await openTextFile(file, remedy).update((text) => text);
    expect(statSync(file).ino).toBe(before.ino);
    expect(remedy).not.toHaveBeenCalled();
  });

  it('stays as it is when it is read-only, and the error says what to do by hand', async () => {
    const file = path.join(folder, 'config');
    writeFileSync(file, 'a\n', { mode: 0o444 });
    await expect(
      openTextFile(file, () => [{ text: 'Put this line there yourself: X' }]).update(() => 'b\n'),
    ).rejects.toMatchObject({
      code: 'LOCAL_FILE_FAILED',
      reason: 'it is read-only',
      suggestions: [{ text: 'Put this line there yourself: X' }],
    });
    expect(readFileSync(file, 'utf8')).toBe('a\n');
    expect(readdirSync(folder)).toEqual(['config']);
  });

  it('loses no change of many that are made at once', async () => {
    const file = path.join(folder, 'config');
    const names = Array.from({ length: 20 }, (_, index) => `line-${index}`);
    await Promise.all(names.map((name) => openTextFile(file).update((text) => `${text}${name}\n`)));
    expect(readFileSync(file, 'utf8').trim().split('\n').toSorted()).toEqual(names.toSorted());
    expect(readdirSync(folder)).toEqual(['config']);
  });

  it.each([
    ['an hour behind', -3600],
    ['as this one', 0],
    ['an hour ahead', 3600],
  ])(
    'takes over a lock that stands still on a file server whose clock is %s',
    async (_what, seconds) => {
      const locked = path.join(folder, 'locked');
      writeFileSync(locked, 'a');
      mkdirSync(`${locked}.lock`);
      utimesSync(`${locked}.lock`, new Date(), new Date(Date.now() + seconds * 1000));
      const start = performance.now();
      await openTextFile(locked).update((text) => `${text}b`);
      expect([readFileSync(locked, 'utf8'), existsSync(`${locked}.lock`)]).toEqual(['ab', false]);
      expect(performance.now() - start).toBeGreaterThan(4000);
    },
    20_000,
  );

  it('says that its links lead in a circle', async () => {
    symlinkSync('b', path.join(folder, 'a'));
    symlinkSync('a', path.join(folder, 'b'));
    await expect(openTextFile(path.join(folder, 'a')).update(() => 'x')).rejects.toMatchObject({
      reason: 'its symbolic links lead in a circle',
    });
  });

  it('reads as empty and removes without a word when it is not there', async () => {
    const file = openTextFile(path.join(folder, 'none'));
    expect(await file.read()).toBe('');
    await file.remove();
  });
});
