/** What the last lines of `npm test` say of a run: what counts, and what the exit status is. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const TALLY = path.resolve(import.meta.dirname, '../../../scripts/tally.ts');
const RESULTS = path.resolve(import.meta.dirname, '../../../scripts/test-results.ts');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-tally-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Tests by file, as `name status`. `FILE !` is a file that failed outside of its tests. */
function report(suite: string, exit: number, files: Record<string, string[]> | undefined) {
  writeFileSync(path.join(folder, `${suite}.status`), `${exit}\n`);
  if (files === undefined) return;
  const testResults = Object.entries(files).map(([file, tests]) => {
    const assertionResults = tests.map((test) => {
      const [fullName, status] = test.split(' ');
      return { fullName, status };
    });
    const isFailed = file.endsWith('!') || tests.some((test) => test.endsWith(' failed'));
    return { name: file.replace(' !', ''), status: isFailed ? 'failed' : 'passed', assertionResults };
  });
  writeFileSync(path.join(folder, `${suite}.json`), JSON.stringify({ testResults }));
}

function run(script: string, ...words: string[]) {
  const { status, stdout } = spawnSync(process.execPath, [script, folder, ...words], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n') };
}

it.each([
  ['all passed', () => report('unit', 0, { a: ['x passed', 'y passed'] }), 0, ['2 passed, 0 failed, 0 skipped']],
  [
    'one failed, and ran once only',
    () => report('unit', 1, { a: ['x failed', 'y passed'] }),
    1,
    ['failed   unit: x', '1 passed, 1 failed, 0 skipped'],
  ],
  [
    'one failed, and passed alone',
    () => {
      report('unit', 1, { a: ['x failed', 'y passed'], b: ['z passed'] });
      report('unit.again', 0, { a: ['x passed', 'y passed'] });
    },
    0,
    ['again    unit: x (failed beside the other suites, passed alone)', '3 passed, 0 failed, 0 skipped'],
  ],
  [
    'two failed, and one of them alone too',
    () => {
      report('unit', 1, { a: ['x failed'], b: ['z failed'] });
      report('unit.again', 1, { a: ['x passed'], b: ['z failed'] });
    },
    1,
    [
      'again    unit: x (failed beside the other suites, passed alone)',
      'failed   unit: z',
      '1 passed, 1 failed, 0 skipped',
    ],
  ],
  [
    'another test of the file failed alone',
    () => {
      report('unit', 1, { a: ['x failed', 'y passed'] });
      report('unit.again', 1, { a: ['x passed', 'y failed'] });
    },
    1,
    [
      'again    unit: x (failed beside the other suites, passed alone)',
      'failed   unit: y',
      '1 passed, 1 failed, 0 skipped',
    ],
  ],
  [
    'a file did not load',
    () => report('unit', 1, { 'a !': [], b: ['z passed'] }),
    1,
    ['failed   unit: a', '1 passed, 1 failed, 0 skipped'],
  ],
  [
    'the suite crashed',
    () => report('unit', 139, undefined),
    1,
    ['failed   unit: ended without a report', '0 passed, 1 failed, 0 skipped'],
  ],
  [
    'all passed, and then it crashed',
    () => report('unit', 139, { a: ['x passed'] }),
    1,
    ['failed   unit: ended with status 139', '1 passed, 1 failed, 0 skipped'],
  ],
  [
    'all passed alone, and then it crashed',
    () => {
      report('unit', 1, { a: ['x failed'] });
      report('unit.again', 139, { a: ['x passed'] });
    },
    1,
    ['failed   unit: ended with status 139', '1 passed, 1 failed, 0 skipped'],
  ],
  [
    'a step failed, and one was skipped',
    () => {
      report('unit', 0, { a: ['x passed', 'y skipped'] });
      report('image-build', 2, undefined);
    },
    1,
    ['skipped  unit: y', 'failed   image-build: ended with status 2', '1 passed, 1 failed, 1 skipped'],
  ],
  ['nothing ran', () => report('unit', 0, {}), 1, ['failed   unit: ran no test', '0 passed, 1 failed, 0 skipped']],
])('%s', (_what, make, status, last) => {
  make();
  const tally = run(TALLY, 'unit');
  expect(tally.status).toBe(status);
  expect(tally.lines.at(-1)).toBe(last.at(-1));
  expect(tally.lines).toEqual(expect.arrayContaining(last));
});

it('lists the files to run again, and none of a suite that crashed', () => {
  report('unit', 1, { a: ['x failed'], b: ['z passed'], 'c !': [] });
  report('chart', 139, undefined);
  expect(run(RESULTS, 'unit').lines).toEqual(['a', 'c']);
  expect(run(RESULTS, 'chart').lines).toEqual(['']);
});
