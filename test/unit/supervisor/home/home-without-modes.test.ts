/**
 * A volume that gives all files one owner, so that nobody may change a mode: SMB, FUSE, NFS that maps every user to
 * one.
 */
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { prepareHome } from '../../../../src/supervisor/home/prepare-home.ts';

// Node copies a file and then its mode, so that a copy fails as well.
vi.mock('node:fs/promises', async (load) => {
  const refuse = async () => {
    throw Object.assign(new Error('EPERM: operation not permitted'), { code: 'EPERM' });
  };
  return { ...(await load<object>()), chmod: refuse, cp: refuse, copyFile: refuse };
});

let base: string;
beforeEach(() => {
  base = mkdtempSync(path.join(tmpdir(), 'home-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

it('gets a home with all files of the skeleton at the first start', async () => {
  const [root, skeleton] = [path.join(base, 'home'), path.join(base, 'skeleton')];
  mkdirSync(root);
  mkdirSync(path.join(skeleton, '.config/tool'), { recursive: true });
  writeFileSync(path.join(skeleton, '.bashrc'), 'skeleton');
  writeFileSync(path.join(skeleton, '.config/tool/run'), 'tool', { mode: 0o755 });
  symlinkSync('.bashrc', path.join(skeleton, '.link'));
  const home = path.join(root, 'alice');
  expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', filled: true, faults: [] });
  expect(readFileSync(path.join(home, '.bashrc'), 'utf8')).toBe('skeleton');
  expect(statSync(path.join(home, '.config/tool/run')).mode & 0o777).toBe(0o755);
  expect(readlinkSync(path.join(home, '.link'))).toBe('.bashrc');
  expect(await prepareHome(home, skeleton)).toMatchObject({ layout: 'folder', filled: false, faults: [] });
});
