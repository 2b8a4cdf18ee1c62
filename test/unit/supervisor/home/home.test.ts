import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareHome } from '../../../../src/supervisor/home/prepare-home.ts';

let base: string;
/** The volume's root, which the pod mounts at /home. */
let root: string;
let home: string;
let skeleton: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'home-')));
  root = path.join(base, 'home');
  home = path.join(root, 'alice');
  skeleton = path.join(base, 'skeleton');
  for (const folder of [root, skeleton]) mkdirSync(folder);
  // As a volume comes: its group's, and it hands that down.
  chmodSync(root, 0o2775);
  writeFileSync(path.join(skeleton, '.bashrc'), 'skeleton\n');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const modeOf = (...names: string[]) => statSync(path.join(home, ...names)).mode & 0o7777;
const read = (...names: string[]) => readFileSync(path.join(home, ...names), 'utf8');
/** Folders end with a slash in `names`; the others are files with their own path as text. */
function put(folder: string, ...names: string[]): void {
  for (const name of names) {
    const file = path.join(folder, name);
    mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(file, name);
  }
}
/** A home as 0.1 had it: the volume's root, with the folder that the kubelet made for Homebrew. */
const OLD_HOME = ['.bashrc', '.ssh/id', 'project/file', '.linuxbrew/bin/tool'];

describe('a new volume', () => {
  it("V5Q3-HOME: gets a folder of its user's, closed to others, with the files of the skeleton", async () => {
    put(root, 'lost+found/');
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', filled: true, faults: [] });
    expect([read('.bashrc'), modeOf().toString(8)]).toEqual(['skeleton\n', '750']);
    expect(readdirSync(home)).toEqual(['.bashrc']);
  });

  it("M4J7-BREW: gets Homebrew's prefix beside the home, a real folder", async () => {
    await prepareHome(home, skeleton);
    const prefix = path.join(root, 'linuxbrew/.linuxbrew');
    expect(realpathSync(prefix)).toBe(prefix);
  });

  it('V5Q3-HOME: is left as it is at each later start, whatever was removed from it or put beside it', async () => {
    await prepareHome(home, skeleton);
    rmSync(path.join(home, '.bashrc'));
    put(home, 'work');
    put(root, '.bashrc', 'other/file');
    for (const mark of [true, false]) {
      if (!mark) rmSync(path.join(root, '.bashrc'));
      if (!mark) rmSync(path.join(root, '.ws-home'));
      expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', filled: false, tightened: [] });
      expect(readdirSync(home)).toEqual(['work']);
    }
  });

  it("is one home: another user's name leads to it", async () => {
    await prepareHome(home, skeleton);
    put(home, 'work');
    const other = path.join(root, 'bob');
    expect(await prepareHome(other, skeleton)).toMatchObject({ layout: 'linked', filled: false });
    expect(readFileSync(path.join(other, 'work'), 'utf8')).toBe('work');
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder' });
  });

  it("takes a folder of the user's name on a volume of homes for his", async () => {
    put(root, 'alice/work', 'bob/work');
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', filled: false, gathered: 0 });
    expect(read('work')).toBe('alice/work');
  });
});

describe('N3M9-PERSIST: a home of 0.1 at the root of its volume', () => {
  it('comes up with all it had, by links to itself', async () => {
    put(root, ...OLD_HOME);
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'root', filled: false, gathered: 0, faults: [] });
    for (const name of OLD_HOME) expect(read(name)).toBe(name);
    expect(lstatSync(path.join(root, 'project')).isDirectory()).toBe(true);
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'root', setAside: [], faults: [] });
  });

  it('M4J7-BREW: has its packages under the prefix, whose real path Homebrew asks for, and where 0.1 looks', async () => {
    put(root, ...OLD_HOME);
    await prepareHome(home, skeleton);
    const tool = path.join(root, 'linuxbrew/.linuxbrew/bin/tool');
    expect(realpathSync(tool)).toBe(tool);
    expect(readlinkSync(path.join(root, '.linuxbrew'))).toBe('linuxbrew/.linuxbrew');
  });

  it("is the same home under another user's name", async () => {
    put(root, ...OLD_HOME);
    for (const user of ['alice', 'bob', 'alice']) {
      const report = await prepareHome(path.join(root, user), skeleton);
      expect(report).toMatchObject({ layout: 'root', gathered: 0 });
      expect(readFileSync(path.join(root, user, 'project/file'), 'utf8')).toBe('project/file');
    }
  });

  it("whose entry of its user's name takes the link's place becomes a folder, under the same paths", async () => {
    for (const entry of ['alice/file', 'alice']) {
      rmSync(root, { recursive: true });
      put(base, 'home/');
      put(root, ...OLD_HOME, entry);
      const first = path.join(root, 'bob');
      await prepareHome(first, skeleton);
      expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', gathered: 4, faults: [] });
      for (const name of [...OLD_HOME, entry]) expect(read(name)).toBe(name);
      expect(readlinkSync(first)).toBe('alice');
      expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', gathered: 0, faults: [] });
    }
  });

  it('becomes a folder when its user asks for it', async () => {
    put(root, ...OLD_HOME);
    await prepareHome(home, skeleton);
    writeFileSync(path.join(root, '.ws-gather'), '');
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', gathered: 3, filled: false });
    for (const name of OLD_HOME) expect(read(name)).toBe(name);
    expect(readdirSync(root).toSorted()).toEqual(['.ws-home', 'alice', 'linuxbrew']);
  });

  it("keeps a folder of its user's that is called as Homebrew's", async () => {
    put(root, ...OLD_HOME, 'linuxbrew/mine', 'alice/file');
    await prepareHome(home, skeleton);
    expect([read('linuxbrew/mine'), read('.linuxbrew/bin/tool')]).toEqual(['linuxbrew/mine', '.linuxbrew/bin/tool']);
  });
});

describe('what is in the way', () => {
  it('of the home or of Homebrew is set aside, never deleted', async () => {
    const nonsense: Record<string, (file: string) => void> = {
      file: (file) => writeFileSync(file, 'mine'),
      'dangling link': (file) => symlinkSync('/nowhere/at/all', file),
      loop: (file) => symlinkSync(path.basename(file), file),
      'link out of the volume': (file) => symlinkSync(skeleton, file),
    };
    for (const [what, make] of Object.entries(nonsense)) {
      rmSync(root, { recursive: true });
      mkdirSync(path.join(root, 'linuxbrew'), { recursive: true });
      for (const name of ['alice', '.ws-home']) make(path.join(root, name));
      if (what !== 'link out of the volume') make(path.join(root, 'linuxbrew/.linuxbrew'));
      const report = await prepareHome(home, skeleton);
      expect(report, what).toMatchObject({ layout: 'folder', filled: true, faults: [] });
      expect(report.setAside[0], what).toBe(`${home}.set-aside-1`);
      expect(lstatSync(`${home}.set-aside-1`).isDirectory(), what).toBe(false);
    }
  });

  it('a file ~/.linuxbrew, or a link that leads nowhere, keeps nobody out', async () => {
    put(root, '.bashrc', '.linuxbrew');
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'root', faults: [] });
    expect(read('.linuxbrew')).toBe('.linuxbrew');
    rmSync(path.join(root, '.linuxbrew'));
    symlinkSync('/nowhere', path.join(root, '.linuxbrew'));
    expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'root', faults: [] });
  });
});

describe('modes', () => {
  it("takes away a volume's group rights where OpenSSH minds them, and gives none", async () => {
    const ssh = path.join(home, '.ssh');
    mkdirSync(ssh, { recursive: true });
    const files = { id: '-----BEGIN OPENSSH PRIVATE KEY-----\n', 'id.pub': 'ssh-ed25519 AAAA', config: 'Host *\n' };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(path.join(ssh, name), text);
      chmodSync(path.join(ssh, name), 0o660);
    }
    chmodSync(ssh, 0o2770);
    chmodSync(home, 0o2777);
    const { tightened } = await prepareHome(home, skeleton);
    expect(tightened.toSorted()).toEqual([home, ssh, path.join(ssh, 'id')]);
    expect([modeOf(), modeOf('.ssh'), modeOf('.ssh', 'id'), modeOf('.ssh', 'config')]).toEqual([
      0o750, 0o700, 0o600, 0o660,
    ]);
    chmodSync(home, 0o700);
    expect((await prepareHome(home, skeleton)).tightened).toEqual([]);
    expect(modeOf()).toBe(0o700);
  });

  it('reads the head of a key, however large the file is', async () => {
    put(home, '.ssh/');
    for (const name of ['a', 'b', 'c']) {
      put(home, `.ssh/${name}`);
      truncateSync(path.join(home, '.ssh', name), 1900 * 2 ** 20);
    }
    const before = process.memoryUsage.rss();
    const startedAtMs = performance.now();
    await prepareHome(home, skeleton);
    expect(performance.now() - startedAtMs).toBeLessThan(2000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
    expect(existsSync(path.join(home, '.ssh/a'))).toBe(true);
  });
});
