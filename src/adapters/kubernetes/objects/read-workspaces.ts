/**
 * Reads what the cluster knows of workspaces: one parallel round of lists, and events only where something may be
 * wrong.
 */
import type {
  CoreV1Event,
  V1Deployment,
  V1PersistentVolumeClaim,
  V1Pod,
  V1ReplicaSet,
  V1Service,
} from '@kubernetes/client-node';
import { compareTexts } from '../../../workspace/compare-texts.ts';
import { failure, hasCode } from '../../../workspace/errors/errors.ts';
import { describeRefusedRights } from '../../../workspace/errors/foreign/refused-right.ts';
import type { Endpoint } from '../../../workspace/state/endpoint.ts';
import { findWorkspaceName, getReleaseName } from '../../../workspace/state/selectors.ts';
import type { WorkspaceSnapshot } from '../../../workspace/state/snapshot.ts';
import { listAll } from '../api/list-all.ts';
import { byInvolvedObject, bySelector, listRequest, objectRequest, type Resource } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { findStatusCode, unlessForbidden } from '../api/translate.ts';
import { isRefused } from '../changes/replica-sets.ts';
import { findEndpoint, isEnding, isReady } from './pod-template.ts';
import { findNewest, getHomeClaim, toSnapshot, type WorkspaceObjects } from './snapshot.ts';
import { isUninstalling, readUnended } from './unended.ts';

/** Events are kept an hour, and anybody in the namespace can make any number of them. */
const MOST_EVENTS = 1000;

/** More workspaces than this in trouble: one list of the namespace's pod events costs less than one list for each. */
const EVENT_LISTS = 8;

/** Snapshots of one workspace (none or one), or of all workspaces of the namespace. */
export async function readWorkspaces(
  rest: RestClient,
  namespace: string,
  workspace: string | undefined,
  signal: AbortSignal,
): Promise<WorkspaceSnapshot[]> {
  const objects = await readObjects(rest, namespace, workspace, signal);
  const snapshots = await complete(rest, namespace, objects, signal);
  return workspace === undefined ? snapshots : snapshots.filter(({ name }) => name === workspace);
}

/** Snapshots of all workspaces of all namespaces: one list of each kind, whatever the number of namespaces. */
export async function readAllWorkspaces(rest: RestClient, signal: AbortSignal): Promise<WorkspaceSnapshot[]> {
  const all = await readObjects(rest, undefined, undefined, signal);
  const { unended = [] } = all;
  const objects = [...all.deployments, ...all.pods, ...all.claims];
  const found = [
    ...objects.map(({ metadata }) => metadata?.namespace ?? ''),
    ...unended.filter(isUninstalling).map((one) => one.namespace),
  ];
  const of = <T extends { metadata?: { namespace?: string } }>(objects: T[], namespace: string) =>
    objects.filter(({ metadata }) => metadata?.namespace === namespace);
  const byNamespace = await Promise.all(
    [...new Set(found)].map((namespace) => {
      const { deployments, pods, services, claims } = all;
      const objects = {
        deployments: of(deployments, namespace),
        // A ReplicaSet names its Deployment by UID.
        replicaSets: all.replicaSets,
        pods: of(pods, namespace),
        services: of(services, namespace),
        claims: of(claims, namespace),
        events: [],
        unended: unended.filter((one) => one.namespace === namespace),
      };
      return complete(rest, namespace, objects, signal);
    }),
  );
  return byNamespace.flat();
}

/** Where a workspace serves SSH, by its pod alone. */
export async function readEndpoint(
  rest: RestClient,
  namespace: string,
  workspace: string,
  signal: AbortSignal,
): Promise<Endpoint | undefined> {
  const request = listRequest('pods', namespace, bySelector(workspace));
  const { items } = await rest.call<{ items: V1Pod[] }>(request, signal);
  return findEndpoint(workspace, items, namespace);
}

async function readObjects(
  rest: RestClient,
  namespace: string | undefined,
  workspace: string | undefined,
  signal: AbortSignal,
): Promise<WorkspaceObjects> {
  const selection = bySelector(workspace);
  const list = <T>(resource: Resource): Promise<T[]> =>
    listAll<T>(rest, listRequest(resource, namespace, selection), signal);
  const refusals = new Map<Resource, unknown>();
  const need = <T>(resource: Resource): Promise<T[]> =>
    list<T>(resource).catch((error: unknown) => {
      if (!hasCode(error, 'NOT_PERMITTED')) throw error;
      refusals.set(resource, error);
      return [];
    });
  const [deployments, pods, services, claims, unended] = await Promise.all([
    need<V1Deployment>('deployments'),
    need<V1Pod>('pods'),
    need<V1Service>('services'),
    need<V1PersistentVolumeClaim>('persistentvolumeclaims'),
    workspace === undefined ? readUnended(rest, namespace, signal) : undefined,
  ]);
  if (refusals.size > 0) throw toOneRefusal(refusals, namespace);
  // Most have none that is refused, and cost no request more.
  const replicaSets = deployments.some(isRefused)
    ? await unlessForbidden(list<V1ReplicaSet>('replicasets'))
    : undefined;
  const objects = { deployments, replicaSets, pods, services, claims, events: [] };
  if (unended !== undefined) return { ...objects, unended };
  // One that stands costs no request more.
  const stands = deployments.some((object) => !isEnding(object));
  return { ...objects, unended: stands ? [] : await readUnended(rest, namespace, signal) };
}

/** All rights that are missing at once: whoever is given one of them would come back for the next. */
function toOneRefusal(refusals: Map<Resource, unknown>, namespace: string | undefined): unknown {
  const [first, ...others] = NEEDED.filter((resource) => refusals.has(resource));
  const [error] = refusals.values();
  if (first === undefined || others.length === 0) return error;
  const words = describeRefusedRights({ verb: 'list', resources: [first, ...others], namespace });
  return failure('NOT_PERMITTED', { ...words, cause: (error as Error).cause });
}

const NEEDED: Resource[] = ['deployments', 'pods', 'services', 'persistentvolumeclaims'];

/** Adds what carries no label of ours: existing claims, and events. */
async function complete(
  rest: RestClient,
  namespace: string,
  objects: WorkspaceObjects,
  signal: AbortSignal,
): Promise<WorkspaceSnapshot[]> {
  const listEvents = (resource: 'events', query: Record<string, string | undefined>) =>
    listAll<CoreV1Event>(rest, listRequest(resource, namespace, query), signal, {
      pick: (event) => event,
      most: MOST_EVENTS,
    });
  await addForeignClaims(rest, namespace, objects, signal);
  objects.events = await readEvents(objects, listEvents);
  return toSnapshots(objects, namespace);
}

/**
 * One snapshot per workspace name on any of the objects, sorted by name; one per release where several have the name.
 */
export function toSnapshots(objects: WorkspaceObjects, namespace: string): WorkspaceSnapshot[] {
  const all = [...objects.deployments, ...objects.pods, ...objects.claims];
  const names = new Set([
    ...all.map((object) => findWorkspaceName(object.metadata?.labels)),
    ...(objects.unended ?? []).filter(isUninstalling).map(({ workspace }) => workspace),
  ]);
  return [...names]
    .filter((name) => name !== undefined)
    .toSorted()
    .flatMap((name) => toSnapshotsOf(name, objects, namespace));
}

function toSnapshotsOf(name: string, objects: WorkspaceObjects, namespace: string): WorkspaceSnapshot[] {
  const isOwn = ({ metadata }: Labelled) => findWorkspaceName(metadata?.labels) === name;
  const findRelease = ({ metadata }: Labelled) => getReleaseName(metadata?.labels, name);
  const standing = objects.deployments.filter((object) => isOwn(object) && !isEnding(object));
  const releases = [...new Set(standing.map(findRelease))].toSorted(compareTexts);
  if (releases.length < 2) return [toSnapshot(name, objects, namespace)];
  return releases.map((release) => {
    const of = <Kind extends Labelled>(all: Kind[]) => all.filter((one) => !isOwn(one) || findRelease(one) === release);
    const { deployments, pods, services, claims } = objects;
    const part = { deployments: of(deployments), pods: of(pods), services: of(services), claims: of(claims) };
    return {
      ...toSnapshot(name, { ...objects, unended: [], ...part }, namespace),
      otherReleases: releases.filter((other) => other !== release),
    };
  });
}

interface Labelled {
  metadata?: { labels?: Record<string, string> };
}

/** Existing claims that a home uses carry no label of ours. */
async function addForeignClaims(
  rest: RestClient,
  namespace: string,
  objects: WorkspaceObjects,
  signal: AbortSignal,
): Promise<void> {
  const known = new Set(objects.claims.map(({ metadata }) => metadata?.name));
  const wanted = new Set(
    objects.deployments.map(getHomeClaim).filter((name) => name !== undefined && !known.has(name)),
  );
  const found = await Promise.all(
    [...wanted].map((name) =>
      rest.find<V1PersistentVolumeClaim>(
        objectRequest('get', 'persistentvolumeclaims', namespace, name ?? '', undefined),
        signal,
      ),
    ),
  );
  objects.claims.push(...found.filter((claim) => claim !== undefined));
}

/**
 * Objects whose events explain why a workspace is not ready. A ready one costs no request, and neither does a pod that
 * failed before the newest one: its status says all, and a node that rejects them has hundreds made in a minute.
 */
export function findEventSubjects(objects: WorkspaceObjects): { kind: string; name: string }[] {
  const byWorkspace = Map.groupBy(objects.pods, ({ metadata }) => {
    const workspace = findWorkspaceName(metadata?.labels) ?? '';
    return `${workspace} ${getReleaseName(metadata?.labels, workspace)}`;
  });
  const newest = new Set([...byWorkspace.values()].map(findNewest));
  const troubled = objects.pods.filter((pod) => (isEnding(pod) || newest.has(pod)) && isTroubled(pod));
  const unbound = objects.claims.filter(({ status }) => status?.phase !== 'Bound');
  return [
    ...troubled.map(({ metadata }) => ({ kind: 'Pod', name: metadata?.name ?? '' })),
    ...unbound.map(({ metadata }) => ({ kind: 'PersistentVolumeClaim', name: metadata?.name ?? '' })),
  ];
}

function isTroubled(pod: V1Pod): boolean {
  // An event of the pod says when its node is lost.
  if (isEnding(pod)) return true;
  return !isReady(pod) || (pod.status?.containerStatuses ?? []).some(({ restartCount }) => restartCount > 0);
}

async function readEvents(
  objects: WorkspaceObjects,
  list: (resource: 'events', query: Record<string, string | undefined>) => Promise<CoreV1Event[]>,
): Promise<CoreV1Event[]> {
  const subjects = findEventSubjects(objects);
  const queries =
    subjects.length <= EVENT_LISTS
      ? subjects.map(({ kind, name }) => byInvolvedObject(kind, name))
      : [{ fieldSelector: 'involvedObject.kind=Pod' }];
  try {
    return (await Promise.all(queries.map((query) => list('events', query)))).flat();
  } catch (error) {
    // Events explain; a user who may not read them still has a workspace.
    if (findStatusCode(error) === 403) return [];
    throw error;
  }
}
