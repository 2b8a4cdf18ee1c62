/**
 * A change that failed leaves what was: each verb that writes runs with each of its writes refused, one at a time, and
 * what is there afterwards is what its error says.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHelm } from '../../src/adapters/helm/releases.ts';
import { openCluster } from '../../src/adapters/kubernetes/cluster.ts';
import { addKeys, getDoomedKey, removeKey } from '../../src/operations/authorized-keys.ts';
import { down } from '../../src/operations/down.ts';
import { getKeptHome, removeHome } from '../../src/operations/homes.ts';
import { writeRelease } from '../../src/operations/release/write-release.ts';
import { type UpRequest, up } from '../../src/operations/up.ts';
import type { Choices } from '../../src/workspace/choices/chosen.ts';
import { WorkspaceError } from '../../src/workspace/errors/errors.ts';
import type { World } from '../../src/workspace/world.ts';
import { saying } from '../spelling.ts';
import { run } from '../unit/operations/fake-world.ts';
import { getKubeconfig, kubectl, makeNamespace, type TestNamespace } from './cluster-under-test.ts';
import { type RefusingProxy, startRefusingProxy } from './support/refusing-proxy.ts';

const SIGNAL = new AbortController().signal;
const CHART = path.resolve(import.meta.dirname, '../../chart');
const [KEY, OTHER] = ['KR8Xo0cUCOPs4Tr3oSEVB0bqIUNRzvUYTkLcYmYdLhx', 'NdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea'].map(
  (point, index) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${point} key-${index}`,
) as [string, string];
const MADE: Choices = {
  storageClass: 'ws-retain',
  size: '64Mi',
  // Nothing here needs a pod, and none that starts may be in the way.
  nodeSelector: [['ws.test/none', 'there']],
};

const [type = '', blob = ''] = KEY.split(' ');

let place: TestNamespace;
let proxy: RefusingProxy;
beforeAll(async () => {
  place = makeNamespace('refused');
  proxy = await startRefusingProxy(getKubeconfig());
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

/** As the app has it, but for what no test here touches. */
function openWorld(kubeconfig: string): World {
  const where = { kubeconfig, namespace: place.name, environment: process.env };
  return {
    cluster: openCluster(where),
    releases: openHelm({ ...where, chartPath: CHART }),
    identities: {
      list: async () => [],
      look: async () => ({ identities: [], agent: { kind: 'none' } }),
      read: async () => ({ type, blob, source: 'file', fingerprint: 'SHA256:x', comment: '', encrypted: false }),
      findFreePath: () => '/nowhere',
    },
    connector: { prepare: () => undefined },
    knownHosts: { find: async () => [], forget: async () => undefined },
    clock: { nowMs: () => performance.now(), sleep: (ms: number) => sleep(ms) },
  } as unknown as World;
}

/** Agrees to every restart. */
const YES = { who: 'defaults' as const, agreeToRestart: async () => undefined };

async function write(choices: Choices, world: World, authorizedKeys = [KEY]): Promise<void> {
  const found = await world.cluster.findWorkspace('dev', SIGNAL);
  const request = {
    workspace: 'dev',
    choices,
    authorizedKeys,
    valuesFiles: [],
    createNamespace: false,
    repair: true,
    found,
    asker: YES,
  };
  for await (const _event of writeRelease(request, world, SIGNAL));
}

async function take(home: 'keep' | 'delete', world: World): Promise<void> {
  const snapshot = await world.cluster.findWorkspace('dev', SIGNAL);
  if (snapshot?.deployment === undefined) throw new Error('there is no workspace');
  for await (const _event of down({ snapshot, home }, world, SIGNAL));
}

async function removeKept(world: World): Promise<void> {
  for await (const _event of removeHome(await getKeptHome('dev', world, SIGNAL), world, SIGNAL));
}

/** Everything of the namespace that a change could have touched, without what the cluster itself writes. */
function look(): unknown {
  const kinds = 'deployments,services,configmaps,secrets,persistentvolumeclaims';
  const { items } = JSON.parse(kubectl(['-n', place.name, 'get', kinds, '-o', 'json'])) as { items: Seen[] };
  return items
    .filter(({ type, metadata }) => type !== 'helm.sh/release.v1' && metadata.labels?.['app.kubernetes.io/name'])
    .map(({ kind, metadata: { name, deletionTimestamp }, data, spec }) => ({
      object: `${kind}/${name}`,
      isEnding: deletionTimestamp !== undefined,
      data,
      spec: { ...spec, volumeName: undefined, clusterIP: undefined, clusterIPs: undefined },
    }));
}

interface Seen {
  kind: string;
  type?: string;
  metadata: { name: string; labels?: Record<string, string>; deletionTimestamp?: string };
  data?: object;
  spec?: object;
}

/** Claims end a moment after they are deleted. */
async function clear(direct: World): Promise<void> {
  await direct.releases.uninstall('ws-dev', SIGNAL);
  kubectl(['-n', place.name, 'delete', 'pvc,secret', '--selector', 'app.kubernetes.io/name=ws-workspace', '--wait']);
}

/** What an error may say instead of "as it was". */
const PARTLY = /A part of (?:it|the workspace) may be|Workspace dev itself is down|may be gone|are still there/;

interface Verb {
  name: string;
  prepare(world: World): Promise<void>;
  run(world: World): Promise<void>;
  /** How many writes at most are worth a try. */
  limit: number;
}

const VERBS: Verb[] = [
  { name: 'ws up of a new one', prepare: async () => undefined, run: (world) => write(MADE, world), limit: 12 },
  {
    name: 'ws up with a change',
    prepare: (world) => write(MADE, world),
    run: (world) => write({ memory: '3Gi' }, world, [KEY, OTHER]),
    limit: 10,
  },
  {
    name: 'ws keys add',
    prepare: (world) => write(MADE, world),
    run: async (world) => void (await addKeys('dev', [OTHER], world, SIGNAL)),
    limit: 3,
  },
  {
    name: 'ws keys rm',
    prepare: (world) => write(MADE, world, [KEY, OTHER]),
    run: async (world) =>
      void (await removeKey(await getDoomedKey('dev', { word: 'key-1' }, world, SIGNAL), world, SIGNAL)),
    limit: 3,
  },
  {
    name: 'ws down --keep-home',
    prepare: (world) => write(MADE, world),
    run: (world) => take('keep', world),
    limit: 10,
  },
  {
    name: 'ws down --delete-home',
    prepare: (world) => write(MADE, world),
    run: (world) => take('delete', world),
    limit: 12,
  },
  {
    name: 'ws homes rm',
    prepare: async (world) => {
      await write(MADE, world);
      await take('keep', world);
    },
    run: removeKept,
    limit: 4,
  },
];

test.each(VERBS)('$name leaves what its error says, whichever write is refused', { timeout: 300_000 }, async (verb) => {
  const direct = openWorld(getKubeconfig());
  const through = openWorld(proxy.kubeconfig);
  for (let nth = 1; nth <= verb.limit; nth += 1) {
    await clear(direct);
    await verb.prepare(direct);
    const before = look();
    proxy.refuse(nth);
    const error = await verb.run(through).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const told = `${verb.name}, write ${nth} of ${proxy.writes.join(', ')}: ${(error as Error | undefined)?.message}`;
    if (error === undefined) {
      // There is no such write, or one that does not matter.
      if (proxy.writes.length < nth) break;
      continue;
    }
    expect(error, told).toBeInstanceOf(WorkspaceError);
    const { reason = '' } = error as WorkspaceError;
    if (!PARTLY.test(reason)) expect(look(), `${told} (${reason})`).toEqual(before);
    // Whatever it was, the same again works.
    proxy.refuse(0);
    if (verb.name.startsWith('ws up')) await verb.run(direct);
  }
  await clear(direct);
});

const REFUSALS: [string, object][] = [
  ['a quota', { kind: 'ResourceQuota', spec: { hard: { 'limits.memory': '1Gi' } } }],
  [
    'a limit range',
    { kind: 'LimitRange', spec: { limits: [{ type: 'Container', maxLimitRequestRatio: { cpu: '1' } }] } },
  ],
];

test.each(REFUSALS)('a new workspace whose pod %s refuses leaves what was', async (_name, rule) => {
  const direct = openWorld(getKubeconfig());
  await clear(direct);
  const manifest = JSON.stringify({ apiVersion: 'v1', metadata: { name: 'refusing' }, ...rule });
  kubectl(['-n', place.name, 'apply', '-f', '-'], manifest);
  try {
    for (const isKept of [false, true]) {
      if (isKept) {
        await write(MADE, direct);
        await take('keep', direct);
      }
      const before = look();
      const { error } = await run(up(REQUEST, direct, SIGNAL));
      expect(error).toMatchObject({
        code: 'WORKSPACE_FAILED',
        reason: expect.stringMatching(/removed again$/),
        suggestions: expect.arrayContaining([saying(/^kubectl describe (?:quota|limitrange)/), saying('ws up dev')]),
      });
      expect(look()).toEqual(before);
      expect(await direct.releases.find('ws-dev', SIGNAL)).toBeUndefined();
    }
  } finally {
    kubectl(['-n', place.name, 'delete', 'resourcequota,limitrange', '--all']);
  }
  await clear(direct);
});

const REQUEST: UpRequest = {
  workspace: 'dev',
  choices: { ...MADE, identity: KEY },
  asker: {
    ...YES,
    silence: 'there is no terminal to ask on',
    readSettings: async () => ({}),
    ask: async () => ({}),
    remember: async () => undefined,
  },
  keyComment: 'me@here',
  valuesFiles: [],
  createNamespace: false,
  repair: false,
  waitTimeoutMs: 100_000,
  early: false,
  connect: { acceptHostKey: undefined, askPassphrase: undefined },
  localPort: undefined,
};
