/** Cuts the API's objects down to a `WorkspaceSnapshot`. Pure. */
import type {
  CoreV1Event,
  V1Deployment,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodTemplateSpec,
  V1ReplicaSet,
  V1Service,
} from '@kubernetes/client-node';
import { HELD_ANNOTATION, HELM_RELEASE_ANNOTATION } from '../../../contract/labels.ts';
import { compareTexts } from '../../../workspace/compare-texts.ts';
import { toPrintable } from '../../../workspace/errors/printable.ts';
import {
  getObjectName,
  isNamed,
  parseIdNumber,
  parseImageName,
  parseMessage,
  parseObjectName,
  parseQuantity,
  parseReason,
  parseSubPath,
  parseTime,
} from '../../../workspace/state/cluster-words.ts';
import {
  findDamage,
  findHomeClaim,
  findOwner,
  findUser,
  findWorkspaceName,
  getReleaseName,
  SECRET_MOUNTS,
  toHomeMounts,
} from '../../../workspace/state/selectors.ts';
import {
  type ClaimSnapshot,
  type DeploymentSnapshot,
  ENDING_CLAIM,
  type EventSnapshot,
  type HomeSnapshot,
  type WorkspaceSnapshot,
} from '../../../workspace/state/snapshot.ts';
import { findPodFailure } from '../changes/replica-sets.ts';
import { findStop } from '../changes/scale.ts';
import { toEndingPod } from './ending-pod.ts';
import { toPod } from './pod-snapshot.ts';
import { findContainer, findSecretAt, findSharedMemory, findWants, isEnding, toSshPorts } from './pod-template.ts';
import { carriesSsh, toService } from './service-snapshot.ts';
import type { Unended } from './unended.ts';

/** What is read of a workspace, or of all of a namespace. Dates are strings here: nothing turns JSON into `Date`s. */
export interface WorkspaceObjects {
  deployments: V1Deployment[];
  /** Read where a pod is refused; undefined also where nobody may list them. */
  replicaSets?: V1ReplicaSet[] | undefined;
  pods: V1Pod[];
  services: V1Service[];
  claims: V1PersistentVolumeClaim[];
  events: CoreV1Event[];
  /** Releases of which a change has begun and not ended. */
  unended?: Unended[];
}

/** The snapshot of one workspace; objects of others are ignored. */
export function toSnapshot(name: string, objects: WorkspaceObjects, namespace: string): WorkspaceSnapshot {
  const own = (object: { metadata?: { name?: string; labels?: Record<string, string> } }) =>
    findWorkspaceName(object.metadata?.labels) === name && isNamed(object);
  const deployment = objects.deployments.find((object) => own(object) && !isEnding(object));
  const pods = objects.pods.filter(own).toSorted(byAge);
  const pod = findNewest(pods);
  const failed = pods.findLast((candidate) => candidate !== pod && candidate.status?.phase === 'Failed');
  const service = objects.services.filter(own).find(carriesSsh);
  const labelled = deployment ?? pod ?? objects.claims.find(own) ?? objects.services.find(own);
  const release = getReleaseName(labelled?.metadata?.labels, name);
  const heard = deployment === undefined || pod === undefined ? pods : [pod];
  const unended = objects.unended?.find((one) => one.release === release)?.status;
  return {
    name,
    namespace,
    release,
    deployment: deployment === undefined ? undefined : toDeployment(deployment, objects.replicaSets),
    pod: pod === undefined ? undefined : toPod(pod),
    ...(failed === undefined || isEnding(failed) ? {} : { failedPod: toPod(failed) }),
    endingPods: pods.filter(isEnding).map(toEndingPod),
    home: toHome(deployment, objects.claims, own),
    service: service === undefined ? undefined : toService(service),
    ...(deployment === undefined && unended === 'uninstalling' ? { isHalfDown: true } : {}),
    ...(unended === undefined || unended === 'uninstalling' ? {} : { unended }),
    events: toEvents(objects.events, collectSubjects(deployment, heard, toOwnClaims(deployment, objects.claims, own))),
  };
}

/** The one of a workspace's pods that is to become ready, or is. */
export function findNewest(pods: V1Pod[]): V1Pod | undefined {
  return pods.toSorted(byAge).findLast((candidate) => !isEnding(candidate));
}

/** What has no time comes first: it is shown least. */
function compareTimes(a: string | undefined, b: string | undefined): number {
  return compareTexts(a ?? '', b ?? '');
}

function byAge(a: V1Pod, b: V1Pod): number {
  return compareTimes(parseTime(a.metadata?.creationTimestamp), parseTime(b.metadata?.creationTimestamp));
}

/** Cuts a Deployment down. Without its ReplicaSets it says itself why it has no pod. */
export function toDeployment(deployment: V1Deployment, sets?: V1ReplicaSet[]): DeploymentSnapshot {
  const template = deployment.spec?.template;
  const container = findContainer(template);
  const annotations = deployment.metadata?.annotations;
  const ofTemplate = template?.metadata?.annotations;
  const damage = findDamage(annotations, ofTemplate) ?? findTemplateDamage(template);
  const sharedMemory = findSharedMemory(template);
  const stop = findStop(deployment);
  return {
    name: getObjectName(deployment),
    createdAt: parseTime(deployment.metadata?.creationTimestamp),
    replicas: deployment.spec?.replicas ?? 1,
    ...(stop === undefined ? {} : { stop }),
    image: parseImageName(container?.image),
    user: damage === undefined ? (findUser(ofTemplate) ?? findUser(annotations)) : undefined,
    ...(damage === undefined ? {} : { damage }),
    uid: parseIdNumber(template?.spec?.securityContext?.runAsUser ?? container?.securityContext?.runAsUser),
    gid: parseIdNumber(template?.spec?.securityContext?.runAsGroup ?? container?.securityContext?.runAsGroup),
    hostKeySecret: findSecretAt(template, SECRET_MOUNTS.hostKey),
    authorizedKeysSecret: findSecretAt(template, SECRET_MOUNTS.authorizedKeys),
    ...(sharedMemory === undefined ? {} : { sharedMemory }),
    ...toSshPorts(template),
    failure: parseMessage(findPodFailure(deployment, sets)),
    ...(annotations?.[HELD_ANNOTATION] === undefined ? {} : { isHeld: true }),
    ...(annotations?.[HELM_RELEASE_ANNOTATION] === undefined ? { isForeign: true } : {}),
    wants: findWants(template),
  };
}

/** What the chart would never have rendered into a pod. The API server lets nearly any text be an image or a folder. */
function findTemplateDamage(template: V1PodTemplateSpec | undefined): string | undefined {
  const container = findContainer(template);
  if (container?.image !== undefined && parseImageName(container.image) === undefined)
    return 'its image has no name of one';
  const folders = (container?.volumeMounts ?? []).map(({ subPath }) => subPath || undefined);
  return folders.some((folder) => folder !== undefined && parseSubPath(folder) === undefined)
    ? 'a folder that it mounts has control characters in its name'
    : undefined;
}

function toHome(
  deployment: V1Deployment | undefined,
  claims: V1PersistentVolumeClaim[],
  own: (claim: V1PersistentVolumeClaim) => boolean,
): HomeSnapshot {
  const name = deployment === undefined ? undefined : getHomeClaim(deployment);
  const left = claims.find((claim) => own(claim) && claim.metadata?.name !== name);
  const kept = left === undefined ? undefined : toClaim(left);
  if (deployment === undefined && kept !== undefined) return { kind: 'claim', claim: kept, subPath: kept.subPath };
  const beside = kept === undefined ? {} : { unused: kept };
  if (name === undefined) return { kind: 'emptyDir', ...beside };
  const claim = claims.find(({ metadata }) => metadata?.name === name);
  if (claim === undefined) return { kind: 'missing-claim', name, ...beside };
  return { kind: 'claim', claim: toClaim(claim), subPath: findSubPath(deployment?.spec?.template, name), ...beside };
}

function toOwnClaims(
  deployment: V1Deployment | undefined,
  claims: V1PersistentVolumeClaim[],
  own: (claim: V1PersistentVolumeClaim) => boolean,
): V1PersistentVolumeClaim[] {
  const home = deployment === undefined ? undefined : getHomeClaim(deployment);
  return claims.filter((claim) => own(claim) || claim.metadata?.name === home);
}

/** The name of the claim that a Deployment mounts as the home; undefined for an emptyDir. */
export function getHomeClaim(deployment: V1Deployment): string | undefined {
  const named = findHomeClaim(deployment.metadata?.annotations);
  if (named !== undefined) return named;
  const mount = findHomeMount(deployment.spec?.template);
  const volume = deployment.spec?.template?.spec?.volumes?.find(({ name }) => name === mount?.name);
  return parseObjectName(volume?.persistentVolumeClaim?.claimName);
}

function findHomeMount(template: V1PodTemplateSpec | undefined) {
  const user = findUser(template?.metadata?.annotations);
  const mounts = findContainer(template)?.volumeMounts ?? [];
  return mounts.find(({ mountPath }) => user !== undefined && toHomeMounts(user).includes(mountPath));
}

function findSubPath(template: V1PodTemplateSpec | undefined, claim: string): string | undefined {
  const volume = template?.spec?.volumes?.find((candidate) => candidate.persistentVolumeClaim?.claimName === claim);
  const mounts = findContainer(template)?.volumeMounts?.filter(({ name }) => name === volume?.name) ?? [];
  return parseSubPath((findHomeMount(template) ?? mounts[0])?.subPath);
}

/** Cuts a claim down. */
export function toClaim(claim: V1PersistentVolumeClaim): ClaimSnapshot {
  const volume = parseObjectName(claim.spec?.volumeName);
  return {
    name: getObjectName(claim),
    // As kubectl shows it: the phase alone stays Bound until the last pod is gone.
    phase:
      claim.metadata?.deletionTimestamp === undefined ? (parseReason(claim.status?.phase) ?? 'Pending') : ENDING_CLAIM,
    requested: parseQuantity(claim.spec?.resources?.requests?.['storage']),
    capacity: parseQuantity(claim.status?.capacity?.['storage']),
    storageClass: parseObjectName(claim.spec?.storageClassName),
    ...(volume === undefined ? {} : { volume }),
    createdAt: parseTime(claim.metadata?.creationTimestamp),
    workspace: findWorkspaceName(claim.metadata?.labels),
    user: findUser(claim.metadata?.annotations),
    ...findOwner(claim.metadata?.annotations),
  };
}

/**
 * Everything whose events belong to the workspace: `Kind/name` to UID. A claim that was deleted and made again has the
 * old one's name, and the old one's troubles are not its own. Nor are those of the pods before the newest.
 */
function collectSubjects(
  deployment: V1Deployment | undefined,
  pods: V1Pod[],
  claims: V1PersistentVolumeClaim[],
): Map<string, string | undefined> {
  const subjects = new Map<string, string | undefined>();
  if (deployment !== undefined) subjects.set(`Deployment/${deployment.metadata?.name}`, deployment.metadata?.uid);
  for (const { metadata } of claims) subjects.set(`PersistentVolumeClaim/${metadata?.name}`, metadata?.uid);
  for (const { metadata } of pods) {
    subjects.set(`Pod/${metadata?.name}`, metadata?.uid);
    for (const { kind, name, uid } of metadata?.ownerReferences ?? []) subjects.set(`${kind}/${name}`, uid);
  }
  return subjects;
}

function toEvents(events: CoreV1Event[], subjects: Map<string, string | undefined>): EventSnapshot[] {
  return events
    .filter(({ involvedObject: { kind, name, uid } }) => {
      const subject = `${kind}/${name}`;
      return subjects.has(subject) && (uid === undefined || uid === (subjects.get(subject) ?? uid));
    })
    .map((event) => ({
      type: event.type === 'Warning' ? ('Warning' as const) : ('Normal' as const),
      reason: parseReason(event.reason),
      message: parseMessage(event.message),
      object: toPrintable(`${event.involvedObject.kind}/${event.involvedObject.name}`, { oneLine: true }),
      ...toEventContainer(event.involvedObject.fieldPath),
      at: parseTime(
        event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata?.creationTimestamp,
      ),
    }))
    .toSorted((a, b) => compareTimes(a.at, b.at));
}

/** The kubelet names a container as `spec.containers{workspace}` (pkg/kubelet/container/ref.go). */
function toEventContainer(fieldPath: string | undefined): { container?: string } {
  const container = /^spec\.containers\{(?<name>[-a-z0-9]+)\}$/.exec(fieldPath ?? '')?.groups?.['name'];
  return container === undefined ? {} : { container };
}
