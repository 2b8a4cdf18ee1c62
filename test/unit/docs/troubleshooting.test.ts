import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { EXIT_CODES } from '../../../src/cli/command/exit-codes.ts';
import { ERROR_CODES, failure } from '../../../src/workspace/errors/errors.ts';
import { listAnchors, ROOT } from './pages.ts';

const text = readFileSync(path.join(ROOT, 'docs/troubleshooting.md'), 'utf8');

it('has a heading for every error code, and none that no error has', () => {
  const headings = [...text.matchAll(/^## ([A-Z_]+)$/gm)].map((match) => match[1]);
  expect(headings.toSorted()).toEqual([...ERROR_CODES, 'BUG'].toSorted());
});

it('has an anchor for each, which other pages point to', () => {
  for (const code of ERROR_CODES) expect(listAnchors(text)).toContain(code.toLowerCase());
});

it('has each error under the exit code that it ends with, with something to do', () => {
  for (const part of text.split(/^(?=## .*exit code)/m).slice(1)) {
    const exitCode = Number(/exit code (\d+)/.exec(part)?.[1]);
    for (const [, code = '', body = ''] of part.matchAll(/^## ([A-Z_]+)$([\s\S]*?)(?=^## |$(?![\s\S]))/gm)) {
      const kind = code === 'BUG' ? 'bug' : failure(code as (typeof ERROR_CODES)[number], { message: 'x' }).kind;
      expect([code, EXIT_CODES[kind]]).toEqual([code, exitCode]);
      expect(body, code).toMatch(/helps/);
    }
  }
});
