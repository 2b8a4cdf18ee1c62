import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKnownHosts, pinWherePossible } from '../../../src/adapters/files/known-hosts.ts';
import { saying } from '../../spelling.ts';

const KEY = { type: 'ssh-ed25519', blob: 'AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea' };
let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'ws-pin-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = (file: string) => {
  const told: string[] = [];
  return { told, knownHosts: pinWherePossible(createKnownHosts(file), (error) => told.push(error.reason ?? '')) };
};

describe('a host key', () => {
  it('is written where it can be, without a word', async () => {
    const { told, knownHosts } = open(path.join(root, 'a/known_hosts'));
    await knownHosts.pin('x', [KEY]);
    expect([told, await createKnownHosts(knownHosts.path).find('x')]).toEqual([[], [KEY]]);
  });

  it('holds for this run below a home in which nothing can be made', async () => {
    const { told, knownHosts } = open('/sys/ws/known_hosts');
    const pinned = [await knownHosts.pin('x', [KEY]), await knownHosts.pin('x', [KEY])];
    expect([told.length, await knownHosts.find('x'), await knownHosts.find('y')]).toEqual([1, [KEY], []]);
    expect(pinned).toEqual(['unkept', 'unkept']);
  });

  it('that cannot be written leads to another folder, and to what is in the way', async () => {
    const file = path.join(root, 'known_hosts');
    mkdirSync(file);
    await expect(createKnownHosts(file).pin('x', [KEY])).rejects.toMatchObject({
      code: 'LOCAL_FILE_FAILED',
      suggestions: [saying('export WS_CONFIG_DIR=FOLDER'), saying(`ls -ld ${root} ${file}`)],
    });
  });

  it('has one word about it, under however many names it is pinned', async () => {
    const { told, knownHosts } = open('/sys/ws/known_hosts');
    for (const name of ['x', 'y', 'z']) await knownHosts.pin(name, [KEY]);
    expect(told).toHaveLength(1);
  });

  it('that stands there under another name is kept, without a word', async () => {
    const file = path.join(root, 'known_hosts');
    await createKnownHosts(file).pin('x', [KEY]);
    const told: unknown[] = [];
    const inner = { ...createKnownHosts(file), pin: createKnownHosts(path.join(file, 'below')).pin };
    const pinned = await pinWherePossible(inner, (error) => told.push(error)).pin('y', [KEY]);
    expect([pinned, told]).toEqual(['kept', []]);
  });

  it('in place of another one is refused where it cannot be written: the next run would not know it', async () => {
    const file = path.join(root, 'known_hosts');
    await createKnownHosts(file).pin('x', [KEY]);
    const inner = {
      ...createKnownHosts(file),
      pin: createKnownHosts(path.join(file, 'below')).pin,
    };
    await expect(pinWherePossible(inner, () => undefined).pin('x', [KEY])).rejects.toMatchObject({
      code: 'LOCAL_FILE_FAILED',
    });
  });

  it('is not looked for in vain where the file cannot be read', async () => {
    const { knownHosts } = open(root);
    await expect(knownHosts.find('x')).rejects.toMatchObject({ code: 'LOCAL_FILE_FAILED' });
    await expect(knownHosts.pin('x', [KEY])).rejects.toMatchObject({ code: 'LOCAL_FILE_FAILED' });
  });
});
