import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettings } from '../../../src/adapters/files/settings-store.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ws-settings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('settings', () => {
  it('are read without making a folder, and written into one that is made', () => {
    const store = openSettings(path.join(root, 'a/b'), 0);
    expect(store.read()).toEqual({});
    store.remove('user');
    expect(existsSync(path.join(root, 'a'))).toBe(false);
    store.write({ user: 'x' });
    expect(store.read()).toEqual({ user: 'x' });
    store.remove('user');
    expect(openSettings(path.join(root, 'a/b'), 0).read()).toEqual({});
  });

  it.each([
    ['a file', () => writeFileSync(path.join(root, 'folder'), '')],
    ['a folder that nobody can make one in', () => mkdirSync(path.join(root, 'folder'))],
  ])('where %s is in the way are none, and say so only when they are to be written', (_what, make) => {
    make();
    const folder = existsSync(path.join(root, 'folder/x')) ? root : path.join(root, 'folder', 'x'.repeat(300));
    const store = openSettings(folder, 0);
    expect(store.read()).toEqual({});
    expect(() => store.write({ user: 'x' })).toThrow(/cannot be used/);
  });
});
