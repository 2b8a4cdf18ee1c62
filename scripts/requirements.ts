/**
 * The table of requirements, from the test run itself: ID → tests that name it → passed or failed.
 * Usage: node scripts/requirements.ts REPORTS   (a folder with Vitest's JSON reports; `npm test` makes it)
 * Fails when an ID has no test, or none that passed, or one that failed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Report {
  testResults: { assertionResults: { fullName: string; status: string }[] }[];
}

const [reports = '.ws/reports'] = process.argv.slice(2);
const text = readFileSync(path.resolve(import.meta.dirname, '../docs/requirements.md'), 'utf8');
const requirements = [...text.matchAll(/^\| ([A-Z]\d[A-Z]\d-[A-Z]+) \| (.*) \|$/gm)].map(([, id = '', words = '']) => ({
  id,
  words,
}));
const tests = readdirSync(reports)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => (JSON.parse(readFileSync(path.join(reports, name), 'utf8')) as Report).testResults)
  .flatMap((file) => file.assertionResults);

let isWhole = requirements.length > 0;
for (const { id, words } of requirements) {
  const own = tests.filter((test) => test.fullName.includes(id));
  const passed = own.filter((test) => test.status === 'passed').length;
  const failed = own.filter((test) => test.status === 'failed').length;
  const isMet = passed > 0 && failed === 0;
  isWhole &&= isMet;
  process.stdout.write(
    `${isMet ? '✓' : '✗'} ${id.padEnd(15)} ${String(passed).padStart(3)} passed ${String(failed).padStart(2)} failed  ${words}\n`,
  );
}
process.exitCode = isWhole ? 0 : 1;
