/**
 * The values as a Markdown table: keys and descriptions from the schema, defaults from values.yaml.
 * docs/operators-reference.md has it between two marks, and a test compares them.
 *
 * Usage: values-table [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { CHART, ROOT } from './helm.ts';

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
}

export const REFERENCE = path.join(ROOT, 'docs/operators-reference.md');
const MARKED = /(<!-- values: .*? -->\n)[\s\S]*?(<!-- end of values -->)/;

/** The table, with a row for each key that holds a value. */
export function toTable(): string {
  const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;
  const values = parse(readFileSync(path.join(CHART, 'values.yaml'), 'utf8')) as unknown;
  const rows = [...toRows(schema, values, '')].map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`);
  return ['| key | default | what it is |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function* toRows(schema: Schema, values: unknown, at: string): Generator<[string, string, string]> {
  for (const [name, child] of Object.entries(schema.properties ?? {})) {
    const key = at === '' ? name : `${at}.${name}`;
    const value = (values as Record<string, unknown> | undefined)?.[name];
    const isGroup = child.properties !== undefined && key !== 'affinity';
    if (isGroup) yield* toRows(child, value, key);
    else if (key !== 'global') yield [`\`${key}\``, `\`${JSON.stringify(value)}\``, child.description ?? ''];
  }
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|');
}

/** The document with the table that belongs in it; throws when the marks are missing. */
export function withTable(document: string): string {
  if (!MARKED.test(document)) throw new Error(`${REFERENCE} has no marks for the table of values`);
  return document.replace(MARKED, (_, start: string, end: string) => `${start}${toTable()}${end}`);
}

if (process.argv[2] === '--write') writeFileSync(REFERENCE, withTable(readFileSync(REFERENCE, 'utf8')));
