/** What helm tells after an install. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LEAST_MEMORY } from '../../../src/workspace/diagnosis/words/least.ts';
import { CHART, PUBLIC_KEY, render, run, workspaceOf } from '../helm.ts';
import { type Found, renderNotes as notes, renderNotesInCluster } from './notes.ts';

test('an emptyDir home is a visible warning', async () => {
  expect(await notes({})).toMatch(/WARNING: the home is an emptyDir of at most 10Gi\. It is lost with its pod/);
  expect(await notes({ home: { type: 'claim' } })).not.toContain('WARNING');
});

test('the limit of an emptyDir home is the one that is reached first', async () => {
  expect(await notes({ home: { sizeLimit: '50Gi' } })).toContain(
    'an emptyDir of at most 20Gi (resources.limits.ephemeral-storage, less than home.sizeLimit 50Gi). It is lost',
  );
  const limits = { 'ephemeral-storage': '60Gi' };
  expect(await notes({ home: { sizeLimit: '50Gi' }, resources: { limits } })).toContain('of at most 50Gi. It is lost');
  const none = { 'ephemeral-storage': null };
  expect(await notes({ home: { sizeLimit: '50Gi' }, resources: { limits: none } })).toContain('of at most 50Gi.');
});

const claim = (annotations: Record<string, string> = {}): Found => ({
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'ws-dev-home', annotations, labels: { 'app.kubernetes.io/name': 'ws-workspace' } },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
});
const deployment = (annotations: Record<string, string>): Found => ({
  kind: 'Deployment',
  metadata: { name: 'ws-dev', annotations },
});

const secret = (name: string, ...entries: string[]): Found => ({
  kind: 'Secret',
  metadata: { name },
  data: Object.fromEntries(entries.map((entry) => [entry, 'eA=='])),
});

test.each([
  ['the chart made', {}],
  ['values bring', { hostKey: { existingSecret: 'identity' } }],
  ['values bring under the name of the own one', { hostKey: { existingSecret: 'ws-dev-host-key' } }],
])('R8N9-REUSE: an emptyDir in the place of a claim names the claim, with a host key that %s', async (_, values) => {
  const line = 'The home from before is untouched in claim ws-dev-home, and --set home.type=claim brings it back.\n';
  const brought = ['identity', 'ws-dev-host-key'].map((name) => secret(name, 'ssh_host_key'));
  const keys = 'hostKey' in values ? brought : [];
  // The first upgrade away from the claim, and a later one.
  for (const annotation of ['ws.dev/home', 'ws.dev/kept-claim'])
    expect(
      await renderNotesInCluster(values, [...keys, claim(), deployment({ [annotation]: 'ws-dev-home' })]),
    ).toContain(line);
  const never = deployment({ 'ws.dev/home': 'emptyDir' });
  for (const found of [
    [...keys, claim(), never],
    [...keys, deployment({ 'ws.dev/home': 'ws-dev-home' })],
  ])
    expect(await renderNotesInCluster(values, found)).not.toContain('from before');
});

test('R8N9-REUSE: the Deployment remembers that the release has made a claim', async () => {
  const kept = async (type: string) =>
    workspaceOf(await render({ home: { type, existingClaim: type === 'existingClaim' ? 'x' : '' } })).metadata
      .annotations?.['ws.dev/kept-claim'];
  expect(await kept('claim')).toBe('ws-dev-home');
  expect(await kept('existingClaim')).toBeUndefined();
});

test('R8N9-REUSE: whoever gives a kept claim another user is told who had it, in plain words only', async () => {
  const noted = async (user: object, annotations: Record<string, string>, isInstall = true) =>
    /The claim records another user\..*\n {2}(.*)/.exec(
      await renderNotesInCluster({ home: { type: 'claim' }, user }, [claim(annotations)], isInstall),
    )?.[1];
  const alice = { 'ws.dev/user': 'alice', 'ws.dev/uid': '54321', 'ws.dev/gid': '54321' };
  expect(await noted({}, alice)).toBe('--set user.gid=54321 --set user.name=alice --set user.uid=54321');
  expect(await noted({ uid: 54321, gid: 54321 }, alice)).toBe('--set user.name=alice');
  expect(await noted({ name: 'alice', uid: null, gid: null }, alice)).toBeUndefined();
  expect(await noted({ name: 'alice', uid: 54321, gid: 54321 }, alice)).toBeUndefined();
  expect(await noted({}, {})).toBeUndefined();
  // Who follows the line upgrades, and is not told the opposite.
  expect(await noted({}, alice, false)).toBeUndefined();
  expect(await noted({}, { 'ws.dev/user': 'x\n\x1b[2J', 'ws.dev/uid': '$(id)' })).toBeUndefined();
});

test('what stays is named, and how another release takes it', async () => {
  const text = await notes({ home: { type: 'claim', subPath: 'alice' } });
  expect(text).toContain('The home is claim ws-dev-home, folder alice; it stays');
  expect(text).toContain('home.existingClaim=ws-dev-home');
  expect(text).toContain('hostKey.existingSecret=ws-dev-host-key');
  expect(await notes({ home: { type: 'existingClaim', existingClaim: 'shared' } })).toMatch(
    /The home is to be claim shared; .*\n.* give each other workspace on this claim a home\.subPath of its own/,
  );
  expect(await notes({ hostKey: { existingSecret: 'identity' } })).toContain('is to come from Secret identity.');
});

/** The Deployment whose pod has these volumes and variables. */
const mounting = (...named: object[]): Found => {
  const isVariable = (each: object) => 'valueFrom' in each;
  const env = named.filter((each) => isVariable(each));
  const volumes = named.filter((each) => !isVariable(each));
  return {
    kind: 'Deployment',
    metadata: { name: 'ws-dev' },
    spec: { template: { spec: { volumes, containers: [{ name: 'workspace', env }] } } },
  };
};
const fileOf = (key: string) => ({ name: 'file', secret: { secretName: 'people', items: [{ key, path: 'file' }] } });
const IN_CLAIM = { home: { type: 'existingClaim', existingClaim: 'shared' } };
const named: [what: string, values: object, volume: object, clause: string][] = [
  [
    'a host key',
    { hostKey: { existingSecret: 'identity' } },
    { name: 'host-key', secret: { secretName: 'identity' } },
    'hostKey.existingSecret names Secret identity, which is not in namespace team: the pod waits for it',
  ],
  [
    'keys',
    { authorizedKeys: [], existingAuthorizedKeysSecret: 'people' },
    { name: 'authorized-keys', secret: { secretName: 'people' } },
    'existingAuthorizedKeysSecret names Secret people, which is not in namespace team: the pod waits for it',
  ],
  [
    'certificates',
    { extraCaCertificates: { existingConfigMap: 'trusted' } },
    { name: 'certificates', configMap: { name: 'trusted' } },
    'extraCaCertificates.existingConfigMap names ConfigMap trusted, which is not in namespace team: the pod waits for it',
  ],
  [
    'a volume of its own',
    { extraVolumes: [{ name: 'none' }, { name: 'token', secret: { secretName: 'token' } }] },
    { name: 'token', secret: { secretName: 'token' } },
    'extraVolumes[1] names Secret token, which is not in namespace team: the pod waits for it',
  ],
  [
    'a source of a projected volume',
    { extraVolumes: [{ name: 'all', projected: { sources: [{ configMap: { name: 'settings' } }] } }] },
    { name: 'all', projected: { sources: [{ configMap: { name: 'settings' } }] } },
    'extraVolumes[0] names ConfigMap settings, which is not in namespace team: the pod waits for it',
  ],
  [
    'a variable of its own',
    { extraEnv: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'value' } } }] },
    { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'token', key: 'value' } } },
    'extraEnv[0] names Secret token, which is not in namespace team: the pod waits for it',
  ],
];

test.each(named)('an install that names %s that nobody made says so, and an upgrade is refused', async (...row) => {
  const [, values, volume, clause] = row;
  const installed = await renderNotesInCluster(values, [], true);
  expect(installed).toContain(`WARNING: this command did not find all that values name.`);
  expect(installed).toContain(`\n  ${clause}\n`);
  const upgraded = renderNotesInCluster(values, [mounting()]);
  await expect(upgraded).rejects.toThrow(`${clause}; correct the name, or make it first`);
  // The revision before had it already: there is no pod to lose.
  expect(await renderNotesInCluster(values, [mounting(volume)])).toContain(clause);
  // Without the Deployment nothing proves that anybody looked.
  expect(await renderNotesInCluster(values, [])).toContain(clause);
});

test('a claim is asked for only when it is named first', async () => {
  const clause = 'home.existingClaim names claim shared, which is not in namespace team: the pod waits for it';
  expect(await renderNotesInCluster(IN_CLAIM, [], true)).toContain(`\n  ${clause}\n`);
  await expect(renderNotesInCluster(IN_CLAIM, [mounting()])).rejects.toThrow(clause);
  const volume = { name: 'home', persistentVolumeClaim: { claimName: 'shared' } };
  expect(await renderNotesInCluster(IN_CLAIM, [mounting(volume)])).not.toContain('WARNING');
});

test('a Secret without the entry that it is named for is no better', async () => {
  const keys = { authorizedKeys: [], existingAuthorizedKeysSecret: 'people' };
  const clause = 'which has no entry authorized_keys, but bob, keys: nobody can log in';
  const found = secret('people', 'keys', 'bob');
  expect(await renderNotesInCluster(keys, [found], true)).toContain(clause);
  // The same Secret in another volume counts for nothing.
  const elsewhere = mounting({ name: 'host-key', secret: { secretName: 'people' } });
  for (const before of [mounting(), elsewhere])
    await expect(renderNotesInCluster(keys, [found, before])).rejects.toThrow(
      `${clause}; correct the name, or add the entry first`,
    );
  await expect(
    renderNotesInCluster({ hostKey: { existingSecret: 'identity' } }, [secret('identity'), mounting()]),
  ).rejects.toThrow('which has no entry ssh_host_key, but nothing: the server cannot start');
});

test.each([
  [
    'a variable',
    (key: string) => ({ extraEnv: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'people', key } } }] }),
    (key: string) => ({ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'people', key } } }),
  ],
  ['a file of a volume', (key: string) => ({ extraVolumes: [fileOf(key)] }), (key: string) => fileOf(key)],
])('%s may not begin to name an entry that is not in its Secret', async (_, toValues, toNamed) => {
  const found = secret('people', 'bob');
  const clause = 'names Secret people, which has no entry alice, but bob: the pod waits for it';
  const upgraded = renderNotesInCluster(toValues('alice'), [found, mounting(toNamed('bob'))]);
  await expect(upgraded).rejects.toThrow(`${clause}; correct the name, or add the entry first`);
  expect(await renderNotesInCluster(toValues('alice'), [found, mounting(toNamed('alice'))])).toContain(clause);
  expect(await renderNotesInCluster(toValues('bob'), [found, mounting()])).not.toContain('did not find');
});

test('what is there, or optional, is no matter', async () => {
  const values = {
    authorizedKeys: [],
    existingAuthorizedKeysSecret: 'people',
    hostKey: { existingSecret: 'identity' },
    home: { type: 'existingClaim', existingClaim: 'shared' },
    extraVolumes: [{ name: 'maybe', configMap: { name: 'maybe', optional: true } }],
    extraEnv: [{ name: 'MAYBE', valueFrom: { configMapKeyRef: { name: 'maybe', key: 'it', optional: true } } }],
  };
  const shared: Found = { kind: 'PersistentVolumeClaim', metadata: { name: 'shared' } };
  const found = [secret('people', 'authorized_keys'), secret('identity', 'ssh_host_key'), shared];
  for (const isInstall of [true, false]) {
    const text = await renderNotesInCluster(values, [...found, mounting()], isInstall);
    expect(text).not.toContain('WARNING');
    expect(text).toContain('The host key is in Secret identity, which stays as well.');
    expect(text).toContain('The home is claim shared; it stays');
  }
});

test('who has no `ws` is told how to wake a workspace that sleeps by itself', async () => {
  const line = 'kubectl --namespace team scale deployment/ws-dev --replicas=1\n';
  expect(await notes({ home: { type: 'claim' } })).not.toContain(line);
  expect(await notes({ home: { type: 'claim' }, idle: { stopAfter: '2h', actor: true } })).toContain(line);
  const ends = await notes({ home: { type: 'claim' }, idle: { endAfter: '8h' } });
  expect(ends).toContain('8h after its start the workspace stops, whatever works in it. ws up starts it again.\n');
  expect(ends).toContain(line);
  expect(ends).not.toContain('without work');
});

test('another release is told the folder as well, and how to check', async () => {
  const text = await notes({ home: { type: 'claim', subPath: 'alice' } });
  expect(text).toContain('home.existingClaim=ws-dev-home --set home.subPath=alice\n');
  for (const line of ['rollout status deployment/ws-dev', 'logs ws-dev-test'])
    expect(text).toContain(`  kubectl --namespace team ${line}\n`);
});

test('the way in follows the type of the Service', async () => {
  const user = { name: 'alice' };
  const inside = await notes({ user, service: { port: 22 } });
  expect(inside).not.toContain('from outside');
  expect(inside).toContain('ws ssh dev --namespace team');
  for (const type of ['ClusterIP', 'NodePort', 'LoadBalancer']) {
    // Only through the API server the key is sure to be the workspace's.
    const text = await notes({ user, service: { type, port: 22 } });
    expect(text).toContain('kubectl --namespace team port-forward --address 127.0.0.1 service/ws-dev 2222:22\n');
    expect(text).toMatch(/^ {2}ssh-keyscan -p 2222 127\.0\.0\.1 \|.*"ws-dev\.team".* >> ~\/\.ssh\/known_hosts$/m);
    expect(text).toContain('ssh -p 2222 -o HostKeyAlias=ws-dev.team alice@127.0.0.1');
  }
  expect(await notes({ user, service: { type: 'NodePort' } })).toContain(
    'ssh -p NODE-PORT -o HostKeyAlias=ws-dev.team alice@NODE',
  );
  expect(await notes({ user, service: { type: 'LoadBalancer', port: 22 } })).toContain(
    'ssh -p 22 -o HostKeyAlias=ws-dev.team alice@ADDRESS',
  );
});

test('it ends with how to find out why it does not come up, also where no pod could be made', async () => {
  const text = (await notes({})).trimEnd();
  const end = text.slice(text.indexOf('If it does not come up'));
  expect(end).toMatch(/Without a pod, `kubectl get pods` shows nothing, .*\n.* ReplicaSet say who refuses it: a quota/);
  expect(end.split('\n').filter((line) => line.startsWith('  '))).toEqual([
    '  kubectl --namespace team describe deployment,replicaset,pod,pvc --show-events --selector app.kubernetes.io/name=ws-workspace,app.kubernetes.io/instance=ws-dev',
    '  kubectl --namespace team logs deploy/ws-dev',
  ]);
});

test('an amount that is a number is shown with all its digits', async () => {
  const limits = { memory: 2 ** 27, 'ephemeral-storage': 2 ** 31 };
  const text = await notes({ home: { sizeLimit: 2 ** 32 }, resources: { requests: { memory: 2 ** 28 }, limits } });
  expect(text).toContain(
    'of at most 2147483648 (resources.limits.ephemeral-storage, less than home.sizeLimit 4294967296)',
  );
  expect(text).toContain(
    'resources.requests.memory is 268435456, above resources.limits.memory: the pod requests 134217728',
  );
  const shared = render({ sharedMemorySizeLimit: 2 ** 31, resources: { limits: { memory: 2 ** 31 } } });
  await expect(shared).rejects.toThrow('sharedMemorySizeLimit is 2147483648 but resources.limits.memory is 2147483648');
  // `--set` makes another kind of number than a file.
  const set = ['--set', 'sharedMemorySizeLimit=2147483648,resources.limits.memory=2147483648'];
  await expect(
    run('helm', ['template', 'ws-dev', CHART, ...set, '--values', '-'], { authorizedKeys: [PUBLIC_KEY] }),
  ).rejects.toThrow('sharedMemorySizeLimit is 2147483648 but resources.limits.memory is 2147483648');
});

test.each(['--values', '--set'])('so is the size of a home that its claim exceeds, given with %s', async (flag) => {
  const chart = mkdtempSync(path.join(tmpdir(), 'chart-'));
  onTestFinished(() => rmSync(chart, { recursive: true }));
  cpSync(CHART, chart, { recursive: true });
  // No cluster has a claim here, so one is made up.
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '20Gi' } } };
  const claim = JSON.stringify({ metadata: { name: 'old', namespace: 'default' }, spec });
  writeFileSync(
    path.join(chart, 'templates/claim.yaml'),
    `{{- include "ws.home.verify" (list . (${JSON.stringify(claim)} | fromJson)) }}`,
  );
  const home = { type: 'claim', ...(flag === '--set' ? {} : { size: 2 ** 31 }) };
  const set = flag === '--set' ? ['--set', 'home.size=2147483648'] : [];
  await expect(
    run('helm', ['template', 'ws-dev', chart, ...set, '--values', '-'], { authorizedKeys: [PUBLIC_KEY], home }),
  ).rejects.toThrow('home.size is 2147483648 but claim old has 20Gi already');
});

test('a request that is a number and fits is not lowered', async () => {
  const same = { memory: 2 ** 33, 'ephemeral-storage': 10_000_000_000 };
  expect(await notes({ resources: { requests: same, limits: same } })).not.toContain('lowered');
});

test('a memory limit that the server alone may exceed is a visible warning', async () => {
  const withLimit = (memory: number) => notes({ resources: { limits: { memory } } });
  expect(await withLimit(LEAST_MEMORY - 1)).toMatch(
    /WARNING: resources\.limits\.memory is 67108863, and the server alone/,
  );
  expect(await withLimit(LEAST_MEMORY)).not.toContain('the server alone');
  expect(await notes({ resources: { limits: null } })).not.toContain('the server alone');
});

test('a request that is lowered to its limit is a visible warning, with both numbers', async () => {
  expect(await notes({ resources: { requests: { cpu: 4 } } })).toMatch(
    /WARNING: a request is lowered[^\n]*\n {2}resources\.requests\.cpu is 4, above resources\.limits\.cpu: the pod requests 2\n/,
  );
  expect(await notes({ resources: { requests: { cpu: 2, memory: '4Gi' } } })).not.toContain('lowered');
});
