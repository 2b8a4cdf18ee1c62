/** Every value that takes a number, as people give it: it arrives with all its digits, however large it is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { CHART, HELMS, type Helm, PUBLIC_KEY, run } from '../helm.ts';

interface Schema {
  type?: string | string[];
  maximum?: number;
  properties?: Record<string, Schema>;
  patternProperties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  'x-form'?: string;
}

/** A name for each pattern that values may have. */
const NAMES = ['hugepages-2Mi', 'example.com/fpga', 'example.com/note'];

/** What takes a number only to say in words that a text is wanted: every other form, and what has none. */
const AMOUNTS = new Set(['amount', 'cpu']);
const TEXTS =
  /^(home\.subPath|extraEnv\[0\]\.value|tolerations\[0\]\.value|.*([lL]abels|nnotations|nodeSelector)\..*)$/;

/** Structures of the Kubernetes API that the schema does not describe. */
const OPEN: [string, Schema][] = [['extraVolumes[0].emptyDir.sizeLimit', { type: 'number' }]];

const isNumber = ({ type }: Schema) => [type].flat().some((each) => each === 'integer' || each === 'number');

function* walk(node: Schema, at: string): Generator<[string, Schema]> {
  if (isNumber(node)) yield [at, node];
  const below = (name: string) => (at === '' ? name : `${at}.${name}`);
  for (const [name, child] of Object.entries(node.properties ?? {})) yield* walk(child, below(name));
  for (const [pattern, child] of Object.entries(node.patternProperties ?? {}))
    yield* walk(child, below(NAMES.find((name) => new RegExp(pattern).test(name)) ?? pattern));
  if (typeof node.additionalProperties === 'object') yield* walk(node.additionalProperties, below('example.com/note'));
  if (node.items !== undefined) yield* walk(node.items, `${at}[0]`);
}

const schema = JSON.parse(readFileSync(path.join(CHART, 'values.schema.json'), 'utf8')) as Schema;
const PLACES = new Map([...walk(schema, ''), ...OPEN]);
const NUMBERS = [...PLACES].filter(([at, node]) => {
  const form = node['x-form'];
  return form === undefined ? !TEXTS.test(at) : AMOUNTS.has(form);
});

/**
 * Each its own number, so that it is found where it arrives. A request and its limit are one, and shared memory, which
 * stands behind them, has less.
 */
function toNumber(at: string, { maximum = Number.POSITIVE_INFINITY }: Schema, least: number): number {
  const index = NUMBERS.findIndex(([other]) => other === at.replace('.requests.', '.limits.'));
  return Math.min(least + NUMBERS.length - index, maximum - (maximum > 1000 ? index : 0));
}

/** Values beside which the others mean something. */
const COMPANY = {
  nodePort: { authorizedKeys: [PUBLIC_KEY], service: { type: 'NodePort' }, home: { type: 'emptyDir' } },
  claim: { authorizedKeys: [PUBLIC_KEY], home: { type: 'claim' } },
};
const OF_CLAIM = new Set(['home.size']);
const NEEDED = {
  'tolerations[0].key': 'example.com/taint',
  'extraVolumes[0].name': 'cache',
};

const folder = mkdtempSync(path.join(tmpdir(), 'ws-numbers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Given = Map<string, number | string>;

/** The words of each way to give values. */
const WAYS = {
  '--set': (given: Given) => [...given].flatMap(([at, value]) => ['--set', `${escape(at)}=${value}`]),
  '--set-json': (given: Given) =>
    [...given].flatMap(([at, value]) => ['--set-json', `${escape(at)}=${JSON.stringify(value)}`]),
  'a values file': (given: Given) => {
    const values = {};
    for (const [at, value] of given) put(values, at, value);
    const file = path.join(folder, `${Math.random()}.yaml`);
    writeFileSync(file, stringify(values));
    return ['--values', file];
  },
};

/** A dot in a name is no path. */
const split = (at: string) => at.split(/\.(?!com\/)/);
const escape = (at: string) =>
  split(at)
    .map((name) => name.replaceAll('.', '\\.'))
    .join('.');

function put(values: object, at: string, value: unknown): void {
  const names = split(at).flatMap((name) => (name.endsWith('[0]') ? [name.slice(0, -3), 0] : [name]));
  names.reduce<any>((node, name, index) => {
    const next = index === names.length - 1 ? value : typeof names[index + 1] === 'number' ? [] : {};
    node[name] ??= next;
    return node[name];
  }, values);
}

const rendered = new Map<string, Promise<string>>();

/** All values at once, because a rendering takes a third of a second. */
function renderAll(helm: Helm, way: keyof typeof WAYS, company: keyof typeof COMPANY, least: number): Promise<string> {
  const key = JSON.stringify([helm, way, company, least]);
  const isClaim = company === 'claim';
  const wanted = NUMBERS.filter(([at]) =>
    isClaim ? !/nodePort|sizeLimit$/.test(at) || at.includes('[') : !OF_CLAIM.has(at),
  );
  const given: Given = new Map(Object.entries(NEEDED));
  for (const [at, node] of wanted) given.set(at, toNumber(at, node, least));
  const words = ['template', 'ws-dev', CHART, '--kube-version', '1.37.2', '--values', '-', ...WAYS[way](given)];
  const text = rendered.get(key) ?? run(helm, words, COMPANY[company]);
  rendered.set(key, text);
  return text;
}

test('the table has every kind of number', () => {
  expect(NUMBERS.map(([at]) => at)).toEqual(
    expect.arrayContaining([
      'user.uid',
      'ssh.port',
      'home.sizeLimit',
      'home.size',
      'resources.limits.memory',
      'resources.requests.cpu',
      'resources.limits.hugepages-2Mi',
      'resources.limits.example.com/fpga',
      'tolerations[0].tolerationSeconds',
    ]),
  );
});

const CASES = HELMS.flatMap((helm) =>
  Object.keys(WAYS).flatMap((way) =>
    [10_000_000, 10_000_000_000].map((least) => ({ helm, way: way as keyof typeof WAYS, least })),
  ),
);

describe.each(CASES)('$helm with $way, from $least on', ({ helm, way, least }) => {
  test.each(NUMBERS)('%s arrives with all its digits', async (at, node) => {
    const text = await renderAll(helm, way, OF_CLAIM.has(at) ? 'claim' : 'nodePort', least);
    expect(text).toMatch(new RegExp(`(^|[\\s":{])${toNumber(at, node, least)}($|[\\s",}])`, 'm'));
  });

  test('nothing has an exponent', async () => {
    for (const company of ['nodePort', 'claim'] as const)
      expect((await renderAll(helm, way, company, least)).match(/^.*\b\d(\.\d+)?e[+-]?\d+\b.*$/gm)).toBeNull();
  });
});
