import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { EXPLAINED } from '../../../src/cli/front/meant/find-subject.ts';
import { formatErrorPage } from '../../../src/report/results/error-page.ts';
import { ERROR_CODES } from '../../../src/workspace/errors/errors.ts';

const ROOT = process.cwd();
const page = readFileSync(path.join(ROOT, 'docs/troubleshooting.md'), 'utf8');
const { files } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
const show = (code: string, columns = 80, color = false) =>
  formatErrorPage(page, code, { columns, color, folder: path.join(ROOT, 'docs') });

const ERRORS: readonly string[] = [...ERROR_CODES, 'BUG'];

describe.each(EXPLAINED)('ws help %s', (code) => {
  it('has a text that says what helps', () => {
    const heading = ERRORS.includes(code) ? '\\S.*exit code \\d+' : '\\S.*';
    expect(show(code)).toMatch(new RegExp(`^${code} {2}${heading}\n\n\\S`));
    expect(show(code)).toMatch(/helps/);
  });

  it.each([40, 80, 200])('fits a terminal of %i columns, but for words that are longer', (columns) => {
    const wide = show(code, columns)
      .split('\n')
      .filter((line) => line.length > Math.min(columns, 100));
    expect(wide.filter((line) => line.trim().includes(' ') && !line.startsWith(code))).toEqual([]);
  });

  it('has one space between two words', () => {
    for (const color of [false, true])
      expect(
        show(code, 100, color)
          .split('\n')
          .slice(1)
          .filter((line) => / {2}/.test(stripVTControlCharacters(line).trim())),
      ).toEqual([]);
  });

  it('holds no mark of Markdown, and in colour the same words', () => {
    expect(show(code)).not.toMatch(/\]\(|\*\*|^#|^\||<!--/m);
    const plain = (text: string) => stripVTControlCharacters(text).replaceAll('`', '').split(/\s+/);
    expect(plain(show(code, 80, true))).toEqual(plain(show(code)));
    expect(stripVTControlCharacters(show(code, 80, true))).not.toContain('`');
  });

  it('refers to files that are there, and are in the package', () => {
    const [, more = ''] = show(code).split('Read more:\n');
    for (const file of more.trim() === ''
      ? []
      : more
          .trim()
          .split('\n')
          .map((line) => line.trim())) {
      expect(existsSync(file), file).toBe(true);
      const name = path.relative(ROOT, file);
      expect(name === 'README.md' || files.includes('docs'), file).toBe(true);
    }
  });
});

it('shows a table as terms, and what is said of each', () => {
  expect(show('WORKSPACE_FAILED')).toContain(
    "\n`ClaimMissing`\n  somebody deleted the home's claim\n  What helps: bring",
  );
});
