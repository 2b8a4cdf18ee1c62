import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findFolderWorkspace } from '../../../../src/cli/command/name-workspace.ts';
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
    write(JSON.stringify({ directories: { [folder]: 'far', [path.join(folder, 'deep')]: 'near' } }));
    expect(await findFolderWorkspace(unread)).toBe('near');
  });

  it('is none where there are no settings', async () => {
    expect(await findFolderWorkspace(unread)).toBeUndefined();
  });

  it.each(['{}', '{"directories": {}}', 'not JSON', '{"directories": null}'])(
    'is what the settings say once they are checked, of %s',
    async (text) => {
      write(text);
      const store = { read: () => ({ directories: { [folder]: 'kept' } }) } as unknown as SettingsStore;
      expect(await findFolderWorkspace(async () => store)).toBe('kept');
    },
  );

  it.each(['me@dev', 3, null])('is never %j', async (name) => {
    write(JSON.stringify({ directories: { [path.join(folder, 'deep')]: name, [folder]: 'far' } }));
    expect(await findFolderWorkspace(unread)).toBe('far');
  });
});
