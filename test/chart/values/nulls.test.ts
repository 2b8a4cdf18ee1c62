/**
 * Helm takes a value away that somebody sets to null, before the schema sees it. An upgrade with `--reuse-values` reads
 * the stored values over the defaults without what was null, so the schema does see it then. Each value of values.yaml
 * is tried, so one that comes later is tried as well.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { DEFAULTS, toDefaults } from '../defaults.ts';
import { CHART, containerOf, HELMS, podOf, type Rendered, render } from '../helm.ts';

type Values = Record<string, unknown>;
interface Schema {
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
}

const values = parse(readFileSync(path.join(CHART, 'values.yaml'), 'utf8')) as Values;

/** Where null says something of its own; the tests below say what. */
const KEPT = ['user.uid', 'user.gid', 'resources', 'authorizedKeys'];

const isGroup = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

/** Without the items of lists: Helm replaces a list as a whole. */
function* walk(node: Schema, at: string): Generator<[string, Schema]> {
  yield [at, node];
  const rest = typeof node.additionalProperties === 'object' ? { '*': node.additionalProperties } : {};
  const children = { ...node.properties, ...node.patternProperties, ...rest };
  for (const [name, child] of Object.entries(children)) yield* walk(child, at === '' ? name : `${at}.${name}`);
}

/** All values of the chart, each null; `isWhole` stops at the groups. */
function toNulls(node: Values, isWhole: boolean, at = ''): Values {
  const entries = Object.entries(node).filter(([name]) => !KEPT.includes(`${at}${name}`));
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      isGroup(value) && !isWhole ? toNulls(value, isWhole, `${at}${name}.`) : null,
    ]),
  );
}

/** Maps without entries of their own, whose entries anybody may name. */
const OPEN = ['labels', 'annotations', 'podLabels', 'podAnnotations', 'nodeSelector'];
const NO_ENTRIES = {
  ...Object.fromEntries(OPEN.map((name) => [name, { a: null }])),
  affinity: { nodeAffinity: null },
  service: { annotations: { a: null } },
  podMonitor: { enabled: true, labels: { a: null } },
};

/** A copy of the chart. */
let copy: string;
beforeAll(() => {
  copy = path.join(mkdtempSync(path.join(tmpdir(), 'ws-nulls-')), 'chart');
  cpSync(CHART, copy, { recursive: true });
});
afterAll(() => rmSync(path.dirname(copy), { recursive: true }));

/** The chart as `--reuse-values` has it: without the defaults of what the stored values have as null. */
function reuse(stored: Values): string {
  writeFileSync(path.join(copy, 'values.yaml'), JSON.stringify(withoutNulls(values, stored)));
  return copy;
}

function withoutNulls(defaults: Values, stored: Values): Values {
  const left = Object.entries(defaults).filter(([name]) => stored[name] !== null);
  return Object.fromEntries(
    left.map(([name, value]) => [
      name,
      isGroup(value) && isGroup(stored[name]) ? withoutNulls(value, stored[name]) : value,
    ]),
  );
}

/** Without the key that each rendering makes anew. */
const comparable = (objects: Rendered[]) => objects.filter(({ metadata }) => metadata.name !== 'ws-dev-host-key');

test('the schema takes null for each value and group, and for each entry that anybody may name', () => {
  const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;
  const refused = [...walk(schema, '')].filter(([at, { type, enum: values }]) => {
    const takes = [type ?? []].flat().includes('null') && (values?.includes(null) ?? true);
    return at !== '' && !takes;
  });
  expect(refused.map(([at]) => at)).toEqual([]);
});

test('the chart has the defaults of values.yaml', () => {
  expect(readFileSync(DEFAULTS, 'utf8')).toBe(toDefaults());
});

describe.each(HELMS)('%s', (helm) => {
  test.each([
    ['group', true],
    ['value', false],
  ])('takes the default for each %s that is null, also one that an upgrade reuses', async (_, isWhole) => {
    const nulls = toNulls(values, isWhole);
    expect(Object.keys(nulls).length).toBeGreaterThan(29);
    const defaults = comparable(await render({}, { helm }));
    expect(comparable(await render(nulls, { helm }))).toEqual(defaults);
    expect(comparable(await render(nulls, { helm, chart: reuse(nulls) }))).toEqual(defaults);
  });

  test('leaves an entry out that is null, of a map that has none of its own', async () => {
    const without = comparable(await render({ podMonitor: { enabled: true } }, { helm }));
    expect(comparable(await render(NO_ENTRIES, { helm }))).toEqual(without);
    expect(comparable(await render(NO_ENTRIES, { helm, chart: reuse(NO_ENTRIES) }))).toEqual(without);
  });

  test('authorizedKeys: null lets nobody in, and is refused', async () => {
    await expect(render({ authorizedKeys: null }, { helm })).rejects.toThrow(/authorizedKeys is empty: nobody could/);
  });

  test('resources: null is none', async () => {
    const { requests, limits } = values.resources as Record<string, Values>;
    const of = async (resources: unknown) => {
      const found = containerOf(await render({ resources }, { helm })).resources;
      const reused = await render({ resources }, { helm, chart: reuse({ resources }) });
      expect(containerOf(reused).resources).toEqual(found);
      return found;
    };
    expect(await of(null)).toEqual({ requests: {}, limits: {} });
    expect(await of({ limits: null })).toEqual({ requests, limits: {} });
    expect(await of({ requests: null })).toEqual({ requests: {}, limits });
    expect(await of({ requests: { cpu: null } })).not.toHaveProperty('requests.cpu');
  });

  test('user.uid: null leaves UID and GID to the namespace, user.gid: null alone is refused', async () => {
    const unset = { user: { uid: null } };
    for (const chart of [CHART, reuse(unset)])
      expect(podOf(await render(unset, { helm, chart })).spec.securityContext).not.toHaveProperty('runAsUser');
    await expect(render({ user: { gid: null } }, { helm })).rejects.toThrow(/user\.gid is null but user\.uid is 1000/);
    for (const chart of [CHART, reuse({ user: null })])
      expect(podOf(await render({ user: null }, { helm, chart })).spec.securityContext.runAsUser).toBe(1000);
  });
});
