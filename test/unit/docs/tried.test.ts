/** The plan of test/e2e/documents/, which types every command of the pages. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { PAGES, PLAN, PREPARE, TOGETHER } from '../../e2e/documents/plan.ts';
import { listShellBlocks, ROOT, readPages } from './pages.ts';

const pages = Object.values(PAGES).flat();
const blocks = pages.flatMap((page) => listShellBlocks(readFileSync(path.join(ROOT, page), 'utf8')));

it('tries every page of docs/ that has commands to type, decisions and contributing apart', () => {
  const withCommands = readPages().filter(({ text }) => listShellBlocks(text).length > 0);
  const others = withCommands.map(({ file }) => file).filter((file) => !pages.includes(file));
  expect(others.filter((file) => file === 'README.md' || /^docs\/[^/]+$/.test(file))).toEqual([]);
  expect(Object.keys(PREPARE).filter((page) => !pages.includes(page))).toEqual([]);
});

it('types every group of pages in a file of its own', () => {
  for (const group of Object.keys(PAGES)) {
    const file = path.join(ROOT, 'test/e2e/documents', `${group}.test.ts`);
    expect(readFileSync(file, 'utf8')).toContain(`typePages(PAGES.${group}, 'helm')`);
  }
});

it('has nothing planned for a command that no page has any more', () => {
  const lines = new Set(blocks.flat());
  expect(Object.keys(PLAN).filter((line) => !lines.has(line))).toEqual([]);
  expect(Object.keys(TOGETHER).filter((start) => !blocks.some(([line]) => line?.startsWith(start)))).toEqual([]);
});

it('reads blocks as they are typed: lines that go on, and no comments', () => {
  const text = '```sh\na b   # c\nx \'y # z\' \\\n  --more "#1"\n\n# only\n```\n';
  expect(listShellBlocks(text)).toEqual([['a b', `x 'y # z' --more "#1"`]]);
});
