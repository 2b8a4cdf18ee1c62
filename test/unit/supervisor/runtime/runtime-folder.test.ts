/** The server's folder, which the user's programs can write to: whatever they leave there, a restart gets its files. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { followFile } from '../../../../src/supervisor/runtime/follow.ts';
import { RuntimeFolder } from '../../../../src/supervisor/runtime/runtime-folder.ts';

let root: string;
let home: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'runtime-'));
  home = mkdtempSync(path.join(tmpdir(), 'home-'));
});
afterEach(() => {
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
});

const at = (name: string) => path.join(root, name);

const OBSTACLES: [string, (file: string) => void][] = [
  ['nothing', () => undefined],
  ['a file', (file) => writeFileSync(file, 'old')],
  ['a file that nobody may touch', (file) => writeFileSync(file, 'old', { mode: 0 })],
  ['an empty folder', (file) => mkdirSync(file)],
  ['a full folder', (file) => mkdirSync(path.join(file, 'a', 'b'), { recursive: true })],
  [
    'a folder without rights',
    (file) => {
      mkdirSync(path.join(file, 'a'), { recursive: true });
      chmodSync(file, 0);
    },
  ],
  ['a pipe', (file) => execFileSync('mkfifo', [file])],
  ['a link to nowhere', (file) => symlinkSync('/nowhere/at/all', file)],
  ['a link to itself', (file) => symlinkSync(file, file)],
  ['a link to a file of the home', (file) => symlinkSync(path.join(home, 'elsewhere'), file)],
  [
    'a socket',
    (file) => {
      const make = 'import socket,sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])';
      execFileSync('python3', ['-c', make, file]);
    },
  ],
];

describe('a file of the runtime folder', () => {
  it.each(OBSTACLES)('is there after a start that found %s in its place', async (_name, make) => {
    writeFileSync(path.join(home, 'elsewhere'), 'not mine');
    make(at('hostkey'));
    const folder = new RuntimeFolder(root);
    expect(await folder.place('hostkey', 'new', 0o600, true)).toBe(at('hostkey'));
    expect(readFileSync(at('hostkey'), 'utf8')).toBe('new');
    expect(statSync(at('hostkey')).mode & 0o777).toBe(0o600);
    expect(readFileSync(path.join(home, 'elsewhere'), 'utf8')).toBe('not mine');
  });

  it.each(OBSTACLES)('is read without waiting and without harm where %s is', async (name, make) => {
    writeFileSync(path.join(home, 'elsewhere'), 'not mine');
    make(at('starts'));
    const text = await new RuntimeFolder(root).find('starts');
    // root, who runs tests, may read what nobody may.
    expect(text).toBe(name.startsWith('a file') ? 'old' : undefined);
  });

  it.runIf(process.getuid?.() === 0)('gets its room in a full file system, at a start', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', root]);
    try {
      const folder = new RuntimeFolder(root);
      await folder.place('starts', '1', 0o644, true);
      mkdirSync(at('a/b'), { recursive: true });
      expect(() => writeFileSync(at('a/b/fill'), Buffer.alloc(2 ** 17))).toThrow('ENOSPC');
      chmodSync(at('a'), 0);
      // What these lead to is the user's, and stays as it is.
      const shared = path.join(home, 'shared');
      mkdirSync(path.join(shared, 'tool'), { recursive: true });
      chmodSync(shared, 0o755);
      writeFileSync(path.join(shared, 'run'), 'tool', { mode: 0o755 });
      symlinkSync(shared, at('to-a-folder'));
      symlinkSync(path.join(shared, 'run'), at('to-a-file'));
      await expect(folder.place('hostkey', 'new', 0o600, false)).rejects.toThrow(
        /hostkey cannot be written, and a restart does not help: the pod must be deleted.*ENOSPC/,
      );
      await folder.place('hostkey', 'new', 0o600, true);
      expect(readFileSync(at('hostkey'), 'utf8')).toBe('new');
      expect(await folder.find('starts')).toBe('1');
      expect(readdirSync(root).toSorted()).toEqual(['hostkey', 'starts']);
      expect(readdirSync(shared).toSorted()).toEqual(['run', 'tool']);
      for (const file of [shared, path.join(shared, 'run')]) expect(statSync(file).mode & 0o777, file).toBe(0o755);
    } finally {
      execFileSync('umount', [root]);
    }
  });
});

describe('followFile', () => {
  it('tells of each change, as of a swapped link, and of nothing else', async () => {
    mkdirSync(at('one'));
    mkdirSync(at('two'));
    writeFileSync(at('one/key'), 'old');
    writeFileSync(at('two/key'), 'new');
    symlinkSync('one', at('..data'));
    symlinkSync('..data/key', at('key'));
    let changes = 0;
    const follower = followFile(at('key'), () => (changes += 1), 10);
    try {
      await follower.seen;
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(changes).toBe(0);
      rmSync(at('..data'));
      await vi.waitFor(() => expect(changes).toBe(1), 120_000);
      symlinkSync('two', at('..data'));
      await vi.waitFor(() => expect(changes).toBe(2), 120_000);
    } finally {
      follower.stop();
    }
  });
});
