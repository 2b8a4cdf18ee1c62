/** The schema itself, and what helm's own linter says. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { CHART, HELMS, PUBLIC_KEY, render, run } from './helm.ts';

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
}

const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;
const values = parse(readFileSync(path.join(CHART, 'values.yaml'), 'utf8')) as Record<string, unknown>;

/** Structures of the Kubernetes API, which the API server checks better than a copy of its rules would. */
const OPEN = new Set([
  'global',
  'extraVolumes[]',
  'extraEnv[].valueFrom',
  'affinity.nodeAffinity',
  'affinity.podAffinity',
  'affinity.podAntiAffinity',
]);

function* walk(node: Schema, at: string): Generator<[string, Schema]> {
  yield [at, node];
  for (const [name, child] of Object.entries(node.properties ?? {}))
    yield* walk(child, at === '' ? name : `${at}.${name}`);
  if (node.items !== undefined) yield* walk(node.items, `${at}[]`);
}

function* leaves(node: unknown, at: string): Generator<string> {
  if (at !== '') yield at;
  if (typeof node === 'object' && node !== null && !Array.isArray(node))
    for (const [name, child] of Object.entries(node)) yield* leaves(child, at === '' ? name : `${at}.${name}`);
}

test('each object of the schema is closed', () => {
  const open = [...walk(schema, '')].filter(
    ([at, node]) => node.type === 'object' && node.additionalProperties === undefined && !OPEN.has(at),
  );
  expect(open.map(([at]) => at)).toEqual([]);
});

test('each key of the schema has a description that ends like a sentence', () => {
  const bare = [...walk(schema, '')].filter(
    ([at, node]) => at !== '' && !at.endsWith('[]') && !/^\S.*\.$/.test(node.description ?? ''),
  );
  expect(bare.map(([at]) => at)).toEqual([]);
});

test('values.yaml shows each key that has a default, and the schema knows each of them', () => {
  const known = new Map(walk(schema, ''));
  expect([...leaves(values, '')].filter((at) => !known.has(at))).toEqual([]);
  const shown = new Set(leaves(values, ''));
  const hidden = [...known.keys()].filter(
    (at) => !['', 'global'].includes(at) && !at.includes('[]') && !at.startsWith('affinity.'),
  );
  expect(hidden.filter((at) => !shown.has(at))).toEqual([]);
});

describe.each(HELMS)('%s', (helm) => {
  test('lint --strict finds nothing', async () => {
    const version = ['--kube-version', '1.37.2'];
    const out = await run(helm, ['lint', '--strict', CHART, ...version, '--values', '-'], {
      authorizedKeys: [PUBLIC_KEY],
    });
    expect(out).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(out).not.toMatch(/\[(WARNING|ERROR)\]/);
  });

  test('refuses a cluster older than the chart supports', async () => {
    const args = ['template', 'ws-dev', CHART, '--kube-version', '1.24.0', '--values', '-'];
    await expect(run(helm, args, { authorizedKeys: [PUBLIC_KEY] })).rejects.toThrow(/requires kubeVersion/);
  });
});

test('the chart has the version of the app', async () => {
  const { version } = JSON.parse(readFileSync(path.join(CHART, '../package.json'), 'utf8')) as { version: string };
  expect(parse(readFileSync(path.join(CHART, 'Chart.yaml'), 'utf8'))).toMatchObject({ version, appVersion: version });
  expect((await render())[0]?.metadata.labels['app.kubernetes.io/version']).toBe(version);
});
