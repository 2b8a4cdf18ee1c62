/**
 * What tests and demonstrations rely on in a cluster: volumes of two classes, open to a user without root, and a way
 * out.
 */
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isNodeReady, kubectl, makeClusterName, runCluster } from './cluster-command.ts';

const NAME = process.env['WS_TEST_CLUSTER'] ?? 'dev';

describe('the node of a cluster', () => {
  const namespace = makeClusterName('node');
  let startedHere = false;

  beforeAll(async () => {
    startedHere = (await runCluster('status', '--name', NAME)).status !== 0;
    const start = await runCluster('up', '--name', NAME);
    expect(start, start.stderr).toMatchObject({ status: 0 });
    expect(isNodeReady(NAME)).toBe(true);
    kubectl(NAME, ['create', 'namespace', namespace]);
    kubectl(NAME, ['label', 'namespace', namespace, 'pod-security.kubernetes.io/enforce=restricted']);
  });

  afterAll(async () => {
    kubectl(NAME, ['delete', 'namespace', namespace]);
    if (startedHere) await runCluster('down', '--name', NAME);
  });

  /** Runs a shell command in a pod without privilege; returns what it printed. */
  function runPod(name: string, script: string, claim?: string): string {
    kubectl(NAME, ['apply', '-n', namespace, '-f', '-'], JSON.stringify(toPod(name, script, claim)));
    kubectl(NAME, [
      'wait',
      '-n',
      namespace,
      `pod/${name}`,
      '--for=jsonpath={.status.phase}=Succeeded',
      '--timeout=60s',
    ]);
    return kubectl(NAME, ['logs', '-n', namespace, name]);
  }

  it.each([
    ['ws-local', 'Delete'],
    ['ws-retain', 'Retain'],
  ])('binds a claim of class %s, writable without root, policy %s', (storageClass, policy) => {
    const name = `on-${storageClass}`;
    kubectl(NAME, ['apply', '-n', namespace, '-f', '-'], JSON.stringify(toClaim(name, storageClass)));
    expect(runPod(name, 'echo kept > /data/file && cat /data/file', name)).toBe('kept\n');
    const volume = kubectl(NAME, ['get', 'pvc', '-n', namespace, name, '-o', 'jsonpath={.spec.volumeName}']);
    const read = (path: string) => kubectl(NAME, ['get', 'pv', volume, '-o', `jsonpath={${path}}`]);
    expect(read('.status.phase')).toBe('Bound');
    expect(read('.spec.persistentVolumeReclaimPolicy')).toBe(policy);
    if (policy === 'Retain') kubectl(NAME, ['delete', 'pv', volume, '--wait=false']);
  });

  it('has one default class, and another one that lets claims grow', () => {
    const classes = JSON.parse(kubectl(NAME, ['get', 'storageclass', '-o', 'json'])) as {
      items: { metadata: { name: string; annotations?: Record<string, string> }; allowVolumeExpansion?: boolean }[];
    };
    expect(classes.items.map((item) => item.metadata.name)).toEqual(['ws-local', 'ws-retain']);
    expect(
      classes.items
        .filter((item) => item.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true')
        .map((item) => item.metadata.name),
    ).toEqual(['ws-local']);
    expect(classes.items.map((item) => item.allowVolumeExpansion ?? false)).toEqual([false, true]);
  });

  it('lets pods resolve names and reach out', async (context) => {
    const { host, port } = readRegistry();
    const fault = await findConnectFault(host, port);
    if (fault !== undefined) context.skip(`this machine itself does not reach ${host}: ${fault}`);
    expect(runPod('outward', `nc -w 20 ${host} ${port} </dev/null && echo reached`)).toContain('reached');
  });

  it('runs no pod as root in a restricted namespace', () => {
    const pod = toPod('rooted', 'id -u');
    pod.spec.securityContext = { runAsUser: 0 };
    expect(() => kubectl(NAME, ['apply', '-n', namespace, '-f', '-'], JSON.stringify(pod))).toThrow(
      'violates PodSecurity "restricted',
    );
  });
});

/** Where this machine gets its npm packages: the one outside address that every installation has reached. */
function readRegistry(): { host: string; port: number } {
  const url = new URL(
    execFileSync('npm', ['config', 'get', 'registry'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim(),
  );
  return { host: url.hostname, port: Number(url.port || (url.protocol === 'https:' ? 443 : 80)) };
}

function findConnectFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 10_000 });
    const end = (fault?: string) => {
      socket.destroy();
      resolve(fault);
    };
    socket.once('connect', () => end());
    socket.once('timeout', () => end('no answer in 10 s'));
    socket.once('error', (error) => end(error.message));
  });
}

function toClaim(name: string, storageClassName: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '10Mi' } } },
  };
}

function toPod(name: string, script: string, claim?: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      securityContext: { runAsUser: 1000, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } as object,
      containers: [
        {
          name: 'main',
          image: 'localhost/shell:1',
          imagePullPolicy: 'Never',
          args: ['-c', script],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          volumeMounts: claim === undefined ? [] : [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: claim === undefined ? [] : [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
    },
  };
}
