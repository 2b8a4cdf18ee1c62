import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeFolder } from '../../../src/adapters/files/make-folder.ts';

test('a folder is made with all that is missing above it, for its owner alone, and may be there already', async () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'ws-folder-')), 'a/b/c');
  await makeFolder(folder);
  await makeFolder(folder);
  expect([statSync(folder).isDirectory(), statSync(path.dirname(folder)).mode & 0o777]).toEqual([true, 0o700]);
});

test.runIf(process.platform === 'linux')('it ends where nothing can be made, though the parent is there', async () => {
  await expect(makeFolder('/proc/none/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a file in the way is an error of the file system', async () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'ws-folder-')), 'file');
  writeFileSync(file, '');
  await expect(makeFolder(path.join(file, 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});
