/** A start that is cut off in the midst of its work on the home: the next one finds every file under its path. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { prepareHome } from '../../../../src/supervisor/home/prepare-home.ts';

/** How many changes of the file system are still done; the next one never comes. */
const left = vi.hoisted(() => ({ changes: Number.POSITIVE_INFINITY }));

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>();
  const cut =
    <Words extends unknown[], Result>(change: (...words: Words) => Promise<Result>) =>
    async (...words: Words): Promise<Result> => {
      if (left.changes <= 0) throw new Error('cut off');
      left.changes -= 1;
      return change(...words);
    };
  return {
    ...real,
    rename: cut(real.rename),
    mkdir: cut(real.mkdir),
    symlink: cut(real.symlink),
    rm: cut(real.rm),
    chmod: cut(real.chmod),
  };
});

const FILES = ['.bashrc', '.ssh/id', 'project/file', '.linuxbrew/bin/tool'];

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(path.join(tmpdir(), 'home-')));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const CASES: Record<string, { files: string[]; user: string; before?: string }> = {
  'a home of 0.1 at the root': { files: FILES, user: 'alice' },
  "a home of 0.1 with a folder of its user's name": { files: [...FILES, 'alice/file'], user: 'alice' },
  'one without any sign of a home but that, which had another user': {
    files: ['project/file', 'alice/file'],
    user: 'alice',
    before: 'bob',
  },
};

it.each(Object.entries(CASES))('%s', async (_what, { files, user, before }) => {
  const skeleton = path.join(base, 'skeleton');
  mkdirSync(skeleton);
  let isWhole = false;
  for (let changes = 0; !isWhole; changes += 1) {
    expect(changes).toBeLessThan(100);
    const root = path.join(base, String(changes));
    for (const name of files) {
      mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
      writeFileSync(path.join(root, name), name);
    }
    left.changes = Number.POSITIVE_INFINITY;
    if (before !== undefined) await prepareHome(path.join(root, before), skeleton);
    left.changes = changes;
    isWhole = await prepareHome(path.join(root, user), skeleton).then(
      ({ faults }) => faults.length === 0 && left.changes > 0,
      () => false,
    );
    left.changes = Number.POSITIVE_INFINITY;
    await prepareHome(path.join(root, user), skeleton);
    for (const name of files)
      expect(readFileSync(path.join(root, user, name), 'utf8'), `cut off after ${changes}`).toBe(name);
  }
});
