/** What was found out is kept at once, whatever ends the run: lines of JSON in .ws/reports/diagnosis. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Trial } from './page.ts';
import type { Verdict } from './try-scenario.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../.ws/reports/diagnosis');

/** Those that are judged as a whole. */
export type TrialKind = 'pairs' | 'healthy' | 'foreign' | 'least';

/** Beside the line: what was said, and what a diagnosis was made from, for the fixtures of its unit test. */
export function keepVerdict(verdict: Verdict): void {
  const { code, how, n, scene, said } = verdict;
  append('causes', { ...verdict, scene: undefined, said: '' });
  const name = `${code}-${how.replaceAll(/[^a-z0-9]+/gi, '-').slice(0, 40)}-${n}`;
  writeFileSync(path.join(FOLDER, `${name}.txt`), said);
  if (scene !== undefined) writeFileSync(path.join(FOLDER, `${name}.json`), `${JSON.stringify(scene, null, 2)}\n`);
}

export function keepTrial(kind: TrialKind, trial: Trial): void {
  append(kind, trial);
}

export function readVerdicts(): Verdict[] {
  return read<Verdict>('causes');
}

export function readTrials(kind: TrialKind): Trial[] {
  return read<Trial>(kind);
}

function append(name: string, result: object): void {
  mkdirSync(FOLDER, { recursive: true });
  appendFileSync(toFile(name), `${JSON.stringify(result)}\n`);
}

function read<Result>(name: string): Result[] {
  if (!existsSync(toFile(name))) return [];
  const lines = readFileSync(toFile(name), 'utf8').split('\n');
  return lines.filter(Boolean).map((line) => JSON.parse(line) as Result);
}

function toFile(name: string): string {
  return path.join(FOLDER, `${name}.jsonl`);
}
