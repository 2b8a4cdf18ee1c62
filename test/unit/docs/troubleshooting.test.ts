import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ERROR_CODES, failure } from '../../../src/workspace/errors.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const text = readFileSync(path.join(ROOT, 'docs/troubleshooting.md'), 'utf8');

it('has a heading for every error code, and none that no error has', () => {
  const headings = [...text.matchAll(/^## ([A-Z_]+)$/gm)].map((match) => match[1]);
  expect(headings.toSorted()).toEqual(ERROR_CODES.toSorted());
});

it('is where an error points to', () => {
  expect(failure('HELM_MISSING', { message: 'x' }).ref).toBe('docs/troubleshooting.md#helm_missing');
});
