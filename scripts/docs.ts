/**
 * Writes docs/commands.md, the command reference, from oclif.manifest.json.
 * Usage: node scripts/docs.ts [--check]     --check writes nothing, and fails if the file is out of date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Manifest, toReference } from './command-reference.ts';
import { wrapMarkdown } from './wrap-markdown.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const TARGET = path.join(ROOT, 'docs/commands.md');

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const { oclif } = JSON.parse(read('package.json')) as { oclif: { topics: Record<string, { description: string }> } };
const reference = wrapMarkdown(toReference(JSON.parse(read('oclif.manifest.json')) as Manifest, oclif.topics));

if (!process.argv.includes('--check')) writeFileSync(TARGET, reference);
else if (readFileSync(TARGET, 'utf8') !== reference) {
  process.stderr.write(
    'docs/commands.md is not what the commands say now. Run this and commit it: node scripts/docs.ts\n',
  );
  process.exitCode = 1;
}
