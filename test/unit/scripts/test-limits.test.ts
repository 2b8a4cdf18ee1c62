/**
 * How long a test takes is up to the machine and what else runs there. So none has a limit of its own that is shorter
 * than its project's (vitest.config.ts): it would fail where nothing is wrong.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import config from '../../../vitest.config.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const NAMES = ['unit', 'fuzz', 'integration', 'chart', 'image', 'cluster', 'e2e'];
const PROJECTS = (config.test?.projects ?? []).flatMap((project) => {
  const { name, testTimeout } = (project as { test: { name: string; testTimeout: number } }).test;
  return NAMES.includes(name) ? [[name, testTimeout] as const] : [];
});

/** Each way to write a limit: after the test, before it on its line, and before it on lines of their own. */
const WAYS = [
  /^ *\}, ([\d_]{4,})\);$/gm,
  /^ *(?:it|test)\b.*\{ timeout: ([\d_]+) \}/gm,
  /^ *timeout: ([\d_]+),\n *\}, (?:async|f)/gm,
];

/** Milliseconds, in the order of the ways. */
function listLimits(text: string): number[] {
  return WAYS.flatMap((way) => [...text.matchAll(way)].map(([, limit = '']) => Number(limit.replaceAll('_', ''))));
}

it.each(PROJECTS)('no test of %s has less time than its project', (project, limitMs) => {
  const files = globSync(`test/${project}/**/*.test.{ts,tsx}`, { cwd: ROOT });
  expect(files.length).toBeGreaterThan(0);
  const tooShort = files.flatMap((file) =>
    listLimits(readFileSync(path.join(ROOT, file), 'utf8'))
      .filter((limit) => limit < limitMs)
      .map((limit) => `${file}: ${limit} ms`),
  );
  expect(tooShort).toEqual([]);
});

it('knows each of these projects', () => {
  expect(PROJECTS.map(([name]) => name).toSorted()).toEqual(NAMES.toSorted());
});

it('sees a limit in each way to write it', () => {
  const text = [
    ...["it('after', async () => {", '}, 5000);'],
    "it('before', { timeout: 60_000 }, async () => {",
    ...["it('on lines', {", '  timeout: 70_000,', '}, async () => {', '});'],
  ].join('\n');
  expect(listLimits(text)).toEqual([5000, 60_000, 70_000]);
});
