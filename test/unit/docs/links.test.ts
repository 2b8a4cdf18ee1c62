import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { listAnchors, listTargets, type Page, ROOT, readPages } from './pages.ts';

function findFault(page: Page, target: string): string | undefined {
  const [file = '', anchor] = target.split('#');
  const place = file === '' ? page.file : path.join(path.dirname(page.file), file);
  if (!existsSync(path.join(ROOT, place))) return `${target}: there is no ${place}`;
  if (anchor === undefined) return undefined;
  const anchors = listAnchors(readFileSync(path.join(ROOT, place), 'utf8'));
  return anchors.includes(anchor) ? undefined : `${target}: ${place} has no such heading`;
}

describe('links', () => {
  it.each(readPages())('of $file lead to files and headings that are there', (page) => {
    expect(listTargets(page).flatMap((target) => findFault(page, target) ?? [])).toEqual([]);
  });

  it('show every picture that was drawn', () => {
    const shown = new Set(readPages().flatMap((page) => listTargets(page).map((target) => path.basename(target))));
    const drawn = readdirSync(path.join(ROOT, 'docs/screens'));
    expect(drawn.length).toBeGreaterThan(5);
    expect(drawn.filter((name) => !shown.has(name))).toEqual([]);
  });
});

it('packs what the packed pages link to', () => {
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
