/** Branches of the templates that no requirement names. */
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { END_MANAGER, IDLE_MANAGER } from '../../src/contract/labels.ts';
import { IDLE_METRIC, TIME_LEFT_METRIC } from '../../src/contract/metrics.ts';
import {
  CHART,
  containerOf,
  environmentOf,
  HELMS,
  kinds,
  PUBLIC_KEY,
  pick,
  podOf,
  type Rendered,
  ROOT,
  render,
  run,
} from './helm.ts';
import { PERMUTATIONS } from './permutations.ts';

const KEYS = [1, 2].map(() =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
);
const valuesOf = (name: string) => {
  const found = PERMUTATIONS.find((permutation) => permutation.name === name);
  if (found === undefined) throw new Error(`no permutation is called ${name}`);
  return found.values;
};
const named = (list: { name: string }[], name: string) =>
  list.find((item) => item.name === name) as Rendered | undefined;

test('without a UID the namespace gives one, and the pod writes passwd for it before it starts', async () => {
  for (const user of [{ uid: null, gid: null }, { uid: null }]) {
    const objects = await render({ user });
    const { spec } = podOf(objects);
    for (const context of [
      spec.securityContext,
      containerOf(objects).securityContext,
      spec.initContainers[0].securityContext,
    ])
      for (const field of ['runAsUser', 'runAsGroup', 'fsGroup']) expect(context).not.toHaveProperty(field);
    expect(spec.initContainers).toHaveLength(1);
    expect(spec.initContainers[0].command.slice(-2)).toEqual(['users', '/run/ws-users']);
    expect(named(spec.volumes, 'users')).toEqual({ name: 'users', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } });
    expect(kinds(objects)).not.toContain('ConfigMap');
    // The test's pod has another amount of everything.
    const [own] = pick(objects, 'Pod').spec.initContainers;
    expect({ ...own, resources: {} }).toEqual({ ...spec.initContainers[0], resources: {} });
  }
  expect(podOf(await render()).spec).not.toHaveProperty('initContainers');
});

test('each container meets a LimitRange that the workspace meets', async () => {
  const objects = await render({
    user: { uid: null },
    extraVolumes: [{ name: 'cache', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'cache', mountPath: '/home/developer/.cache' }],
    resources: { requests: { cpu: '300m', memory: '500Mi' }, limits: { cpu: '400m', 'ephemeral-storage': '1Gi' } },
  });
  const { initContainers } = podOf(objects).spec;
  const { spec } = pick(objects, 'Pod');
  expect(initContainers.map(({ resources }: Rendered) => resources)).toEqual(
    Array.from({ length: 2 }, () => containerOf(objects).resources),
  );
  const amounts = { memory: '500Mi', 'ephemeral-storage': '1Gi' };
  for (const { resources } of [...spec.initContainers, ...spec.containers])
    expect(resources).toEqual({ requests: { ...amounts, cpu: '300m' }, limits: { ...amounts, cpu: '400m' } });
  const small = { requests: { cpu: '10m', memory: '16Mi', 'ephemeral-storage': '1Mi' }, limits: { cpu: '60m' } };
  const least = { cpu: '50m', memory: '64Mi', 'ephemeral-storage': '16Mi' };
  const asleep = { home: { type: 'claim' }, idle: { stopAfter: '2h', actor: true } };
  const both = await render({ resources: small, ...asleep });
  for (const one of [pick(both, 'Pod'), pick(both, 'Deployment', 'ws-dev-idle').spec.template])
    expect(one.spec.containers[0].resources).toEqual({
      requests: least,
      limits: { cpu: '60m', memory: '128Mi', 'ephemeral-storage': '16Mi' },
    });
  const guide = readFileSync(path.join(ROOT, 'docs/operators.md'), 'utf8').replaceAll(/\s+/g, ' ');
  expect(guide).toContain(
    `at least ${least.cpu} of CPU, ${least.memory} of memory and ${least['ephemeral-storage']} of ephemeral storage`,
  );
  const comment = readFileSync(path.join(CHART, 'values.yaml'), 'utf8').replaceAll(/\s+(?:# )?/g, ' ');
  expect(comment).toContain(`at least ${least.cpu} of CPU and ${least.memory} of memory`);
});

test("what is mounted into the home finds a home that is its user's", async () => {
  const mount = (mountPath: string) => ({
    extraVolumes: [{ name: 'cache', emptyDir: {} }],
    extraVolumeMounts: [{ name: 'cache', mountPath }],
  });
  const { spec } = podOf(await render(mount('/home/developer/.cache')));
  expect(spec.initContainers).toHaveLength(1);
  expect(spec.initContainers[0].command.at(-1)).toBe('home');
  expect(spec.initContainers[0].securityContext).toEqual(spec.containers[0].securityContext);
  expect(spec.initContainers[0].volumeMounts).toEqual([{ name: 'home', mountPath: '/home' }]);
  const both = podOf(await render({ ...mount('/home/developer/.cache'), user: { uid: null } })).spec.initContainers;
  expect(both.map(({ name }: Rendered) => name)).toEqual(['users', 'home']);
  expect(podOf(await render(mount('/cache'))).spec).not.toHaveProperty('initContainers');
});

test('a changed user, host key or certificate restarts the pod; a changed authorized key does not', async () => {
  const template = async (values: object) => podOf(await render({ hostKey: { privateKey: KEYS[0] }, ...values }));
  const base = await template({});
  expect(await template({})).toEqual(base);
  expect(
    await template({
      authorizedKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKR8Xo0cUCOPs4Tr3oSEVB0bqIUNRzvUYTkLcYmYdLhx b'],
    }),
  ).toEqual(base);
  expect(await template({ user: { gid: 2000 } })).not.toEqual(base);
  expect((await template({ hostKey: { privateKey: KEYS[1] } })).metadata).not.toEqual(base.metadata);
  const pem = (body: string) => ({
    extraCaCertificates: { pem: `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----` },
  });
  expect((await template(pem('MAMCAQU='))).metadata).not.toEqual((await template(pem('MAMCAQY='))).metadata);
});

test('a host key that each rendering makes anew does not restart the pod', async () => {
  expect(podOf(await render())).toEqual(podOf(await render()));
});

test('without a cluster the rendering says that it made the host key, and what to do', async () => {
  for (const helm of HELMS) {
    const text = await run(helm, ['template', 'ws-dev', CHART, '--kube-version', '1.37.2', '--values', '-'], {
      authorizedKeys: [PUBLIC_KEY],
    });
    expect(text).toContain('# MADE BY THIS RENDERING');
    expect(text).toContain('set hostKey.existingSecret');
  }
});

describe('sleep when idle', () => {
  const on = { home: { type: 'claim' }, idle: { stopAfter: '45m', actor: true } };

  test('is off by default, and then nothing of it is there', async () => {
    const objects = await render({ home: { type: 'claim' } });
    expect(kinds(objects).filter((kind) => /Role|Account/.test(kind))).toEqual([]);
    expect(objects.filter(({ kind }) => kind === 'Deployment')).toHaveLength(1);
    expect(environmentOf(objects)).not.toHaveProperty('WS_IDLE_STOP_SECONDS');
  });

  test('is a second pod whose account may scale this one Deployment, and nothing else', async () => {
    const objects = await render(on);
    expect(environmentOf(objects).WS_IDLE_STOP_SECONDS).toBe('2700');
    expect(pick(objects, 'Role').rules).toEqual([
      { apiGroups: ['apps'], resources: ['deployments/scale'], resourceNames: ['ws-dev'], verbs: ['patch'] },
    ]);
    expect(pick(objects, 'RoleBinding')).toMatchObject({
      roleRef: { kind: 'Role', name: 'ws-dev-idle' },
      subjects: [{ kind: 'ServiceAccount', name: 'ws-dev-idle' }],
    });
    expect(pick(objects, 'ServiceAccount').automountServiceAccountToken).toBe(false);
    const { template, selector } = pick(objects, 'Deployment', 'ws-dev-idle').spec;
    expect(template.spec).toMatchObject({
      serviceAccountName: 'ws-dev-idle',
      automountServiceAccountToken: true,
    });
    // The Service leads to the workspace alone, and each Deployment has its own pods.
    const service = pick(objects, 'Service').spec.selector;
    expect(template.metadata.labels).toMatchObject(selector.matchLabels);
    expect(template.metadata.labels).not.toMatchObject(service);
    expect(template.metadata.labels).not.toHaveProperty(['ws.dev/workspace']);
    expect(podOf(objects).spec).toMatchObject({ automountServiceAccountToken: false });
    const script: string = template.spec.containers[0].args[0];
    expect(script).toContain('fieldManager=$1&force=true"');
    expect(script).toContain(`stop ${IDLE_MANAGER} `);
    expect(script).toContain(`seconds ${IDLE_METRIC})`);
    expect(script).toContain(' -ge 2700 ]');
    expect(script).not.toContain(END_MANAGER);
  });

  test.each([
    ['60s', '60'],
    ['2h', '7200'],
    ['999999h', '3599996400'],
  ])('%s is so many seconds', async (stopAfter, seconds) => {
    const objects = await render({ ...on, idle: { stopAfter, actor: true } });
    expect(environmentOf(objects).WS_IDLE_STOP_SECONDS).toBe(seconds);
  });

  test('the end of a time is the same pod, by its own name, and needs no idle.actor', async () => {
    const objects = await render({ home: { type: 'claim' }, idle: { endAfter: '8h' } });
    expect(environmentOf(objects).WS_END_AFTER_SECONDS).toBe('28800');
    expect(environmentOf(objects)).not.toHaveProperty('WS_IDLE_STOP_SECONDS');
    expect(pick(objects, 'Role').rules).toHaveLength(1);
    const script: string = pick(objects, 'Deployment', 'ws-dev-idle').spec.template.spec.containers[0].args[0];
    expect(script).toContain(`stop ${END_MANAGER} `);
    expect(script).toContain(`seconds ${TIME_LEFT_METRIC})`);
    expect(script).not.toContain(IDLE_MANAGER);
    const both = await render({ ...on, idle: { ...on.idle, endAfter: '8h' } });
    const { args } = pick(both, 'Deployment', 'ws-dev-idle').spec.template.spec.containers[0];
    for (const manager of [IDLE_MANAGER, END_MANAGER]) expect(args[0]).toContain(`stop ${manager} `);
  });

  test('reads the metrics where they are not outside', async () => {
    const objects = await render({ ...on, service: { type: 'NodePort', metricsPort: 9300 } });
    const { args } = pick(objects, 'Deployment', 'ws-dev-idle').spec.template.spec.containers[0];
    expect(args[0]).toContain('address ws-dev-metrics)"):9300/metrics');
  });
});

describe('extras', () => {
  test('session variables reach the container and are named to the server', async () => {
    const objects = await render(valuesOf('extras'));
    expect(environmentOf(objects)).toMatchObject({
      WS_SESSION_ENVIRONMENT: 'HTTPS_PROXY,NODE',
      HTTPS_PROXY: 'http://proxy:3128',
    });
    expect(named(containerOf(objects).env, 'NODE')?.valueFrom).toEqual({
      fieldRef: { fieldPath: 'spec.nodeName' },
    });
    expect(environmentOf(await render())).not.toHaveProperty('WS_SESSION_ENVIRONMENT');
  });

  test('volumes and their mounts', async () => {
    const objects = await render(valuesOf('extras'));
    expect(named(podOf(objects).spec.volumes, 'cache')).toEqual({ name: 'cache', emptyDir: { sizeLimit: '1Gi' } });
    expect(named(containerOf(objects).volumeMounts, 'cache')?.mountPath).toBe('/var/cache/build');
  });

  test('certificates from values or a ConfigMap that is there, or none', async () => {
    const own = await render(valuesOf('certificates'));
    expect(pick(own, 'ConfigMap', 'ws-dev-certificates').data['extra.pem']).toContain('BEGIN CERTIFICATE');
    expect(environmentOf(own).WS_EXTRA_CA_DIRECTORY).toBe('/run/secrets/ws/certificates');
    const there = await render(valuesOf('certificates that are there'));
    expect(named(podOf(there).spec.volumes, 'certificates')?.configMap).toEqual({ name: 'company-ca' });
    expect(kinds(there).filter((kind) => kind === 'ConfigMap')).toHaveLength(1);
    expect(environmentOf(await render())).not.toHaveProperty('WS_EXTRA_CA_DIRECTORY');
  });
});

test('placement holds for the workspace and for the pod of helm test', async () => {
  const objects = await render(valuesOf('placement'));
  const expected = valuesOf('placement');
  for (const spec of [podOf(objects).spec, pick(objects, 'Pod').spec]) expect(spec).toMatchObject(expected);
  const plain = podOf(await render()).spec;
  expect(plain.serviceAccountName).toBe('default');
  const { serviceAccountName: _named, ...rest } = expected;
  for (const field of Object.keys(rest)) expect(plain).not.toHaveProperty(field);
});

test('the pod gives nothing of the cluster away: no token, no Service variables', async () => {
  const { spec } = podOf(await render());
  expect(spec.automountServiceAccountToken).toBe(false);
  expect(spec.enableServiceLinks).toBe(false);
});

test('labels go to every object, podLabels win on the pod', async () => {
  const objects = await render(valuesOf('labels and annotations'));
  for (const { metadata } of objects) expect(metadata.labels.team).toBe('core');
  expect(podOf(objects).metadata.labels.team).toBe('edge');
  expect(pick(objects, 'Deployment').metadata.annotations?.note).toBe('a');
  expect(podOf(objects).metadata.annotations?.note).toBe('b');
});

test("every object carries the labels by which it is found and an operator's policy selects", async () => {
  for (const { metadata } of (await render({ home: { type: 'claim' } }, { release: 'ws-alice' })).filter(
    ({ kind }) => kind !== 'Pod',
  ))
    expect(metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'ws-workspace',
      'app.kubernetes.io/instance': 'ws-alice',
      'ws.dev/workspace': 'alice',
    });
  const other = await render({ workspace: 'blue' }, { release: 'ws-alice' });
  expect(podOf(other).metadata.labels['ws.dev/workspace']).toBe('blue');
});

test('the image by tag, by digest, or by the version of the chart', async () => {
  expect(containerOf(await render()).image).toMatch(/^ws-workspace:\d+\.\d+\.\d+$/);
  expect(containerOf(await render({ image: { tag: 'v2' } })).image).toBe('ws-workspace:v2');
  const objects = await render(valuesOf('an image by digest'));
  expect(containerOf(objects).image).toBe(`registry.example.com:5000/team/ws:v2@sha256:${'a'.repeat(64)}`);
  expect(containerOf(objects).imagePullPolicy).toBe('Always');
  expect(pick(objects, 'Pod').spec.containers[0].image).toBe(containerOf(objects).image);
});

test('a load balancer gets its class, ranges and annotations', async () => {
  const service = pick(await render(valuesOf('a load balancer')), 'Service', 'ws-dev');
  expect(service.spec).toMatchObject({ loadBalancerClass: 'example.com/lb', loadBalancerSourceRanges: ['10.0.0.0/8'] });
  expect(service.metadata.annotations).toEqual({ 'example.com/scheme': 'internal' });
  expect(pick(await render(valuesOf('a NodePort')), 'Service', 'ws-dev').spec.externalTrafficPolicy).toBe('Local');
});

test('a PodMonitor only when asked for', async () => {
  const { spec, metadata } = pick(await render(valuesOf('a PodMonitor')), 'PodMonitor');
  expect(metadata.labels.release).toBe('prometheus');
  expect(spec.podMetricsEndpoints).toEqual([{ port: 'metrics', interval: '15s' }]);
  expect(kinds(await render())).not.toContain('PodMonitor');
});

test('a claim remembers the class it was given, so that a later rendering can repeat it', async () => {
  const annotationsOf = async (storageClass: string | null) =>
    pick(await render({ home: { type: 'claim', storageClass } }), 'PersistentVolumeClaim').metadata.annotations;
  expect(await annotationsOf('fast')).toHaveProperty(['ws.dev/storage-class'], 'fast');
  expect(await annotationsOf(null)).not.toHaveProperty(['ws.dev/storage-class']);
});

test('the server hears whether sessions come back', async () => {
  expect(environmentOf(await render({}))).toMatchObject({ WS_RESTORE_SESSIONS: 'true' });
  expect(environmentOf(await render({ sessions: { restore: false } }))).toMatchObject({ WS_RESTORE_SESSIONS: 'false' });
});

test('numbers of the server arrive whole', async () => {
  const environment = environmentOf(
    await render({
      ssh: { maxConnections: 100000, maxUnauthenticated: 100000, keepaliveSeconds: 0 },
      terminationGracePeriodSeconds: 86400,
    }),
  );
  expect(environment).toMatchObject({
    WS_MAX_CONNECTIONS: '100000',
    WS_MAX_UNAUTHENTICATED: '100000',
    WS_KEEPALIVE_SECONDS: '0',
    WS_GRACE_PERIOD_SECONDS: '86400',
    WS_MEMORY_KILL_PERCENT: '92',
  });
});
