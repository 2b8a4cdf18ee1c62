import { expect, it } from 'vitest';
import { readPages } from './pages.ts';

const LINES = 120;

it(`CONTRIBUTING.md is one screen of at most ${LINES} lines: details belong in docs/testing.md and docs/decisions`, () => {
  const text = readPages().find(({ file }) => file === 'CONTRIBUTING.md')?.text ?? '';
  expect(text).toContain('## The house');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(LINES);
});
