/**
 * Failures that the engine was not built for, from the Kubernetes documentation: it says that it does not know them,
 * and shows what a maintainer would ask for. Each is a change of the Deployment that somebody made by hand.
 */
import type { DiagnosisStage } from '../stage/stage.ts';

export interface Foreign {
  how: string;
  /** What has to be there before. */
  before?(stage: DiagnosisStage): Promise<void>;
  /** Of the pod's template, as a strategic merge patch. */
  pod: Record<string, unknown>;
  /** Words of Kubernetes that must be shown. */
  words: RegExp;
  /** Causes that say the same in general words. */
  general?: string[];
  /** Lets people in nevertheless, so that only `ws status` says what is wrong: asked once the pod is like this. */
  until?: RegExp;
}

const workspace = (fields: Record<string, unknown>) => ({ containers: [{ name: 'workspace', ...fields }] });
const mounted = (volume: Record<string, unknown>) => ({
  volumes: [{ name: 'odd', ...volume }],
  ...workspace({ volumeMounts: [{ name: 'odd', mountPath: '/mnt/odd' }] }),
});
const beside = (fields: Record<string, unknown>) => ({
  name: 'beside',
  image: 'localhost/shell:1',
  imagePullPolicy: 'Never',
  ...fields,
});

export const FOREIGN: Foreign[] = [
  {
    how: 'an init container fails',
    pod: { initContainers: [beside({ command: ['/bin/sh', '-c', 'exit 7'] })] },
    words: /exit code 7|beside|Init/,
  },
  {
    how: 'an init container never ends',
    pod: {
      initContainers: [
        beside({ command: ['/bin/sh', '-c', 'while :; do :; done'], resources: { limits: { cpu: '10m' } } }),
      ],
    },
    words: /beside/,
  },
  {
    how: 'a container beside it crashes',
    pod: { containers: [beside({ command: ['/bin/sh', '-c', 'exit 9'] })] },
    words: /beside.*CrashLoopBackOff/,
    until: /CrashLoopBackOff/,
  },
  {
    how: 'a readiness gate that nobody opens',
    pod: { readinessGates: [{ conditionType: 'example.com/load-balancer' }] },
    words: /example\.com\/load-balancer/,
  },
  {
    how: 'a scheduling gate that nobody opens',
    pod: { schedulingGates: [{ name: 'example.com/approval' }] },
    words: /example\.com\/approval/,
  },
  {
    how: 'a scheduler that nobody runs',
    pod: { schedulerName: 'nobodys-scheduler' },
    words: /nobodys-scheduler/,
  },
  { how: 'a node by name that is not there', pod: { nodeName: 'no-such-node' }, words: /no-such-node/ },
  {
    how: 'a device that no node has',
    pod: workspace({ resources: { requests: { 'example.com/gpu': '1' }, limits: { 'example.com/gpu': '1' } } }),
    words: /example\.com\/gpu/,
  },
  {
    how: 'a post-start hook that fails',
    pod: workspace({ lifecycle: { postStart: { exec: { command: ['/bin/false'] } } } }),
    words: /PostStart/i,
    general: ['START_CRASH'],
  },
  {
    how: 'a seccomp profile that the node lacks',
    pod: workspace({ securityContext: { seccompProfile: { type: 'Localhost', localhostProfile: 'none.json' } } }),
    words: /seccomp/i,
    general: ['START_CONTAINER'],
  },
  {
    how: 'a sysctl that the node forbids',
    pod: { securityContext: { sysctls: [{ name: 'net.core.somaxconn', value: '1' }] } },
    words: /forbidden sysctl/,
    general: ['POD_ENDED'],
  },
  {
    how: 'a spread over zones that no node names',
    pod: {
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'example.com/zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { a: 'b' } },
        },
      ],
    },
    words: /topology spread/i,
  },
  {
    how: 'a port of the node that is taken',
    before: takePort,
    pod: workspace({ ports: [{ name: 'ssh', containerPort: 2222, hostPort: 28_999 }] }),
    words: /free ports|host ?port/i,
  },
  {
    how: 'a storage driver that the node lacks',
    pod: mounted({ csi: { driver: 'odd.example.com' } }),
    words: /odd\.example\.com/,
    general: ['VOLUME_MOUNT'],
  },
  {
    how: 'a key that the ConfigMap lacks',
    before: (stage) => make(stage, ['configmap', 'some', '--from-literal=a=b']),
    pod: mounted({ configMap: { name: 'some', items: [{ key: 'missing', path: 'x' }] } }),
    words: /missing/,
    general: ['VOLUME_MOUNT'],
  },
  {
    how: 'a server for files that does not answer',
    pod: mounted({ nfs: { server: '127.0.0.1', path: '/none' } }),
    words: /mount/i,
    general: ['VOLUME_MOUNT'],
  },
  {
    how: 'a resource claim that nobody made',
    pod: { resourceClaims: [{ name: 'gpu', resourceClaimName: 'nobodys-claim' }] },
    words: /nobodys-claim/,
  },
  {
    how: 'a folder of its own that is a file',
    pod: workspace({ workingDir: '/etc/passwd' }),
    words: /passwd|not a directory|mkdir/i,
    general: ['START_CONTAINER'],
  },
  {
    how: 'a probe of a port that nobody serves',
    pod: workspace({ readinessProbe: { httpGet: { path: '/', port: 9 }, failureThreshold: 1 } }),
    words: /probe|Unhealthy/i,
    general: ['SERVER_SILENT', 'PROBE_FAILED', 'SERVER_NOT_READY'],
  },
  {
    how: 'a startup probe that fails',
    pod: workspace({ startupProbe: { exec: { command: ['/bin/false'] }, periodSeconds: 1, failureThreshold: 2 } }),
    words: /[Ss]tartup probe|Unhealthy/,
    general: ['PROBE_FAILED', 'SERVER_NOT_READY'],
  },
];

async function make(stage: DiagnosisStage, words: string[]): Promise<void> {
  await stage.kubectl(['create', ...words]);
}

/** A pod of somebody else's that has the port of the node. */
async function takePort(stage: DiagnosisStage): Promise<void> {
  const container = beside({
    command: ['/bin/sh', '-c', 'read x'],
    stdin: true,
    ports: [{ containerPort: 80, hostPort: 28_999 }],
  });
  await stage.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'holder' },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  });
  await stage.kubectl(['wait', 'pod/holder', '--for=condition=PodScheduled', '--timeout=30s']);
}
