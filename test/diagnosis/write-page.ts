/** Writes docs/diagnosis.md from the results of the run before, and prints the score. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { kubectl } from '../e2e/cluster-under-test.ts';
import { toPage, toSeconds } from './score/page.ts';
import { readTrials, readVerdicts } from './score/results.ts';

const PAGE = path.resolve(import.meta.dirname, '../../docs/diagnosis.md');

const verdicts = readVerdicts();
const count = (wanted: string) => verdicts.filter(({ verdict }) => verdict === wanted).length;
const { serverVersion } = JSON.parse(kubectl(['version', '-o', 'json'])) as { serverVersion: { gitVersion: string } };
const trials = {
  ...{ pairs: readTrials('pairs'), healthy: readTrials('healthy'), foreign: readTrials('foreign') },
  least: readTrials('least'),
};
writeFileSync(PAGE, toPage({ verdicts, ...trials }, `Kubernetes ${serverVersion.gitVersion}`));
console.log(
  `${count('rightly')} of ${verdicts.length} named rightly, ${count('wrongly')} wrongly; p95 ${toSeconds(verdicts)} s`,
);
