/** What of the requirements a rendering shows. The rest is seen on a cluster. */

import { expect, test } from 'vitest';
import { ED25519, RSA } from '../authorized/keys.ts';
import { containerOf, environmentOf, kinds, pick, podOf, type Rendered, render, workspaceOf } from './helm.ts';
import { PERMUTATIONS } from './permutations.ts';

const volume = (objects: Rendered[], name: string) =>
  podOf(objects).spec.volumes.find((candidate: { name: string }) => candidate.name === name);
const mounts = (objects: Rendered[], name: string) =>
  containerOf(objects).volumeMounts.filter((mount: { name: string }) => mount.name === name);

test('T1H8-EMPTY: the home is an emptyDir with a limit by default', async () => {
  const objects = await render();
  expect(volume(objects, 'home').emptyDir).toEqual({ sizeLimit: '10Gi' });
  expect(kinds(objects)).not.toContain('PersistentVolumeClaim');
  const larger = await render({ home: { sizeLimit: '40Gi' } });
  expect(volume(larger, 'home').emptyDir.sizeLimit).toBe('40Gi');
});

test('V5Q3-HOME: the home is a claim when values say so', async () => {
  const objects = await render({ home: { type: 'claim', size: '3Gi' } });
  expect(volume(objects, 'home').persistentVolumeClaim.claimName).toBe('ws-dev-home');
  expect(pick(objects, 'PersistentVolumeClaim').spec).toEqual({
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '3Gi' } },
  });
  expect(environmentOf(objects).WS_HOME_KIND).toBe('claim');
});

test('R7P4-STORAGE: the StorageClass comes from values', async () => {
  const classOf = async (storageClass: string | null) =>
    pick(await render({ home: { type: 'claim', storageClass } }), 'PersistentVolumeClaim').spec.storageClassName;
  expect(await classOf('fast')).toBe('fast');
  expect(await classOf('')).toBe('');
  expect(await classOf(null)).toBeUndefined();
});

test('N3M9-PERSIST: the claim is kept at uninstall, and another release takes it by name', async () => {
  const claim = pick(await render({ home: { type: 'claim' } }), 'PersistentVolumeClaim');
  expect(claim.metadata.annotations?.['helm.sh/resource-policy']).toBe('keep');
  const other = await render(
    { home: { type: 'existingClaim', existingClaim: 'ws-dev-home' } },
    { release: 'ws-other' },
  );
  expect(kinds(other)).not.toContain('PersistentVolumeClaim');
  expect(volume(other, 'home').persistentVolumeClaim.claimName).toBe('ws-dev-home');
});

test('C6B2-SUBDIR: a folder of the claim is mounted, and nothing of it twice', async () => {
  const objects = await render({ home: { type: 'existingClaim', existingClaim: 'shared', subPath: 'homes/alice/' } });
  expect(mounts(objects, 'home')).toEqual([{ name: 'home', mountPath: '/home', subPath: 'homes/alice/' }]);
  expect(mounts(await render(), 'home')).toEqual([{ name: 'home', mountPath: '/home' }]);
});

test('J1X6-LIMIT: /dev/shm is memory of the limit, a quarter of it at most unless values say otherwise', async () => {
  const sizeOf = async (values: object) => volume(await render(values), 'shared-memory').emptyDir;
  const limited = (memory: string | number | null) => ({ resources: { limits: { memory } } });
  expect(await sizeOf({})).toEqual({ medium: 'Memory', sizeLimit: '1Gi' });
  expect(await sizeOf(limited('512Mi'))).toEqual({ medium: 'Memory', sizeLimit: String(128 * 2 ** 20) });
  expect(await sizeOf(limited('1.5G'))).toEqual({ medium: 'Memory', sizeLimit: '375000000' });
  expect((await sizeOf(limited('64Gi'))).sizeLimit).toBe('1Gi');
  expect((await sizeOf(limited(null))).sizeLimit).toBe('1Gi');
  expect((await sizeOf({ sharedMemorySizeLimit: '3Gi' })).sizeLimit).toBe('3Gi');
  expect(mounts(await render(), 'shared-memory')).toEqual([{ name: 'shared-memory', mountPath: '/dev/shm' }]);
  // The recipe of before there was a value.
  const brought = await render({
    extraVolumes: [{ name: 'shm', emptyDir: { medium: 'Memory' } }],
    extraVolumeMounts: [{ name: 'shm', mountPath: '/dev/shm' }],
  });
  expect([volume(brought, 'shared-memory'), mounts(brought, 'shared-memory')]).toEqual([undefined, []]);
});

test('Y4F1-USER, Z2S7-UID, A9T3-GID: developer, 1000 and 1000 by default', async () => {
  const objects = await render();
  const { data } = pick(objects, 'ConfigMap', 'ws-dev-users');
  expect(data.passwd).toContain('\ndeveloper:x:1000:1000:developer:/home/developer:/bin/bash\n');
  expect(data.group).toContain('\ndeveloper:x:1000:\n');
  expect(podOf(objects).spec.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 });
});

test('G8W5-USERNAME: the username comes from values', async () => {
  const objects = await render({ user: { name: 'alice', shell: '/bin/sh' } });
  const { data } = pick(objects, 'ConfigMap', 'ws-dev-users');
  expect(data.passwd).toContain('\nalice:x:1000:1000:alice:/home/alice:/bin/sh\n');
  expect(environmentOf(objects)).toMatchObject({ WS_USER: 'alice', WS_HOME: '/home/alice', WS_SHELL: '/bin/sh' });
  expect(podOf(objects).metadata.annotations?.['ws.dev/user']).toBe('alice');
});

test('Z2S7-UID: the UID comes from values, and each number has one name', async () => {
  const objects = await render({ user: { uid: 1234567890 } });
  expect(podOf(objects).spec.securityContext.runAsUser).toBe(1234567890);
  expect(pick(objects, 'ConfigMap').data.passwd).toContain('developer:x:1234567890:1000:');
  const taken = pick(await render({ user: { uid: 33 } }), 'ConfigMap').data.passwd as string;
  expect(taken.split('\n').filter((line) => line.split(':')[2] === '33')).toHaveLength(1);
  expect(taken).not.toContain('www-data');
});

test('A9T3-GID: the GID comes from values, and tty stays group 5', async () => {
  const objects = await render({ user: { gid: 54321 } });
  expect(podOf(objects).spec.securityContext).toMatchObject({ runAsGroup: 54321, fsGroup: 54321 });
  const shared = pick(await render({ user: { gid: 100 } }), 'ConfigMap').data.group as string;
  expect(shared.split('\n').filter((line) => line.split(':')[2] === '100')).toEqual(['developer:x:100:']);
  expect(shared).toContain('tty:x:5:');
});

test('J1X6-LIMIT: CPU, memory and storage requests and limits come from values', async () => {
  const resources = {
    requests: { cpu: '250m', memory: '300Mi', 'ephemeral-storage': '2Gi' },
    limits: { cpu: 3, memory: '5Gi', 'ephemeral-storage': '9Gi' },
  };
  expect(containerOf(await render({ resources })).resources).toEqual(resources);
  expect(Object.keys(containerOf(await render()).resources.limits)).toEqual(['cpu', 'ephemeral-storage', 'memory']);
});

test('B3Q8-PORT: the SSH port is 2222, or what values say', async () => {
  const portOf = (objects: Rendered[]) =>
    containerOf(objects).ports.find((port: { name: string }) => port.name === 'ssh').containerPort;
  expect(portOf(await render())).toBe(2222);
  expect(environmentOf(await render()).WS_SSH_PORT).toBe('2222');
  const other = await render({ ssh: { port: 2022 }, service: { port: 22 } });
  expect(portOf(other)).toBe(2022);
  expect(environmentOf(other).WS_SSH_PORT).toBe('2022');
  expect(pick(other, 'Service').spec.ports[0]).toEqual({ name: 'ssh', port: 22, targetPort: 'ssh' });
});

test('E4L7-CLUSTER, W9F5-SERVICE: one Service, ClusterIP by default', async () => {
  const { spec } = pick(await render(), 'Service');
  expect(spec).toMatchObject({
    type: 'ClusterIP',
    ports: [
      { name: 'ssh', port: 2222 },
      { name: 'metrics', port: 9222 },
    ],
  });
  expect(spec.selector).toEqual({ 'app.kubernetes.io/name': 'ws-workspace', 'app.kubernetes.io/instance': 'ws-dev' });
});

test('N4V9-SVC: the type comes from values, and the metrics do not go outside with SSH', async () => {
  const objects = await render({ service: { type: 'NodePort', nodePort: 30122 } });
  const { spec } = pick(objects, 'Service', 'ws-dev');
  expect(spec).toMatchObject({ type: 'NodePort', ports: [{ name: 'ssh', nodePort: 30122 }] });
  expect(spec.ports).toHaveLength(1);
  expect(pick(objects, 'Service', 'ws-dev-metrics').spec).toMatchObject({ type: 'ClusterIP', ports: [{ port: 9222 }] });
  const balanced = await render({ service: { type: 'LoadBalancer' } });
  expect(pick(balanced, 'Service', 'ws-dev').spec.type).toBe('LoadBalancer');
});

const DEFAULT_KINDS = ['ConfigMap', 'Deployment', 'Secret', 'Secret', 'Service'];
const ALL_KINDS = new Set([
  ...[...DEFAULT_KINDS, 'PersistentVolumeClaim', 'PodMonitor'],
  ...['ServiceAccount', 'Role', 'RoleBinding'],
]);

test('S6R1, U8N4, I2M6, H1C6, B7X5, N4C7-NETPOL: no Ingress and no NetworkPolicy, whatever values say', async () => {
  expect(kinds(await render())).toEqual(DEFAULT_KINDS);
  for (const { values } of PERMUTATIONS) {
    expect(kinds(await render(values)).filter((kind) => !ALL_KINDS.has(kind))).toEqual([]);
  }
});

test('N4C7-NETPOL: nothing restricts forwarding', async () => {
  const names = Object.keys(environmentOf(await render()));
  expect(names.filter((name) => /FORWARD|TUNNEL/.test(name))).toEqual([]);
});

test('Z4T5-NOPROV: no backup of any kind', async () => {
  for (const { values } of PERMUTATIONS) {
    expect(kinds(await render(values)).join()).not.toMatch(/CronJob|Job|VolumeSnapshot|Backup|Schedule/);
  }
});

test('Y3S2-DOWN: the strategy is Recreate', async () => {
  expect(workspaceOf(await render()).spec.strategy).toEqual({ type: 'Recreate' });
});

test('J8R2-DEPLOY: one replica, and no value changes it', async () => {
  for (const { values } of PERMUTATIONS)
    for (const { kind, spec } of await render(values)) if (kind === 'Deployment') expect(spec.replicas).toBe(1);
  for (const values of [{ replicas: 2 }, { replicaCount: 2 }, { autoscaling: { enabled: true } }])
    await expect(render(values)).rejects.toThrow(/additional properties/);
});

test('X2K7-RESTRICT: no container of any kind runs with more than it needs', async () => {
  for (const { values } of PERMUTATIONS) {
    const objects = await render(values);
    for (const spec of [podOf(objects).spec, pick(objects, 'Pod').spec])
      expect(spec.automountServiceAccountToken).toBe(false);
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    for (const spec of [...deployments.map((deployment) => deployment.spec.template.spec), pick(objects, 'Pod').spec]) {
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
        expect(container.securityContext).toMatchObject({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          runAsNonRoot: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  }
});

test('Q1P4-HEALTH: probes over HTTP, never by a process in the pod', async () => {
  const { startupProbe, readinessProbe, livenessProbe } = containerOf(await render());
  // After one, the kubelet asks whether the pod is ready a second later.
  expect(startupProbe).toBeUndefined();
  expect(readinessProbe.periodSeconds).toBe(1);
  expect(readinessProbe.httpGet).toEqual({ path: '/readyz', port: 'metrics' });
  expect(livenessProbe.httpGet).toEqual({ path: '/healthz', port: 'metrics' });
});

test('V4J1-HOSTKEY: a key is made, unless one is given', async () => {
  const keyOf = async (values: object) =>
    pick(await render(values), 'Secret', 'ws-dev-host-key').stringData.ssh_host_key as string;
  const made = await keyOf({});
  expect(made).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(await keyOf({})).not.toBe(made);
  expect(await keyOf({ hostKey: { privateKey: `\n${made}\n\n` } })).toBe(made);
});

test('R8N9-REUSE: the host key is kept at uninstall, and another release takes it by name', async () => {
  const secret = pick(await render(), 'Secret', 'ws-dev-host-key');
  expect(secret.metadata.annotations?.['helm.sh/resource-policy']).toBe('keep');
  const other = await render({ hostKey: { existingSecret: 'ws-dev-host-key' } }, { release: 'ws-other' });
  expect(keysWithin(other, 'ws-other-host-key')).toEqual({});
  expect(volume(other, 'host-key').secret.secretName).toBe('ws-dev-host-key');
});

test('L6H3-KEYAUTH: keys come from values, one a line, or from a Secret that is there', async () => {
  const lines = [ED25519, RSA].map(({ type, blob }, index) => `${type} ${blob} ${index}`);
  const own = await render({ authorizedKeys: lines });
  expect(pick(own, 'Secret', 'ws-dev-authorized-keys').stringData.authorized_keys).toBe(`${lines.join('\n')}\n`);
  const there = await render(
    { existingAuthorizedKeysSecret: 'keys', hostKey: { existingSecret: 'id' } },
    { withKey: false },
  );
  // They stay in the manifest, because a rollback would empty what is in one of two revisions only.
  for (const name of ['ws-dev-authorized-keys', 'ws-dev-host-key']) expect(keysWithin(there, name)).toEqual({});
  // A Secret of such a name is somebody else's.
  const named = {
    existingAuthorizedKeysSecret: 'ws-dev-authorized-keys',
    hostKey: { existingSecret: 'ws-dev-host-key' },
  };
  expect(kinds(await render(named, { withKey: false }))).not.toContain('Secret');
  expect(volume(there, 'authorized-keys').secret.secretName).toBe('keys');
});

/** What a manifest would write into a Secret. */
function keysWithin(objects: Rendered[], name: string): object {
  const { data, stringData } = pick(objects, 'Secret', name);
  return { ...data, ...stringData };
}
