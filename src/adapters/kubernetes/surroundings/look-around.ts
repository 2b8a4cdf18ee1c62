/** What is around a workspace that does not start. All lists are asked for at once, and each may be missing. */
import type {
  V1LimitRange,
  V1Node,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ResourceQuota,
  V1StorageClass,
} from '@kubernetes/client-node';
import type { Look, NodeSight, Surroundings } from '../../../workspace/diagnosis/scene.ts';
import { interrupted } from '../../../workspace/errors/errors.ts';
import { isNamed } from '../../../workspace/state/cluster-words.ts';
import { listAll } from '../api/list-all.ts';
import { listRequest, NODES_REQUEST, STORAGE_CLASSES_REQUEST, VOLUMES_REQUEST } from '../api/requests.ts';
import type { ApiRequest, RestClient } from '../api/rest.ts';
import { findStatusCode } from '../api/translate.ts';
import { toClaim } from '../objects/snapshot.ts';
import { toStorageClass } from '../objects/storage-class.ts';
import { sumLoads, toPodLoad } from './loads.ts';
import { toLimits, toNodeSight, toPodSight, toQuotaSight, toVolumeSight } from './sights.ts';

/** Nobody waits longer for an explanation. */
const LIMIT_MS = 3000;

/** More pods than this take longer than anybody waits, and half of them would be a wrong sum. */
const MOST_PODS = 5000;
const MOST_OTHERS = 1000;

const RUNNING = { fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed' };

export async function lookAround(
  rest: RestClient,
  namespace: string,
  signal: AbortSignal,
  limitMs: number = LIMIT_MS,
): Promise<Surroundings> {
  const look = openLook(rest, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
  const own = <R>(resource: Parameters<typeof listRequest>[0], pick: (object: never) => R[]) =>
    look(listRequest(resource, namespace, {}), pick);
  const [nodes, loads, quotas, limitRanges, claims, pods, classes, volumes] = await Promise.all([
    look(NODES_REQUEST, (node: V1Node) => [toNodeSight(node)]),
    look(listRequest('pods', undefined, RUNNING), (pod: V1Pod) => [toPodLoad(pod)], MOST_PODS),
    own('resourcequotas', (quota: V1ResourceQuota) => [toQuotaSight(quota)]),
    own('limitranges', (range: V1LimitRange) => toLimits(range)),
    own('persistentvolumeclaims', (claim: V1PersistentVolumeClaim) => [toClaim(claim)]),
    own('pods', (pod: V1Pod) => [toPodSight(pod)]),
    look(STORAGE_CLASSES_REQUEST, (one: V1StorageClass) => [toStorageClass(one)]),
    look(VOLUMES_REQUEST, (volume: V1PersistentVolume) => [toVolumeSight(volume)]),
  ]);
  if (signal.aborted) throw interrupted();
  const sums: Surroundings['loads'] =
    loads.kind !== 'seen'
      ? loads
      : loads.items.length >= MOST_PODS
        ? { kind: 'late' }
        : { kind: 'seen', items: sumLoads(loads.items) };
  return { nodes, loads: sums, quotas, limitRanges, claims, pods, classes, volumes };
}

/** The nodes alone. */
export async function lookAtNodes(
  rest: RestClient,
  signal: AbortSignal,
  limitMs: number = LIMIT_MS,
): Promise<Look<NodeSight>> {
  const look = openLook(rest, AbortSignal.any([signal, AbortSignal.timeout(limitMs)]));
  const nodes = await look(NODES_REQUEST, (node: V1Node) => [toNodeSight(node)]);
  if (signal.aborted) throw interrupted();
  return nodes;
}

function openLook(rest: RestClient, limit: AbortSignal) {
  return <T extends { metadata?: { name?: string } }, R>(
    request: ApiRequest,
    pick: (object: T) => R[],
    most = MOST_OTHERS,
  ) =>
    toLook(
      listAll<T, R[]>(rest, request, limit, { most, pick: (object) => (isNamed(object) ? pick(object) : []) }).then(
        (found) => found.flat(),
      ),
    );
}

/** Whatever else goes wrong, it only explains: there is no answer. */
async function toLook<T>(list: Promise<T[]>): Promise<Look<T>> {
  try {
    return { kind: 'seen', items: await list };
  } catch (error) {
    return { kind: findStatusCode(error) === 403 ? 'refused' : 'late' };
  }
}
