import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findFolderBinding, getCurrentFolder, peekFolderBinding } from '../../../../src/cli/here/folder-binding.ts';
import type { SettingsStore } from '../../../../src/workspace/choices/settings.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'ws-name-')));
  mkdirSync(path.join(folder, 'deep', 'er'), { recursive: true });
  vi.stubEnv('WS_CONFIG_DIR', folder);
  vi.spyOn(process, 'cwd').mockReturnValue(path.join(folder, 'deep', 'er'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const write = (text: string) => writeFileSync(path.join(folder, 'config.json'), text);
const unread = async (): Promise<SettingsStore> => {
  throw new Error('the settings are not to be opened');
};

describe("a folder's workspace", () => {
  it('is the one of the nearest folder above, without what checks settings', async () => {
    const near = { workspace: 'near', context: 'kind', namespace: 'team' };
    write(JSON.stringify({ directories: { [folder]: 'far', [path.join(folder, 'deep')]: near } }));
    const found = { folder: path.join(folder, 'deep'), binding: near };
    expect(await findFolderBinding(unread)).toEqual(found);
    expect(peekFolderBinding()).toEqual(found);
  });

  it('is a name alone where ws 0.1 wrote it', async () => {
    write(JSON.stringify({ directories: { [folder]: 'old' } }));
    expect((await findFolderBinding(unread))?.binding).toEqual({ workspace: 'old' });
  });

  it.each([undefined, '{}', '{"directories": {}}', '{"directories": {"/other": "dev"}}'])(
    'is none where the settings say none: %s',
    async (text) => {
      if (text !== undefined) write(text);
      expect(await findFolderBinding(unread)).toBeUndefined();
    },
  );

  it.each(['not JSON', '{"directories": null}', '[]', '3', '{"directories": {"/other": 3}}'])(
    'is what the settings say once they are checked, of %s',
    async (text) => {
      write(text);
      const store = { read: () => ({ directories: { [folder]: 'kept' } }) } as unknown as SettingsStore;
      expect((await findFolderBinding(async () => store))?.binding.workspace).toBe('kept');
      expect(peekFolderBinding()).toBeUndefined();
    },
  );

  it.each(['me@dev', 3, null, {}, { workspace: 'a', context: '\u001b[2J' }, { workspace: 'a b' }])(
    'is never %j',
    async (binding) => {
      write(JSON.stringify({ directories: { [path.join(folder, 'deep')]: binding, [folder]: 'far' } }));
      expect((await findFolderBinding(unread))?.binding.workspace).toBe('far');
    },
  );

  it('is none in a folder that was deleted under its shell', async () => {
    write(JSON.stringify({ directories: { [folder]: 'dev' } }));
    vi.spyOn(process, 'cwd').mockImplementation(() => {
      throw new Error('ENOENT: no such file or directory, uv_cwd');
    });
    expect(await findFolderBinding(unread)).toBeUndefined();
    expect(() => getCurrentFolder()).toThrow(expect.objectContaining({ code: 'LOCAL_FILE_FAILED' }));
  });
});
