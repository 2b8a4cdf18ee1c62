/**
 * Values that between them take every branch of the chart's templates. Each has to render with helm 3 and 4, to pass
 * the checkers, and to be admitted by a namespace that enforces `restricted`.
 */
export interface Permutation {
  name: string;
  /** Besides `authorizedKeys`. */
  values: Record<string, unknown>;
}

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----';

export const PERMUTATIONS: Permutation[] = [
  { name: 'defaults', values: {} },
  { name: 'another user', values: { user: { name: 'alice', uid: 54321, gid: 54321, shell: '/bin/sh' } } },
  { name: 'UID and GID from the namespace', values: { user: { uid: null, gid: null } } },
  { name: 'a new claim', values: { home: { type: 'claim', size: '1Gi', storageClass: 'ws-retain' } } },
  { name: 'a new claim of the default class', values: { home: { type: 'claim' } } },
  {
    name: 'a new claim without a class, in a folder',
    values: { home: { type: 'claim', storageClass: '', subPath: 'homes/alice' } },
  },
  { name: 'an existing claim', values: { home: { type: 'existingClaim', existingClaim: 'shared' } } },
  {
    name: 'a folder of an existing claim',
    values: { home: { type: 'existingClaim', existingClaim: 'shared', subPath: 'alice' } },
  },
  {
    name: 'a claim and a UID from the namespace',
    values: { user: { uid: null }, home: { type: 'claim', accessModes: ['ReadWriteMany'] } },
  },
  {
    name: 'Secrets that are there',
    values: { authorizedKeys: [], existingAuthorizedKeysSecret: 'keys', hostKey: { existingSecret: 'identity' } },
  },
  {
    name: 'a NodePort',
    values: { service: { type: 'NodePort', nodePort: 30122, externalTrafficPolicy: 'Local' }, ssh: { port: 2022 } },
  },
  {
    name: 'a load balancer',
    values: {
      service: {
        type: 'LoadBalancer',
        port: 22,
        loadBalancerClass: 'example.com/lb',
        loadBalancerSourceRanges: ['10.0.0.0/8'],
        annotations: { 'example.com/scheme': 'internal' },
      },
    },
  },
  {
    name: 'something mounted into the home, and less shared memory',
    values: {
      sharedMemorySizeLimit: '64Mi',
      extraVolumes: [{ name: 'cache', emptyDir: {} }],
      extraVolumeMounts: [{ name: 'cache', mountPath: '/home/developer/.cache' }],
    },
  },
  { name: 'certificates', values: { extraCaCertificates: { pem: CERTIFICATE } } },
  { name: 'certificates that are there', values: { extraCaCertificates: { existingConfigMap: 'company-ca' } } },
  {
    name: 'extras',
    values: {
      extraEnv: [
        { name: 'HTTPS_PROXY', value: 'http://proxy:3128' },
        { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
      ],
      extraVolumes: [{ name: 'cache', emptyDir: { sizeLimit: '1Gi' } }],
      extraVolumeMounts: [{ name: 'cache', mountPath: '/var/cache/build' }],
    },
  },
  {
    name: 'placement',
    values: {
      serviceAccountName: 'workspace',
      imagePullSecrets: [{ name: 'registry' }],
      priorityClassName: 'low',
      runtimeClassName: 'gvisor',
      hostUsers: false,
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'dev', effect: 'NoSchedule' }],
      affinity: {
        nodeAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 1, preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] } },
          ],
        },
      },
    },
  },
  {
    name: 'labels and annotations',
    values: {
      labels: { team: 'core' },
      podLabels: { team: 'edge' },
      annotations: { note: 'a' },
      podAnnotations: { note: 'b' },
    },
  },
  {
    name: 'an image by digest',
    values: {
      image: {
        repository: 'registry.example.com:5000/team/ws',
        tag: 'v2',
        digest: `sha256:${'a'.repeat(64)}`,
        pullPolicy: 'Always',
      },
    },
  },
  {
    name: 'a PodMonitor',
    values: { podMonitor: { enabled: true, interval: '15s', labels: { release: 'prometheus' } } },
  },
  {
    name: 'a GPU, and amounts in other notations',
    values: {
      home: { type: 'claim', size: '.5Gi' },
      sharedMemorySizeLimit: '+1Gi',
      temporarySizeLimit: '1e9',
      resources: { requests: { cpu: '2e-1' }, limits: { memory: 4294967296, 'nvidia.com/gpu': 1 } },
    },
  },
  {
    name: 'sleep when idle',
    values: {
      home: { type: 'claim' },
      idle: { stopAfter: '45m', actor: true, endAfter: '8h' },
      nodeSelector: { 'kubernetes.io/arch': 'amd64' },
      imagePullSecrets: [{ name: 'registry' }],
    },
  },
  {
    name: 'own limits',
    values: {
      resources: {
        requests: { cpu: '50m', memory: '128Mi' },
        limits: { cpu: 4, memory: '8Gi', 'ephemeral-storage': '5Gi' },
      },
      memoryKillPercent: 0,
      sessions: { restore: false },
      ssh: { keepaliveSeconds: 0 },
    },
  },
];
