import { generateKeyPairSync } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createKnownHosts } from '../../../src/adapters/files/known-hosts.ts';
import { makeFolder, neverMake } from '../../../src/adapters/files/make-folder.ts';
import { openSettings } from '../../../src/adapters/files/settings-store.ts';
import { createIdentities } from '../../../src/adapters/ssh/keys/identities.ts';
import { fromKeyObject } from '../../../src/contract/keys/public-key.ts';

/** A folder that goes with its test. */
function makeTemporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-folder-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('a folder is made with all that is missing above it, for its owner alone, and may be there already', async () => {
  const folder = path.join(makeTemporary(), 'a/b/c');
  await makeFolder(folder);
  await makeFolder(folder);
  expect([statSync(folder).isDirectory(), statSync(path.dirname(folder)).mode & 0o777]).toEqual([true, 0o700]);
});

test.runIf(process.platform === 'linux')('it ends where nothing can be made, though the parent is there', async () => {
  await expect(makeFolder('/proc/none/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a file in the way is an error of the file system', async () => {
  const file = path.join(makeTemporary(), 'file');
  writeFileSync(file, '');
  await expect(makeFolder(path.join(file, 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test('a home that is not there is named, and never made', async () => {
  const home = path.join(makeTemporary(), 'hoem');
  neverMake(home);
  await expect(makeFolder(path.join(home, '.config/ws'))).rejects.toThrow(/hoem is not there, and ws makes no home$/);
  await expect(openSettings(path.join(home, '.config/ws'), 0).update(() => ({ cpu: '1' }))).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
    reason: `the home ${home} is not there, and ws makes no home`,
  });
  expect(existsSync(home)).toBe(false);
  mkdirSync(home);
  await makeFolder(path.join(home, '.config/ws'));
  expect(existsSync(path.join(home, '.config/ws'))).toBe(true);
});

test('what may write takes the home and the folder of ws from where the home is kept from being made', () => {
  const wiring = path.resolve(import.meta.dirname, '../../../src/cli/wiring');
  // `ws doctor` looks whether the folder could be made, and makes nothing.
  const others = readdirSync(wiring).filter(
    (file) => !['folders.ts', 'doctor.ts', 'held-connection.ts'].includes(file),
  );
  const past = others.filter((file) =>
    /\b(?:home|config)Folder\b[^;]*from '..\/terminal/.test(readFileSync(path.join(wiring, file), 'utf8')),
  );
  expect(past).toEqual([]);
});

test('no folder of the app is made by Node alone, whose recursive mkdir may never end', () => {
  const source = path.resolve(import.meta.dirname, '../../../src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' });
  const apps = files.filter((file) => /\.tsx?$/.test(file) && !file.startsWith('supervisor'));
  const recursive = apps.filter((file) =>
    /\bmkdir(?:Sync)?\([^;]*recursive/.test(readFileSync(path.join(source, file), 'utf8')),
  );
  expect(recursive).toEqual([]);
});

test.runIf(process.platform === 'linux')(
  'what could not be made is the reason, and only what is there is shown',
  async () => {
    const folder = makeTemporary();
    writeFileSync(path.join(folder, 'file'), '');
    const refused = [
      ['/proc/none', /^the folder \/proc\/none cannot be made: its file system takes no new folders$/, '/proc'],
      [path.join(folder, 'file/x'), /a part of its path is a file$/, undefined],
    ] as const;
    for (const [home, reason, seen] of refused) {
      const identities = createIdentities({
        homeDirectory: home,
        makeFolder,
        findSettings: async () => ({ agent: { kind: 'none' }, identityFiles: [] }) as never,
      });
      const made = identities.generate('~/.ssh/id_ws', 'me').catch((error: unknown) => error);
      expect(await made).toMatchObject({
        code: 'LOCAL_FILE_FAILED',
        reason: expect.stringMatching(reason),
        suggestions: [
          { program: 'ws', words: ['up', '--identity', 'FILE'] },
          ...(seen === undefined ? [] : [{ program: 'ls', words: ['-ld', seen] }]),
        ],
      });
      const settings = openSettings(path.join(home, '.config/ws'), 0).update(() => ({ cpu: '1' }));
      const elsewhere = [
        { program: 'export', words: ['WS_CONFIG_DIR=FOLDER'], note: 'uses another folder' },
        { program: 'ls', words: ['-ld', seen ?? path.join(folder, 'file')] },
      ];
      await expect(settings).rejects.toMatchObject({
        reason: expect.stringMatching(reason),
        suggestions: elsewhere,
      });
      const pinned = createKnownHosts(path.join(home, 'known_hosts')).pin('x', [
        fromKeyObject(generateKeyPairSync('ed25519').publicKey),
      ]);
      await expect(pinned).rejects.toMatchObject({
        reason: expect.stringMatching(reason),
        suggestions: elsewhere,
      });
    }
  },
);
