/**
 * Adds up the results of `scripts/test.sh`. Usage: `node scripts/tally.ts FOLDER SUITE…` The folder has each suite's
 * exit status (`SUITE.status`) and, unless the suite crashed, Vitest's JSON (`SUITE.json`). It has `STEP.status` for
 * each step of the preparation, which counts only if it failed. Test files that failed and then ran once more by
 * themselves (`SUITE.again.json`) count as they did then; a test that this changed is listed. The last line of the
 * output is `N passed, N failed, N skipped`. The exit status is 1 if anything failed or nothing passed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { listFailed, readReport, readResults } from './test-results.ts';

interface Count {
  passed: number;
  failed: string[];
  skipped: string[];
  /** Failed beside the other suites, and passed alone. */
  again: string[];
}

const [folder = '', ...suites] = process.argv.slice(2);

function readStatus(name: string): number | undefined {
  const file = path.join(folder, `${name}.status`);
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/** A failure outside of any test, such as a file that does not load or a worker that died, counts as one. */
function countSuite(suite: string): Count {
  const results = readResults(folder, suite);
  if (results === undefined) return { passed: 0, failed: [`${suite}: ended without a report`], skipped: [], again: [] };
  const tests = results.flatMap((file) => file.assertionResults);
  const toRow = (name: string) => `${suite}: ${name}`;
  const count: Count = {
    passed: tests.filter(({ status }) => status === 'passed').length,
    failed: results.flatMap(listFailed).map(toRow),
    skipped: tests
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map((test) => toRow(test.fullName)),
    again: [],
  };
  const before = readReport(folder, suite)?.flatMap(listFailed).map(toRow) ?? [];
  count.again = before.filter((name) => !count.failed.includes(name));
  const status = readStatus(`${suite}.again`) ?? readStatus(suite);
  if (status !== 0 && count.failed.length === 0) count.failed.push(`${suite}: ended with status ${status}`);
  if (count.passed + count.failed.length === 0) count.failed.push(`${suite}: ran no test`);
  return count;
}

function listFailedSteps(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.status'))
    .map((file) => file.slice(0, -'.status'.length))
    .filter((name) => !suites.includes(name.replace(/\.again$/, '')) && readStatus(name) !== 0)
    .map((name) => `${name}: ended with status ${readStatus(name)}`);
}

const counts = suites.map(countSuite);
for (const [index, suite] of suites.entries()) {
  const { passed, failed, skipped } = counts[index] as Count;
  console.log(`${suite.padEnd(12)} ${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
}
const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failed = [...listFailedSteps(), ...counts.flatMap((count) => count.failed)];
const skipped = counts.flatMap((count) => count.skipped);
for (const name of skipped) console.log(`skipped  ${name}`);
for (const name of counts.flatMap((count) => count.again))
  console.log(`again    ${name} (failed beside the other suites, passed alone)`);
for (const name of failed) console.log(`failed   ${name}`);
console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
