/**
 * The defaults of values.yaml as a template, because templates cannot read values.yaml: Helm takes a value away that
 * somebody sets to null, and the chart gives it back. A test compares the two.
 *
 * Usage: defaults [--write]
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { CHART } from './helm.ts';

export const DEFAULTS = path.join(CHART, 'templates/_defaults.tpl');

/** What belongs in the file. */
export function toDefaults(): string {
  const values: unknown = parse(readFileSync(path.join(CHART, 'values.yaml'), 'utf8'));
  return [
    '{{/* ws.defaults: values.yaml, written by `node test/chart/defaults.ts --write`. */}}',
    '{{- define "ws.defaults" -}}',
    JSON.stringify(values, null, 2),
    '{{- end }}',
    '',
  ].join('\n');
}

if (process.argv[2] === '--write') writeFileSync(DEFAULTS, toDefaults());
