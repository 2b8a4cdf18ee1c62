/**
 * Writes what the documents have from the program: docs/commands.md from oclif.manifest.json, and the causes into
 * docs/troubleshooting.md and docs/json.schema.json.
 * Usage: node scripts/docs.ts [--check]     --check writes nothing, and fails if a file is out of date
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CAUSES, UNKNOWN } from '../src/workspace/diagnosis/causes/table.ts';
import { withCauses, withCodes } from './cause-reference.ts';
import { type Manifest, toReference } from './command-reference.ts';
import { wrapMarkdown } from './wrap-markdown.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

const read = (file: string) => readFileSync(path.join(ROOT, file), 'utf8');
const { oclif } = JSON.parse(read('package.json')) as { oclif: { topics: Record<string, { description: string }> } };
const causes = [...CAUSES, UNKNOWN];
const files = {
  'docs/commands.md': wrapMarkdown(toReference(JSON.parse(read('oclif.manifest.json')) as Manifest, oclif.topics)),
  'docs/troubleshooting.md': wrapMarkdown(withCauses(read('docs/troubleshooting.md'), causes)),
  'docs/json.schema.json': withCodes(read('docs/json.schema.json'), causes),
};

for (const [file, text] of Object.entries(files)) {
  if (!process.argv.includes('--check')) writeFileSync(path.join(ROOT, file), text);
  else if (read(file) !== text) {
    process.stderr.write(`${file} is not what the program says now. Run this and commit it: node scripts/docs.ts\n`);
    process.exitCode = 1;
  }
}
