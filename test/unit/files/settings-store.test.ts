import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSettings } from '../../../src/adapters/files/settings-store.ts';
import { writeBinding } from '../../../src/cli/here/bind-folder.ts';
import { type SettingsStore, withoutSetting } from '../../../src/workspace/choices/settings.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ws-settings-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('settings', () => {
  it('are read without making a folder, and written into one that is made', async () => {
    const store = openSettings(path.join(root, 'a/b'), 0);
    expect(store.read()).toEqual({});
    await store.update((all) => withoutSetting(all, 'user'));
    expect(existsSync(path.join(root, 'a'))).toBe(false);
    await store.update((all) => ({ ...all, user: 'ünï' }));
    expect(store.read()).toEqual({ user: 'ünï' });
    await store.update((all) => withoutSetting(all, 'user'));
    expect(openSettings(path.join(root, 'a/b'), 0).read()).toEqual({});
  });

  it('keep what others write at the same moment', async () => {
    const folders = Array.from({ length: 12 }, (_, index) => `/folder-${index}`);
    // Each of another store, as of another process: none has read what the others wrote.
    const stores = folders.map((): SettingsStore => openSettings(root, 0));
    await Promise.all(
      stores.map((store, index) => writeBinding(store, folders[index] ?? '', { workspace: `dev-${index}` })),
    );
    const { directories = {} } = openSettings(root, 0).read();
    expect(Object.keys(directories).toSorted()).toEqual(folders.toSorted());
    await Promise.all([
      ...stores.map((store, index) => writeBinding(store, folders[index] ?? '', undefined)),
      openSettings(root, 0).update((all) => ({ ...all, user: 'x' })),
    ]);
    expect(openSettings(root, 0).read()).toEqual({ user: 'x', directories: {} });
  });

  it('that were damaged meanwhile are not overwritten', async () => {
    const store = openSettings(root, 0);
    writeFileSync(path.join(root, 'config.json'), '{"user":');
    await expect(store.update((all) => ({ ...all, user: 'x' }))).rejects.toThrow(/cannot be changed/);
    expect(readFileSync(path.join(root, 'config.json'), 'utf8')).toBe('{"user":');
  });

  it.each([
    ['a file', () => writeFileSync(path.join(root, 'folder'), '')],
    ['a folder that nobody can make one in', () => mkdirSync(path.join(root, 'folder'))],
  ])('where %s is in the way are none, and say so only when they are to be written', async (_what, make) => {
    make();
    const folder = existsSync(path.join(root, 'folder/x')) ? root : path.join(root, 'folder', 'x'.repeat(300));
    const store = openSettings(folder, 0);
    expect(store.read()).toEqual({});
    await expect(store.update((all) => ({ ...all, user: 'x' }))).rejects.toThrow(/cannot be changed/);
  });
});
