/** A login that no key opens leads to what works: `ws keys add` is refused where values are the truth. */
import { expect, it } from 'vitest';
import { getLoginMeans } from '../../../../src/operations/login/connect.ts';
import { explainRefusal } from '../../../../src/operations/login/explain-refusal.ts';
import { listKeysHere } from '../../../../src/operations/look/keys.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import { type Endpoint, toEndpoint } from '../../../../src/workspace/state/endpoint.ts';
import type { MarkedSecret } from '../../../../src/workspace/state/snapshot.ts';
import { toLines } from '../../../spelling.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER } from '../fake-world.ts';
import { LOGIN, reachable } from '../reachable.ts';

const LABELS = { 'app.kubernetes.io/name': 'ws-workspace', 'app.kubernetes.io/component': 'authorized-keys' };
const OF_HELM = { 'app.kubernetes.io/managed-by': 'Helm' };
const RELEASE = { 'meta.helm.sh/release-name': 'ws-dev' };
const VALUES = 'Change authorizedKeys in the values, where they are kept';
const ADD = 'ws keys add';

type Marks = Pick<MarkedSecret, 'labels' | 'annotations'>;

const OWNERS: [string, Marks | undefined, string][] = [
  ['ws', { labels: { ...LABELS, ...OF_HELM }, annotations: RELEASE }, ADD],
  ['nobody who may be asked', undefined, ADD],
  ['Flux', { labels: { ...LABELS, 'helm.toolkit.fluxcd.io/name': 'x' }, annotations: RELEASE }, VALUES],
  ['a chart that was only rendered', { labels: { ...LABELS, ...OF_HELM }, annotations: {} }, VALUES],
  ['a Secret of its own', { labels: {}, annotations: {} }, 'kubectl edit secret ws-dev-authorized-keys'],
];

function stand(marks: Marks | undefined, lines: string, entry = 'authorized_keys') {
  const reach = reachable();
  const data = new Map([[entry, Buffer.from(lines)]]);
  const { world, calls } = fakeWorld({
    ...reach,
    identities: Object.assign({ list: async () => [] }, reach.identities),
    cluster: {
      ...reach.cluster,
      findWorkspace: async () => snapshot(),
      findSecret: async (name) => (name.endsWith('authorized-keys') ? data : reach.secrets.get(name)),
      findMarkedSecret: async () => {
        if (marks === undefined) throw failure('NOT_PERMITTED', { message: 'No', suggestions: [] });
        return { data, changedAt: undefined, ...marks };
      },
    },
  });
  return { world, calls, endpoint: toEndpoint(snapshot()) as Endpoint };
}

const thrown = (promise: Promise<unknown>) => promise.catch((error: unknown) => error) as Promise<WorkspaceError>;

it.each(OWNERS)('keys of %s: none of them is here', async (_owner, marks, expected) => {
  const { world, endpoint } = stand(marks, `ssh-ed25519 ${makeIdentity(9).blob} other\n`);
  const error = await thrown(getLoginMeans(endpoint, LOGIN, world, NEVER).identities);
  expect(error.code).toBe('KEY_NOT_AUTHORIZED');
  expect(toLines(error.suggestions).filter((line) => !line.startsWith('ws ssh'))).toEqual([
    expect.stringContaining(expected),
  ]);
});

it.each(OWNERS)('keys of %s: none of them can be read', async (_owner, marks, expected) => {
  const { world, endpoint } = stand(marks, 'nonsense\n');
  const error = await thrown(getLoginMeans(endpoint, LOGIN, world, NEVER).identities);
  expect(toLines(error.suggestions)).toEqual([
    expect.stringContaining(expected),
    expect.stringContaining('ws keys ls'),
  ]);
});

it.each(OWNERS)('keys of %s: the server refuses the one that was named', async (_owner, marks, expected) => {
  const { world, endpoint } = stand(marks, `ssh-ed25519 ${makeIdentity(9).blob} other\n`);
  const refused = failure('KEY_NOT_AUTHORIZED', { message: 'No', suggestions: [ws`keys add FILE.pub`, ws`keys ls`] });
  const error = await thrown(explainRefusal(refused, { endpoint, identities: [makeIdentity(1)] }, world, NEVER));
  expect(toLines(error.suggestions)).toEqual([expect.stringContaining(expected), 'ws keys ls']);
  if (expected === VALUES)
    expect(error.reason).toMatch(/^ws does not change its keys\. \S.* put its (?:own|keys) back$/);
});

it.each(OWNERS)(
  'keys of %s: the entry is missing, and the Secret says which it has',
  async (_owner, marks, expected) => {
    const key = `ssh-ed25519 ${makeIdentity(1).blob} me\n`;
    const { world, endpoint } = stand(marks, key, 'keys');
    const chosen = await thrown(getLoginMeans(endpoint, LOGIN, world, NEVER).identities);
    const refused = failure('KEY_NOT_AUTHORIZED', { message: 'No', suggestions: [ws`keys add FILE.pub`, ws`keys ls`] });
    const named = await thrown(explainRefusal(refused, { endpoint, identities: [makeIdentity(1)] }, world, NEVER));
    // Whoever may not look hears what the server said.
    for (const error of marks === undefined ? [chosen] : [chosen, named]) {
      expect(error.reason).toMatch(/^Secret ws-dev-authorized-keys has no entry authorized_keys; it has keys$/m);
      expect(error.cause).toMatchObject({ code: 'AUTHORIZED_KEYS_UNUSABLE' });
      expect(toLines(error.suggestions)[0]).toContain(expected);
    }
  },
);

it.each(OWNERS.filter(([, marks]) => marks !== undefined))(
  'keys of %s: the list of none leads to what works, and reads once',
  async (_owner, marks, expected) => {
    for (const [lines, entry, reason] of [
      ['', 'keys', 'has no entry authorized_keys; it has keys'],
      ['nonsense', 'authorized_keys', 'no line of authorized_keys is a public key'],
    ] as const) {
      const { world, calls } = stand(marks, lines, entry);
      const { keys, fault: error } = await listKeysHere('dev', world, NEVER);
      expect(keys).toEqual([]);
      expect(calls.filter((call) => call.startsWith('cluster.'))).toEqual([
        'cluster.findWorkspace',
        'cluster.findMarkedSecret',
      ]);
      expect(error?.reason).toContain(reason);
      expect(toLines(error?.suggestions ?? [])[0]).toContain(expected);
    }
    const { fault: empty } = await listKeysHere('dev', stand(marks, '').world, NEVER);
    if (expected === ADD) expect(empty).toBeUndefined();
    else expect(toLines(empty?.suggestions ?? [])[0]).toContain(expected);
  },
);
