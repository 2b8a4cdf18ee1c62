/**
 * What `ws keys` did, and a host key that was exchanged, hold through every way to write a release; with Helm 3 and 4,
 * as each comes. What Helm did not install, no verb writes.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHelm } from '../../src/adapters/helm/releases.ts';
import { addKeys, getDoomedKey, removeKey } from '../../src/operations/authorized-keys.ts';
import { down } from '../../src/operations/down.ts';
import { getKeptHome } from '../../src/operations/homes.ts';
import { listKeys } from '../../src/operations/look/keys.ts';
import { writeRelease } from '../../src/operations/release/write-release.ts';
import type { Choices } from '../../src/workspace/choices/chosen.ts';
import type { World } from '../../src/workspace/world.ts';
import { getKubeconfig, kubectl, makeNamespace, type TestNamespace } from './cluster-under-test.ts';

const SIGNAL = new AbortController().signal;
const CHART = path.resolve(import.meta.dirname, '../../chart');
const key = (name: string, point: string) => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${point} ${name}`;
const OLD = key('old', 'KR8Xo0cUCOPs4Tr3oSEVB0bqIUNRzvUYTkLcYmYdLhx');
const NEW = key('new', 'NdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea');
const LATER = key('later', 'KQPq5mDbYzvLAOnBmTvAHl3gbnCR0kc7qw0xW4Z8m2N');
// Nothing here needs a pod.
const VALUES = { authorizedKeys: [OLD], nodeSelector: { 'ws.test/none': 'there' } };
const HOST_KEY =
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIOgpn5q43+r2LreofnWcJkrWiW5JkiHSASSmrg6qTCH4\n-----END PRIVATE KEY-----\n';

let place: TestNamespace;
beforeAll(() => {
  place = makeNamespace('hold');
});
afterAll(() => place[Symbol.dispose]());

/** Agrees to every restart. */
const YES = { who: 'defaults' as const, agreeToRestart: async () => undefined };

test.each(['helm', 'helm3'])('%s', async (program) => {
  const name = `w-${program}`;
  const release = `ws-${name}`;
  const helm = (words: string[], values?: object) =>
    execFileSync(program, [...words, '--kubeconfig', getKubeconfig(), '-n', place.name], {
      input: JSON.stringify(values ?? {}),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  // Without a flag more: Helm 4 then applies on the server's side.
  const upgrade = (values: object = VALUES) => helm(['upgrade', '--install', release, CHART, '--values', '-'], values);
  const where = { kubeconfig: getKubeconfig(), namespace: place.name, environment: process.env };
  const world = {
    cluster: place.cluster,
    releases: openHelm({ ...where, chartPath: CHART, helm: program }),
    identities: { list: async () => [] },
    clock: { nowMs: () => performance.now(), sleep: (ms: number) => sleep(ms) },
  } as unknown as World;
  const write = async (choices: Choices, repair = false) => {
    const found = await world.cluster.findWorkspace(name, SIGNAL);
    const request = {
      workspace: name,
      choices,
      valuesFiles: [],
      createNamespace: false,
      repair,
      found,
      asker: YES,
    };
    for await (const _event of writeRelease(request, world, SIGNAL));
  };
  const keys = async () => (await listKeys(name, world, SIGNAL)).map(({ comment }) => comment);
  const hostKey = async () =>
    (await world.cluster.findSecret(`${release}-host-key`, SIGNAL))?.get('ssh_host_key')?.toString();

  upgrade();
  upgrade();
  await addKeys(name, [NEW], world, SIGNAL);
  await removeKey(await getDoomedKey(name, { word: 'old' }, world, SIGNAL), world, SIGNAL);
  const exchanged = JSON.stringify({ stringData: { ssh_host_key: HOST_KEY } });
  kubectl(['-n', place.name, 'patch', 'secret', `${release}-host-key`, '-p', exchanged]);
  const steps: [string, () => unknown][] = [
    ['a plain upgrade', () => upgrade()],
    ['one that reuses its values', () => helm(['upgrade', release, CHART, '--reuse-values'])],
    ['ws up with a choice', () => write({ memory: '3Gi' })],
    ['ws up --repair', () => write({}, true)],
    [
      'stop and start',
      async () => {
        kubectl(['-n', place.name, 'scale', `deploy/${release}`, '--replicas=0']);
        await write({});
      },
    ],
    ['a rollback', () => helm(['rollback', release])],
  ];
  for (const [step, run] of steps) {
    await run();
    expect([step, await keys()]).toEqual([step, ['new']]);
    expect([step, await hostKey()]).toEqual([step, HOST_KEY]);
  }

  upgrade({ ...VALUES, authorizedKeys: [OLD, LATER] });
  expect(await keys()).toEqual(['later', 'new']);
  upgrade();
  expect(await keys()).toEqual(['new']);
  await addKeys(name, [OLD], world, SIGNAL);
  upgrade();
  expect((await keys()).toSorted()).toEqual(['new', 'old']);
  await removeKey(await getDoomedKey(name, { word: 'old' }, world, SIGNAL), world, SIGNAL);
  // A revision that wrote keys brings them back, until the next write.
  const text = Buffer.from(`${OLD}\n`).toString('base64');
  const patch = JSON.stringify({ data: { authorized_keys: text } });
  // The second time there is nothing to write of the release itself.
  for (const _time of ['changed', 'unchanged']) {
    kubectl(['-n', place.name, 'patch', 'secret', `${release}-authorized-keys`, '-p', patch]);
    await write({ memory: '2Gi' });
    expect(await keys()).toEqual(['new']);
  }
  helm(['uninstall', release]);
});

test('what was rendered and applied without Helm is refused by every verb that writes, and stays as it is', async () => {
  const values = { ...VALUES, home: { type: 'claim', storageClass: 'ws-retain', size: '64Mi' } };
  const options = ['--namespace', place.name, '--values', '-'];
  const manifest = execFileSync('helm', ['template', 'ws-filed', CHART, ...options], { input: JSON.stringify(values) });
  kubectl(['-n', place.name, 'apply', '-f', '-'], manifest.toString());
  const where = { kubeconfig: getKubeconfig(), namespace: place.name, environment: process.env };
  const world = {
    cluster: place.cluster,
    releases: openHelm({ ...where, chartPath: CHART }),
    identities: { list: async () => [] },
    clock: { nowMs: () => performance.now(), sleep: (ms: number) => sleep(ms) },
  } as unknown as World;
  const look = () => kubectl(['-n', place.name, 'get', 'deploy,svc,cm,secret,pvc', '-l', LABEL, '-o', VERSIONS]);
  const found = await world.cluster.findWorkspace('filed', SIGNAL);
  if (found === undefined) throw new Error('there is no workspace');
  const asked = { workspace: 'filed', valuesFiles: [], createNamespace: false, found, asker: YES };
  const drain = async (events: AsyncIterable<unknown>) => {
    for await (const _event of events);
  };
  const verbs: Record<string, () => Promise<unknown>> = {
    'down --keep-home': () => drain(down({ snapshot: found, home: 'keep' }, world, SIGNAL)),
    'down --delete-home': () => drain(down({ snapshot: found, home: 'delete' }, world, SIGNAL)),
    'up --memory': () => drain(writeRelease({ ...asked, choices: { memory: '3Gi' }, repair: false }, world, SIGNAL)),
    'up --repair': () => drain(writeRelease({ ...asked, choices: {}, repair: true }, world, SIGNAL)),
    'keys add': () => addKeys('filed', [NEW], world, SIGNAL),
    'keys rm': async () => removeKey(await getDoomedKey('filed', { word: 'old' }, world, SIGNAL), world, SIGNAL),
    'homes rm': () => getKeptHome('filed', world, SIGNAL),
  };
  const before = look();
  for (const [verb, run] of Object.entries(verbs)) {
    const code = await run().then(
      () => 'done',
      (error: { code?: string }) => error.code ?? String(error),
    );
    expect([verb, code]).toEqual([verb, verb === 'homes rm' ? 'HOME_IN_USE' : 'RELEASE_FOREIGN']);
  }
  expect(look()).toBe(before);
});

const LABEL = 'app.kubernetes.io/instance=ws-filed';
const VERSIONS =
  'custom-columns=KIND:.kind,NAME:.metadata.name,SPEC:.metadata.generation,DATA:.data,GONE:.metadata.deletionTimestamp';
