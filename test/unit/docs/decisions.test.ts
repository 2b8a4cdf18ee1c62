import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './pages.ts';

const FOLDER = path.join(ROOT, 'docs/decisions');
const HEADINGS = ['Context', 'Decision', 'Numbers', 'What would change it'];

const pages = readdirSync(FOLDER)
  .filter((name) => name !== 'README.md')
  .toSorted()
  .map((name) => ({ name, text: readFileSync(path.join(FOLDER, name), 'utf8') }));

describe('docs/decisions', () => {
  it('lists each page by its number and title, in order', () => {
    const index = readFileSync(path.join(FOLDER, 'README.md'), 'utf8');
    const listed = [...index.matchAll(/^- \[(.*)\]\((.*)\)$/gm)].map(([, title, name]) => `${name} ${title}`);
    expect(listed).toEqual(pages.map(({ name, text }) => `${name} ${/^# (.*)$/m.exec(text)?.[1]}`));
  });

  it.each(pages)('$name has its own number, and says what there is to say', ({ name, text }) => {
    const number = name.slice(0, 4);
    expect(pages.filter((page) => page.name.startsWith(number))).toHaveLength(1);
    expect(text).toMatch(new RegExp(`^# ${number}\\. \\S`));
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(expect.arrayContaining(HEADINGS));
  });

  it.each(pages)('$name names files that are there', ({ text }) => {
    const named = [...text.matchAll(/`((?:src|chart|image|scripts|test)\/[\w./-]+)`/g)].map(([, file = '']) => file);
    expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });
});
