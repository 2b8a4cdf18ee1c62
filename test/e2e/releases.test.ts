import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { upgradeArguments } from '../../src/adapters/helm/helm-arguments.ts';
import { openHelm } from '../../src/adapters/helm/releases.ts';
import type { WorkspaceError } from '../../src/workspace/errors/errors.ts';
import type { ReleaseState, Releases } from '../../src/workspace/release/releases.ts';
import { getKubeconfig, kubectl, makeNamespace, type TestNamespace } from './cluster-under-test.ts';

const SIGNAL = new AbortController().signal;
const CHART = path.resolve(import.meta.dirname, '../../chart');
const OPTIONS = { valuesFiles: [], createNamespace: false, after: 0 };
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKR8Xo0cUCOPs4Tr3oSEVB0bqIUNRzvUYTkLcYmYdLhx test';

function values(workspace: string) {
  return { workspace, authorizedKeys: [KEY], home: { type: 'emptyDir' } };
}

let namespace: TestNamespace;
let folder: string;
beforeAll(() => {
  namespace = makeNamespace('helm');
  folder = mkdtempSync(path.join(tmpdir(), 'ws-releases-'));
});
afterAll(() => {
  namespace[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

// Users have either; the toolchain of the test cluster has both.
describeHelm('helm');
describeHelm('helm3');

function describeHelm(helm: string): void {
  const { HELM_MAX_HISTORY: _mine, ...environment } = process.env;
  const open = () =>
    openHelm({
      environment,
      kubeconfig: getKubeconfig(),
      namespace: namespace.name,
      chartPath: CHART,
      helm,
    });
  const named = (name: string) => `${name}-${helm}`;

  test(`${helm}: of fifteen revisions the newest ten are kept`, async () => {
    const releases = open();
    const release = `ws-${named('many')}`;
    for (let revision = 1; revision <= 15; revision += 1)
      expect(await releases.apply(release, values(named('many')), OPTIONS, SIGNAL)).toMatchObject({ revision });
    const selector = `owner=helm,name=${release}`;
    const words = [
      'get',
      'secrets',
      '-n',
      namespace.name,
      '-l',
      selector,
      '-o',
      'jsonpath={.items[*].metadata.labels.version}',
    ];
    const kept = kubectl(words).split(' ').map(Number);
    expect(kept.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, at) => at + 6));
  });

  test(`${helm}: install, upgrade, read back, remove, remove again`, async () => {
    const releases = open();
    const release = `ws-${named('life')}`;
    expect(await releases.find(release, SIGNAL)).toBeUndefined();
    expect(await releases.apply(release, values(named('life')), OPTIONS, SIGNAL)).toEqual({
      revision: 1,
      change: 'installed',
    });
    expect(await releases.apply(release, values(named('life')), OPTIONS, SIGNAL)).toEqual({
      revision: 2,
      change: 'upgraded',
    });
    expect(await releases.find(release, SIGNAL)).toMatchObject({ revision: 2, status: 'deployed' });
    expect((await releases.getBase(release, [], SIGNAL)).values).toEqual(values(named('life')));
    expect(await namespace.cluster.findWorkspace(named('life'), SIGNAL)).toMatchObject({
      release,
      home: { kind: 'emptyDir' },
    });
    await releases.uninstall(release, SIGNAL);
    await releases.uninstall(release, SIGNAL);
    expect(await releases.find(release, SIGNAL)).toBeUndefined();
  });

  test(`${helm}: a key that was added meanwhile does not stop an upgrade`, async () => {
    const releases = open();
    const release = `ws-${named('keys')}`;
    await releases.apply(release, values(named('keys')), OPTIONS, SIGNAL);
    const secret = `${release}-authorized-keys`;
    const current = (await namespace.cluster.findSecret(secret, SIGNAL)) ?? new Map<string, Buffer>();
    const text = Buffer.from(`${KEY}\n${KEY}2\n`);
    await namespace.cluster.updateSecret(secret, current, { authorized_keys: text }, SIGNAL);
    expect(await releases.apply(release, values(named('keys')), OPTIONS, SIGNAL)).toMatchObject({ change: 'upgraded' });
    await releases.uninstall(release, SIGNAL);
  });

  test(`${helm}: five at once end as one release and five successes`, async () => {
    const release = `ws-${named('five')}`;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => open().apply(release, values(named('five')), OPTIONS, SIGNAL)),
    );
    // A refusal that is not understood shows itself here in Helm's own words.
    expect(outcomes.filter(({ status }) => status === 'rejected').map(toWords)).toEqual([]);
    const results = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(results.toSorted((a, b) => a.revision - b.revision).map(({ revision }) => revision)).toEqual([
      1, 2, 3, 4, 5,
    ]);
    expect(await open().find(release, SIGNAL)).toMatchObject({ status: 'deployed', revision: 5 });
    await open().uninstall(release, SIGNAL);
  });

  test(`${helm}: an uninstallation that was killed is finished, by the next one or by an install`, async () => {
    const release = `ws-${named('half')}`;
    const install = () =>
      open().apply(release, values(named('half')), { ...OPTIONS, isEmptied: async () => true }, SIGNAL);
    await install();
    await leaveHalfDown(helm, release);
    // What another test has removed may still be there, ending.
    const half = (await namespace.cluster.listWorkspaces(SIGNAL)).find(({ name }) => name === named('half'));
    expect(half).toMatchObject({ isHalfDown: true });
    expect(await install()).toMatchObject({ change: 'recovered' });
    await leaveHalfDown(helm, release);
    await open().uninstall(release, SIGNAL);
    expect(await open().find(release, SIGNAL)).toBeUndefined();
  });

  test(`${helm}: what a killed install left behind is cleared away`, async () => {
    const release = `ws-${named('killed')}`;
    await killDuring(helm, release, 'pending-install', open());
    expect(await open().apply(release, values(named('killed')), OPTIONS, SIGNAL)).toMatchObject({
      change: 'recovered',
    });
    expect(await open().find(release, SIGNAL)).toMatchObject({ status: 'deployed' });
    await open().uninstall(release, SIGNAL);
  });

  test(`${helm}: what a killed upgrade left behind is rolled back, then upgraded`, async () => {
    const release = `ws-${named('cut')}`;
    await open().apply(release, values(named('cut')), OPTIONS, SIGNAL);
    const { revision } = await killDuring(helm, release, 'pending-upgrade', open());
    const changed = { ...values(named('cut')), labels: { team: 'blue' } };
    expect(await open().apply(release, changed, OPTIONS, SIGNAL)).toEqual({
      // A rollback, then the upgrade.
      revision: revision + 2,
      change: 'recovered',
    });
    expect((await open().getBase(release, [], SIGNAL)).values).toEqual(changed);
    await open().uninstall(release, SIGNAL);
  });

  test(`${helm}: a values file that was changed counts, and what it does not name stays`, async () => {
    const [release, file] = [`ws-${named('file')}`, path.join(folder, `${helm}.json`)];
    const write = (more: object) => writeFileSync(file, JSON.stringify(more));
    const options = { ...OPTIONS, valuesFiles: [file] };
    write({ labels: { team: 'blue' }, terminationGracePeriodSeconds: 20 });
    await open().apply(release, values(named('file')), options, SIGNAL);
    write({ labels: { team: 'green' } });
    const { values: base, revision } = await open().getBase(release, [file], SIGNAL);
    await open().apply(release, base, { ...options, after: revision }, SIGNAL);
    expect((await open().getBase(release, [], SIGNAL)).values).toEqual({
      ...values(named('file')),
      labels: { team: 'green' },
      terminationGracePeriodSeconds: 20,
    });
    await open().uninstall(release, SIGNAL);
  });

  test(`${helm}: an interrupt ends it, and the next one goes on`, async () => {
    const release = `ws-${named('stopped')}`;
    // On a quiet machine Helm is done within a quarter of a second.
    await expect(
      open().apply(release, values(named('stopped')), OPTIONS, AbortSignal.timeout(100)),
    ).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
    await open().apply(release, values(named('stopped')), OPTIONS, SIGNAL);
    expect(await open().find(release, SIGNAL)).toMatchObject({ status: 'deployed' });
    await open().uninstall(release, SIGNAL);
  });

  test(`${helm}: values that never come leave nothing, nor does a ws that is killed before it gave them`, async () => {
    const release = `ws-${named('never')}`;
    const late = Promise.withResolvers<object>();
    const applying = open().apply(release, late.promise, OPTIONS, SIGNAL);
    applying.catch(() => undefined);
    // By then Helm waits for its values.
    await sleep(1000);
    late.reject(new Error('refused'));
    await expect(applying).rejects.toThrow('refused');
    const child = startUpgrade(helm, release);
    const ended = once(child, 'exit');
    child.stdin.write('{');
    await sleep(1000);
    expect(child.exitCode).toBe(null);
    child.stdin.end();
    expect(await ended).toEqual([1, null]);
    expect(await open().find(release, SIGNAL)).toBeUndefined();
    expect(await namespace.cluster.findWorkspace(named('never'), SIGNAL)).toBeUndefined();
  });

  test(`${helm}: a missing namespace is named, or made when asked`, async () => {
    const name = `${namespace.name}-${helm}`;
    const releases = openHelm({
      environment: process.env,
      kubeconfig: getKubeconfig(),
      namespace: name,
      chartPath: CHART,
      helm,
    });
    await expect(releases.apply('ws-a', values('a'), OPTIONS, SIGNAL)).rejects.toMatchObject({
      code: 'NAMESPACE_MISSING',
    });
    await releases.apply('ws-a', values('a'), { ...OPTIONS, createNamespace: true }, SIGNAL);
    kubectl(['delete', 'namespace', name, '--wait=false']);
  });
}

function toWords(outcome: PromiseSettledResult<unknown>): string {
  const { message, reason } = (outcome as PromiseRejectedResult).reason as WorkspaceError;
  return `${message}: ${reason}`;
}

/**
 * Kills helm while it is at work and returns what it left. Helm may be done before it is caught: then it is tried
 * again, since only a half-done release means something here.
 */
async function killDuring(helm: string, release: string, status: string, releases: Releases): Promise<ReleaseState> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const revision = ((await releases.find(release, SIGNAL))?.revision ?? 0) + 1;
    await killAtRevision(helm, release, revision);
    const left = await releases.find(release, SIGNAL);
    if (left?.status === status) return left;
    if (status === 'pending-install') await releases.uninstall(release, SIGNAL);
  }
  throw new Error(`${helm} was never caught at work`);
}

/** Helm deletes within moments: to kill it in the middle is luck, so its record is put back as it was then. */
async function leaveHalfDown(helm: string, release: string): Promise<void> {
  const target = ['--namespace', namespace.name, '--kubeconfig', getKubeconfig()];
  const selector = `owner=helm,name=${release},status=deployed`;
  const asked = ['-n', namespace.name, 'get', 'secret', '--selector', selector, '-o', 'json'];
  const [record] = (JSON.parse(kubectl(asked)) as { items: HelmRecord[] }).items;
  if (record === undefined) throw new Error(`${release} is not deployed`);
  execFileSync(helm, ['uninstall', release, ...target]);
  const kept = JSON.parse(gunzipSync(Buffer.from(atob(record.data.release), 'base64')).toString());
  kept.info.status = 'uninstalling';
  const { name, labels } = record.metadata;
  const packed = gzipSync(JSON.stringify(kept)).toString('base64');
  const secret = { ...record, metadata: { name, labels: { ...labels, status: 'uninstalling' } } };
  kubectl(['-n', namespace.name, 'create', '-f', '-'], JSON.stringify({ ...secret, data: { release: btoa(packed) } }));
}

interface HelmRecord {
  metadata: { name: string; labels: Record<string, string> };
  data: { release: string };
}

function startUpgrade(helm: string, release: string, revision = 1) {
  const mark = { revision, operation: 'test' };
  const words = upgradeArguments(release, CHART, { ...OPTIONS, major: helm === 'helm3' ? 3 : 4, mark });
  const target = ['--namespace', namespace.name, '--kubeconfig', getKubeconfig()];
  return spawn(helm, [...words, ...target], { stdio: ['pipe', 'ignore', 'ignore'] });
}

async function killAtRevision(helm: string, release: string, revision: number): Promise<void> {
  const child = startUpgrade(helm, release, revision);
  const ended = once(child, 'exit');
  child.stdin.end(JSON.stringify(values(release.slice(3))));
  const secret = `sh.helm.release.v1.${release}.v${revision}`;
  while (child.exitCode === null && (await namespace.cluster.findSecret(secret, SIGNAL)) === undefined) await sleep(1);
  child.kill('SIGKILL');
  await ended;
}
