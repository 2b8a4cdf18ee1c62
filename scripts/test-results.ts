/**
 * The results of a suite as `scripts/test.sh` leaves them. `node scripts/test-results.ts FOLDER SUITE` prints the test
 * files that failed, one a line.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

export interface FileResult {
  /** The file's path. */
  name: string;
  status: string;
  assertionResults: { fullName: string; status: string }[];
}

/** What Vitest wrote, or undefined where it wrote nothing whole, as when it crashed. */
export function readReport(folder: string, name: string): FileResult[] | undefined {
  try {
    return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')).testResults;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A suite's results, each file by its last run: those that failed ran once more by themselves (`SUITE.again.json`). */
export function readResults(folder: string, suite: string): FileResult[] | undefined {
  const again = readReport(folder, `${suite}.again`) ?? [];
  return readReport(folder, suite)?.map((file) => again.find(({ name }) => name === file.name) ?? file);
}

/** The tests of a file that failed, or the file itself where it failed outside of any. */
export function listFailed({ name, status, assertionResults }: FileResult): string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  if (failed.length > 0) return failed.map(({ fullName }) => fullName.trim());
  return status === 'failed' ? [name] : [];
}

if (import.meta.main) {
  const [folder = '', suite = ''] = process.argv.slice(2);
  const failed = readReport(folder, suite)?.filter((file) => listFailed(file).length > 0) ?? [];
  for (const { name } of failed) console.log(name);
}
