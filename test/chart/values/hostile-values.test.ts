/**
 * No value can become YAML: whatever stands in a string of the schema, the rendering has the objects that it would have
 * anyway, or the chart refuses with a sentence. The strings are found in the schema, so that one that comes later is
 * tried as well.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { FORMS } from '../forms.ts';
import { CHART, HELMS, type Helm, PUBLIC_KEY, Refusal, type Rendered, render, share } from '../helm.ts';

interface Schema {
  type?: string | string[];
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  pattern?: string;
  'x-form'?: string;
  enum?: string[];
  required?: string[];
  maxLength?: number;
}

const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;

const MANIFEST = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: pwned, namespace: kube-system}\n';
/** Each alone, after what makes a value look right, and the line ends that a reader of YAML knows besides `\n`. */
const HOSTILE: [name: string, text: string][] = [
  ['a document', `x\n---\n${MANIFEST}`],
  ['a document behind a comment', `${PUBLIC_KEY}\n---\n${MANIFEST}# ${PUBLIC_KEY}`],
  [
    'a document after other line ends',
    ['\r', '\u0085', '\u2028', '\u2029'].map((end) => `x${end}---${end}${MANIFEST.replaceAll('\n', end)}`).join(''),
  ],
  ...['\r', '\u0085', '\u2028', '\u2029'].map((end): [string, string] => [
    `a document after ${JSON.stringify(end)} alone`,
    `x\n${end}---${end}${MANIFEST.replaceAll('\n', end)}`,
  ]),
  ['a template', '{{ .Release.Namespace }}{{ fail "ran" }}'],
  ['a mapping', 'a: b\nkind: Evil\n"metadata": {"name": "evil"}'],
  ['quotes and a mapping', `"\n'}}], kind: Evil, x: [{"`],
  ['an alias', '*a'],
  ['an anchor and a tag', '&a !!binary |\n  kind: Evil'],
  ['control characters', '\0\u0007\u001b[2J\u007f\u009b'],
];

/**
 * What these could do depends on the rule for the text and on where it stands, and they take ten times as long as the
 * others.
 */
const LONG: [name: string, text: string][] = [
  ['100 kB', 'a'.repeat(100_000)],
  ['100 kB of lines', '---\nkind: Evil\n'.repeat(7000)],
];

/** A way to put a text into values. */
interface Spot {
  at: string;
  /** Where it is a name of an entry and not its value. */
  put(text: string): Record<string, unknown>;
  leaf: Schema;
}

/** What else has to be said, so that the value is looked at. */
const COMPANY: [start: string, values: Record<string, unknown>][] = [
  ['home.storageClass', { home: { type: 'claim' } }],
  ['home.size', { home: { type: 'claim' } }],
  ['home.accessModes', { home: { type: 'claim' } }],
  ['home.subPath', { home: { type: 'claim' } }],
  ['home.existingClaim', { home: { type: 'existingClaim', existingClaim: 'data' } }],
  ['service.', { service: { type: 'LoadBalancer' } }],
  ['podMonitor.', { podMonitor: { enabled: true } }],
];

/** A name for each pattern of names. */
const DEVICES = ['nvidia.com/gpu', 'hugepages-2Mi'];

const TEXT: Schema = { type: 'string' };

function* walk(node: Schema, at: string, put: Spot['put']): Generator<Spot> {
  const types = [node.type ?? []].flat();
  if (types.includes('string')) yield { at, put, leaf: node };
  if (node.items !== undefined) yield* walk(node.items, `${at}[]`, (text) => toList(put, text));
  const { properties = {}, additionalProperties, propertyNames, required = [] } = node;
  for (const [name, child] of Object.entries(properties)) {
    const besides = Object.fromEntries(required.filter((key) => key !== name).map((key) => [key, REQUIRED[key]]));
    yield* walk(child, at === '' ? name : `${at}.${name}`, (text) => within(put, { ...besides, [name]: MARK }, text));
  }
  for (const [pattern, child] of Object.entries(node.patternProperties ?? {})) {
    const name = DEVICES.find((device) => new RegExp(pattern, 'u').test(device));
    if (name === undefined) throw new Error(`no example of a name like ${pattern}`);
    yield* walk(child, `${at}.${name}`, (text) => within(put, { [name]: MARK }, text));
  }
  if (!types.includes('object') || (Object.keys(properties).length > 0 && additionalProperties === false)) return;
  const open = typeof additionalProperties === 'object' ? additionalProperties : TEXT;
  const besides = Object.fromEntries(required.map((key) => [key, REQUIRED[key]]));
  yield { at: `${at}.*`, put: (text) => within(put, { ...besides, entry: MARK }, text), leaf: open };
  yield {
    at: `a name in ${at}`,
    put: (text) => within(put, { ...besides, [text]: 'x' }, text),
    leaf: propertyNames ?? TEXT,
  };
}

/** The first of each kind: a rule of the schema, for a value, an item of a list, or a name. */
function pickKinds(all: Spot[]): Spot[] {
  const kinds = new Map<string, Spot>();
  for (const spot of all) {
    const { enum: values, maxLength } = spot.leaf;
    const pattern = patternOf(spot.leaf);
    const place = /^a name in/.test(spot.at) ? 'name' : spot.at.endsWith('[]') ? 'item' : 'value';
    const kind = JSON.stringify([pattern, values, maxLength, place]);
    if (!kinds.has(kind)) kinds.set(kind, spot);
  }
  return [...kinds.values()];
}

/** Stands for the text until all around it is built. */
const MARK = Symbol('text');
const REQUIRED: Record<string, unknown> = { name: 'cache', mountPath: '/cache' };

function within(put: Spot['put'], object: object, text: string): Record<string, unknown> {
  return replaceMark(put('\0mark'), replaceMark(object, text)) as Record<string, unknown>;
}

function toList(put: Spot['put'], text: string): Record<string, unknown> {
  return replaceMark(put('\0mark'), [text]) as Record<string, unknown>;
}

function replaceMark(node: unknown, by: unknown): unknown {
  if (node === MARK || node === '\0mark') return by;
  if (Array.isArray(node)) return node.map((item) => replaceMark(item, by));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, replaceMark(value, by)]));
}

const spots = [...walk(schema, '', (text) => replaceMark(MARK, text) as never)].filter(
  ({ at }) => !/(^|name in )global/.test(at),
);

/** The schema's pattern, or that of the form which the chart judges before it reads any value. */
const patternOf = (leaf: Schema) => leaf.pattern ?? FORMS.get(leaf['x-form'] ?? '');

/** Whether a rule for the text lets it through; the rest of the chart then has to judge it. */
function isLetThrough(leaf: Schema, text: string): boolean {
  const { enum: values, maxLength = Number.POSITIVE_INFINITY } = leaf;
  const pattern = patternOf(leaf);
  if (values !== undefined && !values.includes(text)) return false;
  return text.length <= maxLength && (pattern === undefined || new RegExp(pattern, 'u').test(text));
}

const merge = (a: Record<string, unknown>, b: Record<string, unknown>): Record<string, unknown> => ({
  ...a,
  ...Object.fromEntries(
    Object.entries(b).map(([key, value]) => [
      key,
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? merge((a[key] ?? {}) as Record<string, unknown>, value as Record<string, unknown>)
        : value,
    ]),
  ),
});

const identify = (objects: Rendered[]) =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata['namespace' as never]}/${metadata.name}`).toSorted();

const expected = new Map<string, string[]>();

async function judge({ at, put }: Spot, text: string, helm: Helm): Promise<'rendered' | 'refused'> {
  const company = COMPANY.find(([start]) => at.includes(start))?.[1] ?? {};
  const key = JSON.stringify(company);
  if (!expected.has(key)) expected.set(key, identify(await render(company, { helm })));
  try {
    const objects = await render(merge(company, put(text)), { helm });
    const own = expected.get(key) ?? [];
    const ours = at === 'extraCaCertificates.pem' ? own.filter((id) => !id.endsWith('-certificates')) : own;
    expect(identify(objects).filter((id) => at !== 'extraCaCertificates.pem' || !id.endsWith('-certificates'))).toEqual(
      ours,
    );
    return 'rendered';
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // The chart's own sentence, or the schema's, or helm's of values that are no YAML; never a parser that stumbled
    // over a manifest.
    expect(error.message).toMatch(/execution error at|values don't meet the specifications|failed to parse -: /);
    expect(error.message).not.toMatch(/YAML parse error on|\): ran/);
    return 'refused';
  }
}

/** Two at once: as many as the smallest machine has cores. */
async function all(work: (() => Promise<void>)[]): Promise<void> {
  const queue = [...work];
  const next = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job();
  };
  await Promise.all([next(), next()]);
}

test('the strings of the schema are found', () => {
  const found = spots.map(({ at }) => at);
  for (const at of [
    'authorizedKeys[]',
    'home.subPath',
    'extraEnv[].value',
    'labels.*',
    'resources.limits.nvidia.com/gpu',
    'a name in annotations',
  ])
    expect(found).toContain(at);
  expect(found.length).toBeGreaterThan(60);
});

describe.each(HELMS)('%s', (helm) => {
  test('whatever the schema lets through becomes no object', { timeout: 300_000 }, async () => {
    const pair = (all: Spot[], texts: typeof HOSTILE) =>
      all.flatMap((spot) =>
        texts.filter(([, text]) => isLetThrough(spot.leaf, text)).map(([name, text]) => ({ spot, name, text })),
      );
    const long = pair(pickKinds(spots), LONG);
    expect(long.length).toBeGreaterThan(4);
    const tried = [...pair(spots, HOSTILE), ...long];
    expect(tried.length).toBeGreaterThan(60);
    await all(
      share(tried, helm).map(({ spot, name, text }) => async () => {
        await judge(spot, text, helm).catch((error: unknown) => {
          throw new Error(`${spot.at}, ${name}: ${(error as Error).message.slice(0, 2000)}`);
        });
      }),
    );
  });

  test('what the schema stops is stopped by helm as well', { timeout: 300_000 }, async () => {
    const stopped = spots.filter(({ leaf }) => !isLetThrough(leaf, HOSTILE[0]?.[1] ?? ''));
    await all(
      share(stopped, helm).map((spot) => async () => {
        expect([spot.at, await judge(spot, HOSTILE[0]?.[1] ?? '', helm)]).toEqual([spot.at, 'refused']);
      }),
    );
  });
});
