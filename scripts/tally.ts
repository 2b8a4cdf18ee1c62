/**
 * Adds up the results of `scripts/test.sh`. Usage: `node scripts/tally.ts FOLDER SUITE…` The folder has each suite's
 * exit status (`SUITE.status`) and, unless the suite crashed, Vitest's JSON (`SUITE.json`). It has `STEP.status` for
 * each step of the preparation, which counts only if it failed. The last line of the output is `N passed, N failed, N
 * skipped`. The exit status is 1 if anything failed or nothing passed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Report {
  testResults: { name: string; status: string; assertionResults: { fullName: string; status: string }[] }[];
}

interface Count {
  passed: number;
  failed: string[];
  skipped: string[];
}

const [folder = '', ...suites] = process.argv.slice(2);

function readStatus(name: string): number | undefined {
  const file = path.join(folder, `${name}.status`);
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
}

/** A failure outside of any test, such as a file that does not load or a worker that died, counts as one. */
function countSuite(suite: string): Count {
  const count: Count = { passed: 0, failed: [], skipped: [] };
  const report = readReport(suite);
  if (report === undefined) return { ...count, failed: [`${suite}: ended without a report`] };
  for (const file of report.testResults) {
    const before = count.failed.length;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') count.passed += 1;
      else if (test.status === 'failed') count.failed.push(`${suite}: ${test.fullName.trim()}`);
      else count.skipped.push(`${suite}: ${test.fullName.trim()}`);
    }
    if (file.status === 'failed' && count.failed.length === before) count.failed.push(`${suite}: ${file.name}`);
  }
  if (readStatus(suite) !== 0 && count.failed.length === 0)
    count.failed.push(`${suite}: ended with status ${readStatus(suite)}`);
  if (count.passed + count.failed.length === 0) count.failed.push(`${suite}: ran no test`);
  return count;
}

function readReport(suite: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, `${suite}.json`), 'utf8')) as Report;
  } catch {
    return undefined;
  }
}

function listFailedSteps(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.status'))
    .map((file) => file.slice(0, -'.status'.length))
    .filter((name) => !suites.includes(name) && readStatus(name) !== 0)
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
for (const name of failed) console.log(`failed   ${name}`);
console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
