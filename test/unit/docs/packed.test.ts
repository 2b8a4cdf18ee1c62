import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { listTargets, ROOT, readPages } from './pages.ts';

it('packs what the packed pages link to', { timeout: 120_000 }, () => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const said = execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [packed] = JSON.parse(said) as { files: { path: string }[] }[];
  const files = new Set(packed?.files.map((file) => file.path));
  const pages = readPages().filter(({ file }) => files.has(file));
  expect(pages.map(({ file }) => file)).toEqual(expect.arrayContaining(['README.md', 'docs/json.md']));
  const links = pages.flatMap((page) =>
    listTargets(page).map((target) => ({
      page: page.file,
      to: path.normalize(path.join(path.dirname(page.file), target.split('#')[0] || path.basename(page.file))),
    })),
  );
  expect(links.filter(({ to }) => !files.has(to))).toEqual([]);
});
