/**
 * Prints the table of requirements, from the test run itself: ID → the tests that name it → passed or failed. Usage:
 * node scripts/requirements.ts [REPORTS]   (a folder with Vitest's JSON reports; `npm test` makes it) A requirement is
 * met if no test that names it failed, and one that passed ran against a deployed release on a real cluster. Exits with
 * 1 if one is not met, or if a test names an ID that docs/requirements.md does not have.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readResults } from './test-results.ts';

/** The suite whose tests deploy the chart. */
const DEPLOYED = 'e2e';
const [reports = '.ws/reports'] = process.argv.slice(2);

const requirements = new Map(
  [
    ...readFileSync(path.resolve(import.meta.dirname, '../docs/requirements.md'), 'utf8').matchAll(
      /^\| ([A-Z]\d[A-Z]\d-[A-Z]+) \| (.*) \|$/gm,
    ),
  ].map(([, id = '', words = '']) => [id, words]),
);

const tests = readdirSync(reports)
  .filter((name) => name.endsWith('.json') && !name.endsWith('.again.json'))
  .map((name) => name.slice(0, -'.json'.length))
  .flatMap((suite) => (readResults(reports, suite) ?? []).map((file) => ({ suite, file })))
  .flatMap(({ suite, file }) => file.assertionResults.map((test) => ({ suite, ...test })));

const isMet = [...requirements].map(([id, words]) => {
  const own = tests.filter(({ fullName }) => fullName.includes(id));
  const isWhole = own.every(({ status }) => status !== 'failed');
  const isSeen = own.some(({ suite, status }) => suite === DEPLOYED && status === 'passed');
  console.log(`${isWhole && isSeen ? '✓' : '✗'} ${id}  ${words}`);
  if (!isSeen) console.log(`    no test of the suite ${DEPLOYED} shows it`);
  for (const { suite, fullName, status } of own) console.log(`    ${status.padEnd(7)} ${suite}: ${toWords(fullName)}`);
  return isWhole && isSeen;
});
const named = new Set(tests.flatMap(({ fullName }) => fullName.match(/\b[A-Z]\d[A-Z]\d-[A-Z]+\b/g) ?? []));
const unknown = [...named].filter((id) => !requirements.has(id));
if (unknown.length > 0) console.log(`Tests name what docs/requirements.md does not have: ${unknown.join(', ')}`);
console.log(`${isMet.filter(Boolean).length} of ${requirements.size} requirements are met`);
process.exitCode = isMet.every(Boolean) && requirements.size > 0 && unknown.length === 0 ? 0 : 1;

/** A test's name without the IDs in front. */
function toWords(name: string): string {
  return name.replace(/\b[A-Z]\d[A-Z]\d(-[A-Z]+)?,?:? ?/g, '').trim();
}
