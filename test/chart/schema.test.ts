/** The schema itself, and what helm's own linter says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { FORM_OF, FORMS } from './forms.ts';
import { CHART, findToolchain, HELMS, PUBLIC_KEY, Refusal, render, run, share } from './helm.ts';

interface Schema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  'x-form'?: string;
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
    ([at, node]) => [node.type].flat().includes('object') && node.additionalProperties === undefined && !OPEN.has(at),
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

test('the schema names the forms that the templates judge', () => {
  const named = [...walk(schema, '')].flatMap(([at, node]) =>
    node['x-form'] === undefined ? [] : [[at.replace('[]', ''), node['x-form']]],
  );
  expect(new Map(named as [string, string][])).toEqual(FORM_OF);
  expect(new Set(FORM_OF.values())).toEqual(new Set(FORMS.keys()));
  expect(FORM_OF.size).toBeGreaterThan(25);
});

describe.each(HELMS)('%s', (helm) => {
  test.each(share(FORM_OF, helm))('says what is wrong with %s, which is no %s', async (at, form) => {
    const isList = at.endsWith('Ranges');
    const company = at.startsWith('service.')
      ? { type: 'LoadBalancer' }
      : at.startsWith('home.')
        ? { type: 'claim' }
        : {};
    const bad = 'A bad/one:';
    const values = at
      .split('.')
      .reduceRight<unknown>(
        (inner, key, index) => (index === 1 ? { ...company, [key]: inner } : { [key]: inner }),
        isList ? [bad] : bad,
      );
    const refusal = await render(values as object, { helm }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    const sentence = (refusal as Refusal).message.split('\n').find((line) => line.includes(`: ${at}`)) ?? '';
    expect(sentence).toContain(`: ${at}${isList ? '[0]' : ''} "${bad}" is no `);
    expect(sentence).toMatch(/; (write|it is|it has) /);
    expect(form).not.toBe('');
  });

  test.each(share(FORM_OF, helm).filter(([, form]) => form !== 'cpu'))(
    'says in words that %s is a text, and no number',
    async (at, form) => {
      const isList = at.endsWith('Ranges');
      const values = at.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), isList ? [10] : 10);
      const refusal = await render(values as object, { helm }).catch((error: unknown) => error);
      const sentence = (refusal as Refusal).message.split('\n').find((line) => line.includes(`: ${at}`)) ?? '';
      expect(sentence).toMatch(
        form === 'amount' ? / 10 has no unit; write / : / "10" is no .*; | is the number 10, and .* --set-string/,
      );
    },
  );

  test('lint --strict finds nothing', async () => {
    const version = ['--kube-version', '1.37.2'];
    const out = await run(helm, ['lint', '--strict', CHART, ...version, '--values', '-'], {
      authorizedKeys: [PUBLIC_KEY],
    });
    expect(out).toContain('1 chart(s) linted, 0 chart(s) failed');
    expect(out).not.toMatch(/\[(WARNING|ERROR)\]/);
  });

  test('lint without values says what is missing, and nothing else', async () => {
    const { stderr } = spawnSync(path.join(findToolchain(), helm), ['lint', CHART, '--kube-version', '1.37.2'], {
      encoding: 'utf8',
    });
    expect(stderr.match(/authorizedKeys\b[^;]*/g)).toEqual(['authorizedKeys is empty: nobody could log in']);
  });

  test.each(['1.25', '1.27', 'v1.30.2+k3s1', '1.27.4-gke.100'])('renders for Kubernetes %s', async (version) => {
    const args = ['template', 'ws-dev', CHART, '--kube-version', version, '--values', '-'];
    expect(await run(helm, args, { authorizedKeys: [PUBLIC_KEY] })).toContain('kind: Deployment');
  });

  test('refuses an older Kubernetes than it supports, and names the least version', async () => {
    const args = ['template', 'ws-dev', CHART, '--kube-version', '1.24.17', '--values', '-'];
    await expect(run(helm, args, { authorizedKeys: [PUBLIC_KEY] })).rejects.toThrow(
      /requires kubeVersion: >=1\.25\.0-0 which is incompatible with Kubernetes v1\.24/,
    );
  });

  test.each(['--skip-tests', '--no-hooks'])('with %s renders nothing that helm alone should apply', async (flag) => {
    const args = ['template', 'ws-dev', CHART, '--kube-version', '1.37.2', flag, '--values', '-'];
    const out = await run(helm, args, { authorizedKeys: [PUBLIC_KEY] });
    expect(out).toContain('kind: Deployment');
    expect(out).not.toContain('helm.sh/hook:');
  });
});

test('the chart has the version of the app', async () => {
  const { version } = JSON.parse(readFileSync(path.join(CHART, '../package.json'), 'utf8')) as { version: string };
  expect(parse(readFileSync(path.join(CHART, 'Chart.yaml'), 'utf8'))).toMatchObject({ version, appVersion: version });
  expect((await render())[0]?.metadata.labels['app.kubernetes.io/version']).toBe(version);
});
