/** Who mounts which claims and Secrets of a namespace, workspaces or not, and the host keys that were kept in it. */
import type {
  V1CronJob,
  V1Deployment,
  V1Pod,
  V1PodSpec,
  V1Secret,
  V1StatefulSet,
  V1Volume,
} from '@kubernetes/client-node';
import { getObjectName, isNamed, parseTime } from '../../../workspace/state/cluster-words.ts';
import { ALL_HOST_KEYS, findHome, findWorkspaceName, isOfWorkspace } from '../../../workspace/state/selectors.ts';
import type { HostKeySecret, VolumeUser } from '../../../workspace/state/snapshot.ts';
import { listAll } from '../api/list-all.ts';
import { listRequest, type Resource } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { findStatusCode } from '../api/translate.ts';

/** An object that makes pods, or a pod. */
interface Mounting {
  kind: string;
  metadata?: V1Pod['metadata'];
  spec: V1PodSpec | undefined;
}

/** Metadata alone: of a Secret's list, nothing secret travels. */
export const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

/**
 * One entry per pod and per object that makes pods, those with no pod at the moment included. A pod does not count
 * again for what its maker names already. Kinds that the user may not list are not looked at; the pods of those that
 * run are.
 */
export async function readVolumeUsers(rest: RestClient, namespace: string, signal: AbortSignal): Promise<VolumeUser[]> {
  const list = <T extends object>(resource: Resource): Promise<T[]> =>
    listAll<T, T>(rest, listRequest(resource, namespace, {}), signal, { pick: toMounts });
  const listIfAllowed = <T extends object>(resource: Resource) =>
    list<T>(resource).catch((error) => emptyIfRefused<T>(error));
  const [pods, deployments, sets, jobs] = await Promise.all([
    list<V1Pod>('pods'),
    list<V1Deployment>('deployments'),
    listIfAllowed<V1StatefulSet>('statefulsets'),
    listIfAllowed<V1CronJob>('cronjobs'),
  ]);
  return toVolumeUsers({ pods, deployments, sets, jobs });
}

/** What matters of an object, so that a namespace of ten thousand pods costs little memory: not its containers. */
function toMounts<T extends object>(object: T): T {
  const { metadata, spec, status } = object as V1Pod & { spec?: Record<string, unknown> };
  const { name, labels, ownerReferences, deletionTimestamp } = metadata ?? {};
  return {
    metadata: { name, labels, ownerReferences, deletionTimestamp },
    spec: withoutContainers(spec),
    status,
  } as unknown as T;
}

function withoutContainers(spec: unknown): unknown {
  if (typeof spec !== 'object' || spec === null || Array.isArray(spec)) return spec;
  const { containers: _, initContainers: __, ...rest } = spec as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => [
      key,
      ['template', 'jobTemplate', 'spec'].includes(key) ? withoutContainers(value) : value,
    ]),
  );
}

/** Pure. A pod that has ended holds nothing. */
export function toVolumeUsers(objects: {
  pods: V1Pod[];
  deployments: V1Deployment[];
  sets: V1StatefulSet[];
  jobs: V1CronJob[];
}): VolumeUser[] {
  const { pods, deployments, sets, jobs } = objects;
  const makers = [
    ...deployments.map((object) => toUser({ kind: 'Deployment', ...object, spec: object.spec?.template.spec })),
    ...sets.map((object) => toUser({ kind: 'StatefulSet', ...object, spec: object.spec?.template?.spec })),
    ...jobs.map((object) =>
      toUser({ kind: 'CronJob', ...object, spec: object.spec?.jobTemplate?.spec?.template.spec }),
    ),
  ];
  const alive = pods.filter(({ status }) => status?.phase !== 'Succeeded' && status?.phase !== 'Failed');
  const others = alive.map((pod) => withoutMakers(pod, toPodUser(pod), makers));
  return [...makers, ...others].filter(({ claims, secrets }) => claims.length + secrets.length > 0);
}

/** The metadata of Secrets with these labels, of one namespace or of all; none where Secrets may not be listed. */
export async function listSecretHeads(
  rest: RestClient,
  namespace: string | undefined,
  labelSelector: string,
  signal: AbortSignal,
): Promise<V1Secret[]> {
  const request = listRequest('secrets', namespace, { labelSelector });
  const answer = listAll<V1Secret>(rest, { ...request, accept: METADATA_ONLY }, signal);
  return answer.catch((error) => emptyIfRefused<V1Secret>(error));
}

/** Host keys with the labels of a workspace, in use or kept. */
export async function readHostKeys(rest: RestClient, namespace: string, signal: AbortSignal): Promise<HostKeySecret[]> {
  const items = await listSecretHeads(rest, namespace, ALL_HOST_KEYS, signal);
  return items.filter(isNamed).flatMap(({ metadata }) => {
    const workspace = findWorkspaceName(metadata?.labels);
    if (workspace === undefined) return [];
    const createdAt = parseTime(metadata?.creationTimestamp);
    return [{ name: getObjectName({ metadata }), workspace, createdAt, home: findHome(metadata?.annotations) }];
  });
}

function toUser({ kind, metadata, spec }: Mounting): VolumeUser {
  const volumes = spec?.volumes ?? [];
  return {
    kind,
    name: getObjectName({ metadata }),
    workspace: isOfWorkspace(metadata?.labels) ? findWorkspaceName(metadata?.labels) : undefined,
    claims: unique(volumes.map((volume) => volume.persistentVolumeClaim?.claimName)),
    secrets: unique(volumes.flatMap(listSecrets)),
  };
}

/** Of a workspace's pod the maker is seen; a Job, say, makes another one, and may not be listed. */
function toPodUser(pod: V1Pod): VolumeUser {
  const user = toUser({ kind: 'Pod', ...pod, spec: pod.spec });
  const { deletionTimestamp, ownerReferences = [] } = pod.metadata ?? {};
  const isSeen = user.workspace !== undefined || ownerReferences.length === 0;
  return deletionTimestamp !== undefined && isSeen ? { ...user, isEnding: true } : user;
}

function listSecrets({ secret, projected }: V1Volume): (string | undefined)[] {
  return [secret?.secretName, ...(projected?.sources ?? []).map((source) => source.secret?.name)];
}

/** A Deployment's pod belongs to its ReplicaSet, a CronJob's to a Job: both begin with the maker's name. */
function withoutMakers({ metadata }: V1Pod, user: VolumeUser, makers: VolumeUser[]): VolumeUser {
  const owners = (metadata?.ownerReferences ?? []).map(({ name }) => name);
  const own = makers.filter(({ name }) => owners.some((owner) => owner === name || owner.startsWith(`${name}-`)));
  return {
    ...user,
    claims: user.claims.filter((claim) => !own.some(({ claims }) => claims.includes(claim))),
    secrets: user.secrets.filter((secret) => !own.some(({ secrets }) => secrets.includes(secret))),
  };
}

function unique(names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** Nothing of what the user may not list, and of a kind that the cluster does not have. */
export function emptyIfRefused<T>(error: unknown): T[] {
  const statusCode = findStatusCode(error);
  if (statusCode === 403 || statusCode === 404) return [];
  throw error;
}
