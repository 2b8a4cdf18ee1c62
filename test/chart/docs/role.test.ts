/** The Role of the documents: what it lends, and that it is enough for all that we tell its users to do. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { listPermissions } from '../../../src/operations/checks/rights/permissions.ts';
import { ROOT, render } from '../helm.ts';
import { renderNotes } from './notes.ts';

interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

const text = readFileSync(path.join(ROOT, 'docs/role.yaml'), 'utf8');
const { rules } = parse(text) as { rules: Rule[] };
const operators = readFileSync(path.join(ROOT, 'docs/operators.md'), 'utf8');

const isAllowed = (verb: string, resource: string) => {
  const [group = '', name = ''] = resource.split(':');
  return rules.some(
    (rule) => rule.apiGroups.includes(group) && rule.resources.includes(name) && rule.verbs.includes(verb),
  );
};

/** What kubectl calls them, and `GROUP:RESOURCE` of the API. */
const RESOURCES: Record<string, string> = {
  deploy: 'apps:deployments',
  deployment: 'apps:deployments',
  replicaset: 'apps:replicasets',
  pod: ':pods',
  pvc: ':persistentvolumeclaims',
  secret: ':secrets',
  service: ':services',
};

/** What kubectl asks the API server for, by its verb: the rights of kubectl 1.31 to 1.37. */
const VERBS: Record<string, (kinds: string[]) => [verb: string, resource: string][]> = {
  get: (kinds) => kinds.map((kind) => ['get', kind]),
  delete: (kinds) =>
    kinds.flatMap((kind) => ['delete', 'get', 'list', 'watch'].map((verb): [string, string] => [verb, kind])),
  describe: (kinds) => [
    ...[...kinds, ':pods', 'apps:replicasets'].flatMap((kind) =>
      ['get', 'list'].map((verb): [string, string] => [verb, kind]),
    ),
    ['list', ':events'],
  ],
  rollout: (kinds) => kinds.flatMap((kind) => ['get', 'list', 'watch'].map((verb): [string, string] => [verb, kind])),
  logs: (kinds) => [
    ...kinds.map((kind): [string, string] => ['get', kind]),
    ['get', ':pods'],
    ['list', ':pods'],
    ['get', ':pods/log'],
  ],
  'port-forward': (kinds) => [
    ...kinds.map((kind): [string, string] => ['get', kind]),
    ['get', ':pods'],
    ['list', ':pods'],
    ['get', ':pods/portforward'],
    ['create', ':pods/portforward'],
  ],
  exec: () => [['create', ':pods/exec']],
};

/** What a line of kubectl asks for. Throws on a verb or a kind that the tables above do not know. */
function listAsked(line: string): [verb: string, resource: string][] {
  const [, verb = '', rest = ''] = /kubectl (?:(?:--namespace|-n) \S+ )?(\S+) (.*)$/.exec(line) ?? [];
  const words = rest
    .split(' ')
    .filter(
      (word, index, all) =>
        !word.startsWith('-') && !/^--(address|selector|output|timeout)$/.test(all[index - 1] ?? ''),
    );
  const [first = ''] = verb === 'rollout' ? words.slice(1) : words;
  const named = first.includes('/') ? (first.split('/')[0] ?? '') : first;
  const isPod = verb === 'logs' && !first.includes('/');
  const kinds = (isPod ? 'pod' : named).split(',').map((kind) => {
    const resource = RESOURCES[kind];
    if (resource === undefined) throw new Error(`nobody knows what kubectl means by "${kind}" in: ${line}`);
    return resource;
  });
  const list = VERBS[verb];
  if (list === undefined) throw new Error(`nobody knows what "kubectl ${verb}" needs`);
  return list(kinds);
}

const missingOf = (line: string) => listAsked(line).filter(([verb, resource]) => !isAllowed(verb, resource));

test('is of one namespace and names what it allows', () => {
  expect(parseAllDocuments(text).map((role) => role.toJS().kind)).toEqual(['Role']);
  for (const rule of rules) {
    expect([...rule.apiGroups, ...rule.resources, ...rule.verbs]).not.toContain('*');
    expect(rule.resources.join()).not.toMatch(/roles|rolebindings|serviceaccounts|nodes|exec/);
    // A Role reaches its own namespace alone.
    if (rule.resources.includes('namespaces')) expect(rule.verbs).toEqual(['get']);
  }
});

test('allows what ws asks for before it starts', () => {
  const asked = listPermissions({ kind: 'claim', storageClass: undefined, size: undefined });
  expect(asked.length).toBeGreaterThan(10);
  const missing = asked.filter(
    ({ group, resource, subresource, verb }) =>
      !isAllowed(verb, `${group}:${resource}${subresource === undefined ? '' : `/${subresource}`}`),
  );
  expect(missing).toEqual([]);
});

describe('is enough for', () => {
  test.each(['ClusterIP', 'NodePort', 'LoadBalancer'])(
    "each command of helm's notes, with a Service of type %s",
    async (type) => {
      const lines = (await renderNotes({ service: { type }, home: { type: 'claim' } }))
        .split('\n')
        .filter((line) => line.includes('kubectl --'));
      expect(lines.length).toBeGreaterThan(4);
      expect(lines.flatMap((line) => missingOf(line).map((right) => [line, ...right]))).toEqual([]);
    },
  );

  test('all that the chart makes, with the rules that stand in it as comments', async () => {
    const plain = text.replaceAll(/^ {2}# (?=- apiGroups| {2}(?:resources|verbs):)/gm, '  ');
    const { rules: all } = parse(plain) as { rules: Rule[] };
    const values = { home: { type: 'claim' }, idle: { stopAfter: '2h', actor: true }, podMonitor: { enabled: true } };
    const kinds = new Set((await render(values)).map(({ kind }) => `${kind.toLowerCase()}s`));
    expect([...kinds]).toEqual(expect.arrayContaining(['rolebindings', 'serviceaccounts', 'podmonitors']));
    const mayWrite = (kind: string) =>
      all.some(({ resources, verbs }) => resources.includes(kind) && verbs.includes('create'));
    expect([...kinds].filter((kind) => !mayWrite(kind))).toEqual([]);
  });

  test('what operators.md says to look for why a workspace does not come up', () => {
    const start = operators.indexOf('\n## Find out why it does not come up\n');
    const section = operators.slice(start, operators.indexOf('\n## ', start + 1));
    const lines = [...section.matchAll(/^kubectl .*$/gm)].map(([line]) => line);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.flatMap((line) => missingOf(line).map((right) => [line, ...right]))).toEqual([]);
  });

  test('less than a shell in the pod needs', () => {
    expect(missingOf('kubectl --namespace team exec deploy/ws-dev -- true')).toEqual([['create', ':pods/exec']]);
  });
});
