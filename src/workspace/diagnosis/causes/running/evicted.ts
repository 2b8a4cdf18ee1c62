/** The node took the pod back. */
import { advice, kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { PodSnapshot, WorkspaceSnapshot } from '../../../state/snapshot.ts';
import type { Cause } from '../../cause.ts';
import { findStarting } from '../../parts.ts';
import { type Eviction, readEviction } from '../../words/eviction.ts';

interface Kind {
  code: string;
  isOf(eviction: Eviction | undefined): boolean;
  title: string;
  looksLike: string;
  help: string;
  tell(eviction: Eviction | undefined, pod: PodSnapshot): string;
  suggestions: Suggestion[];
}

const onClaim: Suggestion = {
  ...ws`up --storage-class default`,
  workspace: 'NAME',
  note: 'a home on a claim survives this; a new pod is made by itself',
};

const KINDS: Kind[] = [
  {
    code: 'EVICTED_MEMORY',
    isOf: (eviction) => eviction?.kind === 'memory',
    title: 'The node had no memory left and took the pod back',
    looksLike: 'The pod is Evicted: "The node was low on resource: memory".',
    help: 'A new pod is made by itself. A higher `resources.requests.memory` keeps it safer.',
    tell: (_eviction, { node = 'The node' }) =>
      `${node} had no memory left, and took the pod back: it used more than it had asked for`,
    suggestions: [onClaim, advice('A higher resources.requests.memory in a values file makes it the last to go')],
  },
  {
    code: 'EVICTED_DISK',
    isOf: (eviction) => eviction?.kind === 'disk',
    title: "The node's disk was full, and it took the pod back",
    looksLike: 'The pod is Evicted: "The node was low on resource: ephemeral-storage".',
    help: 'A new pod is made by itself, when the node has room. A home on a claim needs no room there.',
    tell: (_eviction, { node = 'The node' }) => `The disk of ${node} was nearly full, and it took the pod back`,
    suggestions: [onClaim],
  },
  {
    code: 'EVICTED_VOLUME',
    isOf: (eviction) =>
      eviction !== undefined && ['volume', 'container-storage', 'pod-storage'].includes(eviction.kind),
    title: 'The pod wrote more than it may, and the node took it back',
    looksLike:
      'The pod is Evicted: "Usage of EmptyDir volume … exceeds the limit" or "exceeded its local ephemeral storage limit".',
    help: 'Put the home on a claim. Or raise `home.sizeLimit`, `temporarySizeLimit` or `resources.limits.ephemeral-storage`.',
    tell: (eviction) => {
      if (eviction?.kind === 'volume')
        return `${VOLUMES[eviction.volume] ?? `Volume ${eviction.volume}`} held more than its ${eviction.limit}, and the node took the pod back`;
      const limit = eviction !== undefined && 'limit' in eviction ? eviction.limit : 'it may';
      return `The pod wrote more than ${limit} to the node's disk, and the node took it back`;
    },
    suggestions: [
      onClaim,
      advice('Or raise home.sizeLimit, temporarySizeLimit or resources.limits.ephemeral-storage in a values file'),
    ],
  },
  {
    code: 'EVICTED',
    isOf: (eviction) => eviction === undefined || eviction.kind === 'pids',
    title: 'The node took the pod back',
    looksLike: 'The pod is Evicted.',
    help: 'A new pod is made by itself; a home on a claim survives.',
    tell: (_eviction, { message = 'it does not say why' }) => message,
    suggestions: [onClaim],
  },
];

/** The chart's volumes that have a limit. */
const VOLUMES: Record<string, string> = {
  home: 'The home',
  tmp: '/tmp',
  'var-tmp': '/var/tmp',
  'shared-memory': '/dev/shm',
};

export const EVICTED: Cause[] = KINDS.map(({ code, isOf, title, looksLike, help, tell, suggestions }) => ({
  ...{ code, title, looksLike, help, group: 'running', waiting: 'helps' },
  find: (scene) => {
    const starting = findStarting(scene);
    // The next one is made at once, and what took the last one back may well take this one.
    const pod = starting?.pod.phase === 'Failed' ? starting.pod : starting?.snapshot.failedPod;
    if (pod?.phase !== 'Failed' || pod.reason !== 'Evicted') return [];
    const eviction = readEviction(pod.message ?? '');
    if (!isOf(eviction)) return [];
    const evidence = pod.message === undefined || code === 'EVICTED' ? [] : [`Node: ${pod.message.trim()}`];
    return [{ reason: 'Evicted', message: tell(eviction, pod), evidence, suggestions, unseen: [] }];
  },
}));

/** It failed otherwise, and its Deployment has not made another one yet. */
export const ENDED: Cause = {
  code: 'POD_ENDED',
  group: 'running',
  title: 'The pod ended, and another one is made',
  looksLike: 'The phase of the pod is Failed.',
  help: 'A new pod is made by itself. If it ends again, `kubectl describe pod` shows why.',
  waiting: 'helps',
  find: (scene) => {
    const { pod, snapshot } = findStarting(scene) ?? {};
    const rejected = snapshot === undefined ? undefined : findRejected(snapshot);
    const ended = rejected ?? pod;
    if (ended?.phase !== 'Failed' || ended.reason === 'Evicted') return [];
    const { name, reason = 'Failed', message = 'the pod ended' } = ended;
    const deployment = snapshot?.deployment?.name;
    const suggestion =
      rejected === undefined || deployment === undefined
        ? kubectl`describe pod ${name}`
        : { ...kubectl`describe deployment ${deployment}`, note: 'shows what its pods ask for' };
    return [{ reason, message, evidence: [], suggestions: [suggestion], unseen: [] }];
  },
};

/**
 * The node took it and then did not want it. The next one is made at once, tens in a second: each is named by what
 * befell the one before it, until one has begun.
 */
function findRejected({ pod, failedPod }: WorkspaceSnapshot): PodSnapshot | undefined {
  const isRejected = (one: PodSnapshot | undefined) => one?.phase === 'Failed' && one.container === undefined;
  if (isRejected(pod)) return pod;
  return pod?.container === undefined && isRejected(failedPod) ? failedPod : undefined;
}
