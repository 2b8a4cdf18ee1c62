/**
 * Writes docs/commands.md, the command reference, from oclif.manifest.json: what the program itself knows.
 * Usage: node scripts/docs.ts [--check]     --check writes nothing and fails when the file is not current
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Manifest, toReference } from './command-reference.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const TARGET = path.join(ROOT, 'docs/commands.md');

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const { oclif } = JSON.parse(read('package.json')) as { oclif: { topics: Record<string, { description: string }> } };
const reference = toReference(JSON.parse(read('oclif.manifest.json')) as Manifest, oclif.topics);

if (!process.argv.includes('--check')) writeFileSync(TARGET, reference);
else if (readFileSync(TARGET, 'utf8') !== reference) {
  process.stderr.write('docs/commands.md is not what the commands say now. Write it anew: node scripts/docs.ts\n');
  process.exitCode = 1;
}
