/** Two causes at once: both must be named, the nearer one first, and no other one. */
import { FakeNode, type NodeOptions } from '../stage/fake-node.ts';
import type { Made } from '../stage/scenario.ts';
import type { DiagnosisStage } from '../stage/stage.ts';

export interface Pair {
  /** The nearer one first. */
  codes: [string, string];
  /** What tells them apart where their code is the same. */
  texts: [string, string];
  make(stage: DiagnosisStage): Promise<Made> | Made;
}

/** One cause of a pair: a part of a quota, of a LimitRange, of the values, or of what the person's machine is like. */
interface Part {
  code: string;
  text?: string;
  hard?: Record<string, string>;
  limit?: Record<string, Record<string, string>>;
  resources?: Record<string, string>;
  values?: Record<string, unknown>;
  environment?: Record<string, string>;
  /** Of its namespace. */
  label?: string;
  node?: Partial<NodeOptions> & { isCordoned?: true };
}

const QUOTA = {
  cpu: { code: 'QUOTA_CPU', hard: { 'limits.cpu': '300m' } },
  memory: { code: 'QUOTA_MEMORY', hard: { 'limits.memory': '500Mi' } },
  disk: { code: 'QUOTA_TEMPORARY', hard: { 'limits.ephemeral-storage': '1Gi' } },
  pods: { code: 'QUOTA_PODS', hard: { pods: '0' } },
};

const HOMES: Part[] = [
  { code: 'QUOTA_CLASS', hard: { 'ws-local.storageclass.storage.k8s.io/requests.storage': '2Gi' } },
  { code: 'QUOTA_CLAIMS', hard: { persistentvolumeclaims: '0' } },
  { code: 'QUOTA_STORAGE', hard: { 'requests.storage': '1Gi' } },
];

const NODES: Part[] = [
  { code: 'NODE_CPU', resources: { cpu: '5000' } },
  { code: 'NODE_MEMORY', resources: { memory: '800Ti' } },
  { code: 'NODE_STORAGE', resources: { 'ephemeral-storage': '700Ti' } },
];

const LIMITS: Part[] = [
  { code: 'LIMIT_RANGE', text: '700m', limit: { max: { cpu: '700m' } } },
  { code: 'LIMIT_RANGE', text: '1Gi', limit: { min: { memory: '1Gi' } } },
  { code: 'LIMIT_RANGE', text: 'at most 3 times', limit: { maxLimitRequestRatio: { memory: '3' } } },
];

/** Whoever refuses a pod before its quota is asked, and that quota. */
const GATES: [Part, Part][] = [
  [{ code: 'LIMIT_RANGE', limit: { max: { cpu: '700m' } } }, QUOTA.memory],
  [{ code: 'LIMIT_RANGE', limit: { min: { memory: '1Gi' } } }, QUOTA.pods],
  [{ code: 'PRIORITY_CLASS_MISSING', values: { priorityClassName: 'nobodys' } }, QUOTA.pods],
  [{ code: 'SERVICE_ACCOUNT_MISSING', values: { serviceAccountName: 'nobodys' } }, QUOTA.cpu],
  [{ code: 'RUNTIME_CLASS_MISSING', values: { runtimeClassName: 'nobodys' } }, QUOTA.memory],
  [
    {
      code: 'POD_SECURITY',
      label: 'pod-security.kubernetes.io/enforce=restricted',
      values: toVolume('node', { hostPath: { path: '/tmp' } }),
    },
    QUOTA.disk,
  ],
];

const MACHINE: Part[] = [
  { code: 'HELM_MISSING', environment: { WS_HELM: '/nowhere/helm' } },
  { code: 'KUBECONFIG_MISSING', environment: { KUBECONFIG: '/nowhere/kubeconfig' } },
  { code: 'AGENT_SILENT', environment: { SSH_AUTH_SOCK: '/nowhere/agent' } },
];

const MOUNTS: [Part, Part][] = [
  [
    { code: 'START_CONFIG', text: 'no-secret', values: toVolume('a', { secret: { secretName: 'no-secret' } }) },
    { code: 'START_CONFIG', text: 'no-map', values: toVolume('b', { configMap: { name: 'no-map' } }) },
  ],
  [
    { code: 'START_CONFIG', text: 'no-secret', values: toVolume('a', { secret: { secretName: 'no-secret' } }) },
    { code: 'VOLUME_MOUNT', text: '/nowhere/b', values: toVolume('b', toFolder('/nowhere/b')) },
  ],
  [
    { code: 'VOLUME_MOUNT', text: '/nowhere/a', values: toVolume('a', toFolder('/nowhere/a')) },
    { code: 'VOLUME_MOUNT', text: '/nowhere/b', values: toVolume('b', toFolder('/nowhere/b')) },
  ],
];

/** Two nodes, and each refuses the pod for a reason of its own. */
const OF_NODES: Part[] = [
  { code: 'NODE_TAINT', node: { taints: [{ key: 'team', value: 'others', effect: 'NoSchedule' }] } },
  { code: 'NODE_CORDONED', node: { isCordoned: true } },
  { code: 'NODE_NOT_READY', node: { ready: false } },
  { code: 'NODE_PODS', node: { pods: 0 } },
];

const SECRET: Part = { code: 'IMAGE_SECRET', text: 'nobodys', values: { imagePullSecrets: [{ name: 'nobodys' }] } };

export function listPairs(registry: () => string): Pair[] {
  // The registry is there only when they are made.
  const image = (code: string, toHost: () => string): Pair => ({
    codes: [code, SECRET.code],
    texts: ['', SECRET.text ?? ''],
    make: (stage) =>
      makeParts(stage, [{ code, values: { image: { repository: `${toHost()}/ws`, tag: '1' } } }, SECRET], []),
  });
  return [
    ...pairsOf(Object.values(QUOTA)).map((parts) => toPair(parts)),
    ...pairsOf(HOMES).map((parts) => toPair(parts, '--storage-class', 'ws-local', '--size', '9Gi')),
    ...pairsOf(LIMITS).map((parts) => toPair(parts)),
    ...GATES.map((parts) => toPair(parts)),
    ...pairsOf(MACHINE).map(toDoctorPair),
    image('IMAGE_TAG', () => `${registry()}/nothing`),
    image('IMAGE_BUSY', () => `${registry()}/busy`),
    image('IMAGE_HOST', () => 'registry.invalid'),
    image('IMAGE_UNREACHABLE', () => '127.0.0.1:1'),
    ...MOUNTS.map((parts) => toPair(parts)),
  ];
}

/** Each would see the nodes of the next one. */
export function listNodePairs(): Pair[] {
  return [...pairsOf(NODES), ...pairsOf(OF_NODES)].map((parts) => toPair(parts));
}

function pairsOf(parts: Part[]): [Part, Part][] {
  return parts.flatMap((one, at) => parts.slice(at + 1).map((other): [Part, Part] => [one, other]));
}

function toFolder(path: string): Record<string, unknown> {
  return { hostPath: { path, type: 'Directory' } };
}

function toVolume(name: string, volume: Record<string, unknown>): Record<string, unknown> {
  return { extraVolumes: [{ name, ...volume }], extraVolumeMounts: [{ name, mountPath: `/mnt/${name}` }] };
}

function toPair([one, other]: [Part, Part], ...more: string[]): Pair {
  return {
    codes: [one.code, other.code],
    texts: [one.text ?? '', other.text ?? ''],
    make: (stage) => makeParts(stage, [one, other], more),
  };
}

/** What a machine lacks, `ws doctor` says at once. */
function toDoctorPair([one, other]: [Part, Part]): Pair {
  const environment = { ...one.environment, ...other.environment };
  const make = () => ({ words: ['doctor'], environment, evidence: [] });
  return { codes: [one.code, other.code], texts: ['', ''], make };
}

async function joinNodes(stage: DiagnosisStage, parts: Part[]): Promise<string[]> {
  const labels = { 'ws.test/made': stage.namespace };
  const tolerations: string[] = [];
  for (const [at, { node }] of parts.entries()) {
    if (node === undefined) continue;
    const joined = await FakeNode.join(stage, { labels, suffix: `-${at}`, ...node });
    if (node.isCordoned === true) await stage.cluster(['cordon', joined.name]);
    tolerations.push(...joined.toleration);
  }
  return tolerations.length === 0 ? [] : ['--node-selector', `ws.test/made=${stage.namespace}`, ...tolerations];
}

async function makeParts(stage: DiagnosisStage, parts: [Part, Part], more: string[]): Promise<Made> {
  const hard = Object.assign({}, ...parts.map((part) => part.hard)) as Record<string, string>;
  const limit = Object.assign({}, ...parts.map((part) => part.limit)) as Record<string, unknown>;
  const amounts = Object.assign({}, ...parts.map((part) => part.resources)) as Record<string, string>;
  for (const { label } of parts)
    if (label !== undefined) await stage.cluster(['label', 'namespace', stage.namespace, label]);
  const ofNodes = await joinNodes(stage, parts);
  if (Object.keys(hard).length > 0)
    await stage.create({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'both' }, spec: { hard } });
  if (Object.keys(limit).length > 0) {
    const limits = [{ type: 'Container', ...limit }];
    await stage.create({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'both' }, spec: { limits } });
  }
  const lists = (key: string) => parts.flatMap(({ values }) => (values?.[key] as unknown[] | undefined) ?? []);
  const values = {
    ...parts[0].values,
    ...parts[1].values,
    extraVolumes: lists('extraVolumes'),
    extraVolumeMounts: lists('extraVolumeMounts'),
    ...(Object.keys(amounts).length === 0 ? {} : { resources: { requests: amounts, limits: amounts } }),
  };
  return { words: stage.upWith(values, ...more, ...ofNodes), evidence: [] };
}
