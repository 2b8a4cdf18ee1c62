/** Reads a snapshot like an experienced operator: what the workspace is doing now, and what is wrong if something is. */

import { aboutWorkspace, kubectl, type Suggestion, ws } from '../errors/suggestion.ts';
import type { Fact } from '../state/events.ts';
import { WORKSPACE_CONTAINER } from '../state/selectors.ts';
import type { EventSnapshot, PodSnapshot, WorkspaceSnapshot } from '../state/snapshot.ts';
import { findEndingTrouble } from './ending-pod.ts';
import { findRefusalAdvice } from './refusal.ts';
import type { Trouble } from './trouble.ts';

/** One word for the state of a workspace, for lists. */
export type WorkspaceState = 'ready' | 'starting' | 'failing' | 'stopped' | 'ending' | 'kept-home' | 'damaged';

export interface Diagnosis {
  state: WorkspaceState;
  fact: Fact;
  trouble: Trouble | undefined;
}

export function diagnose(snapshot: WorkspaceSnapshot): Diagnosis {
  const { deployment, pod } = snapshot;
  if (deployment === undefined) {
    const ending = snapshot.endingPods[0];
    if (ending !== undefined)
      return { state: 'ending', fact: { kind: 'terminating', pod: ending.name }, trouble: findEndingTrouble(snapshot) };
    return { state: 'kept-home', fact: { kind: 'absent', workspace: snapshot.name }, trouble: undefined };
  }
  if (deployment.damage !== undefined) return diagnoseDamage(deployment.name, deployment.damage);
  if (deployment.replicas === 0) {
    return { state: 'stopped', fact: { kind: 'absent', workspace: snapshot.name }, trouble: undefined };
  }
  if (pod === undefined) return diagnoseWithoutPod(snapshot, deployment.failure);
  if (pod.ready)
    return { state: 'ready', fact: { kind: 'pod-ready', pod: pod.name, node: pod.node }, trouble: undefined };
  const trouble = nameWorkspace(findPodTrouble(snapshot, pod), snapshot.name);
  return { state: trouble === undefined ? 'starting' : 'failing', fact: toPodFact(snapshot, pod), trouble };
}

/** Somebody changed what the chart wrote, or it is no workspace at all and only has the labels of one. */
function diagnoseDamage(deployment: string, damage: string): Diagnosis {
  const message = `Deployment ${deployment} is not as the chart makes one: ${damage}`;
  const suggestion = { ...kubectl`describe deployment ${deployment}`, note: 'shows what it says, and who made it' };
  const trouble: Trouble = { reason: 'Damaged', message, suggestion, nature: 'lasting' };
  return { state: 'damaged', fact: { kind: 'trouble', reason: trouble.reason, message }, trouble };
}

function diagnoseWithoutPod(snapshot: WorkspaceSnapshot, failure: string | undefined): Diagnosis {
  const ending = snapshot.endingPods[0];
  const fact: Fact = ending === undefined ? { kind: 'pod-awaited' } : { kind: 'terminating', pod: ending.name };
  if (failure === undefined)
    return { state: ending === undefined ? 'starting' : 'ending', fact, trouble: findEndingTrouble(snapshot) };
  return { state: 'failing', fact, trouble: nameWorkspace(toCreationTrouble(failure), snapshot.name) };
}

/** What is suggested is about this workspace. */
function nameWorkspace(trouble: Trouble | undefined, name: string): Trouble | undefined {
  if (trouble?.suggestion === undefined) return trouble;
  return { ...trouble, suggestion: aboutWorkspace(trouble.suggestion, name) };
}

/** The ReplicaFailure condition quotes the API server's refusal. */
function toCreationTrouble(message: string): Trouble {
  const whole = { ...kubectl`describe replicaset`, note: 'shows the whole refusal' };
  return { reason: 'FailedCreate', message, nature: 'lasting', suggestion: findRefusalAdvice(message) ?? whole };
}

function toPodFact(snapshot: WorkspaceSnapshot, pod: PodSnapshot): Fact {
  const { container } = pod;
  if (container !== undefined && container.restarts > 0) {
    const reason = container.lastEnd?.reason ?? container.reason ?? 'unknown';
    return { kind: 'restarting', restarts: container.restarts, reason };
  }
  if (container?.state === 'running') return { kind: 'probing' };
  if (pod.node === undefined) return { kind: 'scheduling', message: pod.unschedulable };
  const own = eventsOf(snapshot, pod);
  const last = own.findLast(
    (event) =>
      ['Pulling', 'Pulled', 'FailedMount', 'FailedAttachVolume'].includes(event.reason ?? '') || isStart(event),
  );
  // The pod's status says so only when the container's postStart hook has ended.
  if (last !== undefined && isStart(last)) return { kind: 'probing' };
  if (last?.reason === 'Pulling') return { kind: 'pulling', image: pod.image };
  if (last?.reason === 'Pulled') return { kind: 'starting' };
  if (last !== undefined) return { kind: 'attaching', message: last.message };
  return { kind: 'starting' };
}

function isStart({ reason, container }: EventSnapshot): boolean {
  return reason === 'Started' && container === WORKSPACE_CONTAINER;
}

function eventsOf(snapshot: WorkspaceSnapshot, pod: PodSnapshot): EventSnapshot[] {
  return snapshot.events.filter((event) => event.object === `Pod/${pod.name}`);
}

function findPodTrouble(snapshot: WorkspaceSnapshot, pod: PodSnapshot): Trouble | undefined {
  return (
    findEndedPod(pod) ??
    findContainerTrouble(pod) ??
    findVolumeTrouble(snapshot) ??
    findSchedulingTrouble(pod) ??
    findMountTrouble(snapshot, pod)
  );
}

function findEndedPod(pod: PodSnapshot): Trouble | undefined {
  if (pod.phase !== 'Failed') return undefined;
  const message = pod.message ?? 'the pod ended';
  const suggestion =
    pod.reason === 'Evicted'
      ? {
          ...ws`up --storage-class default`,
          workspace: 'NAME',
          note: 'a home on a claim survives this; a new pod is made by itself',
        }
      : undefined;
  return { reason: pod.reason ?? 'Failed', message, suggestion, nature: 'passing' };
}

/** Waiting reasons of the kubelet (pkg/kubelet/images/types.go and pkg/kubelet/container/sync_result.go). */
function findContainerTrouble(pod: PodSnapshot): Trouble | undefined {
  const { container } = pod;
  if (container?.state !== 'waiting' || container.reason === undefined) return undefined;
  const reason = container.reason;
  const message = container.message ?? reason;
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ImageInspectError':
    case 'RegistryUnavailable':
      return {
        reason,
        message: `The image ${pod.image ?? 'of the pod'} cannot be pulled: ${message}`,
        nature: 'lasting',
        suggestion: { ...ws`up --image NAME:TAG`, note: 'or publish this one, or load it into the nodes' },
      };
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return {
        reason,
        message: `${pod.image ?? 'The image'}: ${message}`,
        nature: 'lasting',
        suggestion: ws`up --image NAME:TAG`,
      };
    case 'CrashLoopBackOff':
      return {
        reason,
        message: `The server in the pod ends again and again (${container.lastEnd?.reason ?? 'Error'}, exit code ${container.lastEnd?.exitCode ?? '?'})${toLastWords(container.lastEnd?.message)}`,
        nature: 'lasting',
        suggestion: kubectl`logs ${pod.name} --previous`,
      };
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
    case 'RunContainerError':
      return {
        reason,
        message: container.isSubPathRefused === true ? toRefusedFolder(message) : message,
        nature: 'lasting',
        suggestion: kubectl`describe pod ${pod.name}`,
      };
    default:
      return undefined;
  }
}

/** Kubernetes makes the folder as root, which NFS with root squash takes for nobody. */
function toRefusedFolder(message: string): string {
  return `The home's folder (sub path) cannot be made in its volume: ${message}. On NFS with root squash make it yourself, for the workspace's UID and open to be entered by others, or use the volume's root`;
}

/** What it said of its end, if it could. */
function toLastWords(message: string | undefined): string {
  return message === undefined ? '' : `: ${message}`;
}

/** A claim that no volume comes for. With WaitForFirstConsumer this starts only after scheduling began. */
function findVolumeTrouble(snapshot: WorkspaceSnapshot): Trouble | undefined {
  if (snapshot.home.kind === 'missing-claim') {
    return {
      reason: 'ClaimMissing',
      message: `The home claim ${snapshot.home.name} does not exist`,
      nature: 'lasting',
      suggestion: { ...kubectl`get pvc`, note: 'lists the claims of this namespace' },
    };
  }
  if (snapshot.home.kind !== 'claim' || snapshot.home.claim.phase === 'Bound') return undefined;
  const name = snapshot.home.claim.name;
  const last = snapshot.events.findLast(
    (event) => event.object === `PersistentVolumeClaim/${name}` && event.type === 'Warning',
  );
  if (last === undefined) return undefined;
  return {
    reason: last.reason ?? 'ProvisioningFailed',
    message: `The home volume is not made: ${last.message ?? 'the cluster does not say why'}`,
    nature: 'passing',
    suggestion: kubectl`describe pvc ${name}`,
  };
}

function findSchedulingTrouble(pod: PodSnapshot): Trouble | undefined {
  if (pod.unschedulable === undefined || pod.node !== undefined) return undefined;
  return {
    reason: 'Unschedulable',
    message: `No node takes the pod: ${pod.unschedulable}`,
    nature: 'passing',
    suggestion: toSchedulingSuggestion(pod.unschedulable),
  };
}

function toSchedulingSuggestion(message: string): Suggestion {
  if (/Insufficient (cpu|memory|ephemeral-storage)/.test(message))
    return { ...ws`up --cpu 500m --memory 1Gi`, note: 'asks for less; or wait for a node' };
  if (/untolerated taint/.test(message)) return ws`up --toleration KEY=VALUE:NoSchedule`;
  if (/node affinity|node selector/.test(message))
    return { ...ws`up --node-selector KEY=VALUE`, note: 'or a home on another volume' };
  return { ...kubectl`get nodes`, note: 'shows what there is' };
}

function findMountTrouble(snapshot: WorkspaceSnapshot, pod: PodSnapshot): Trouble | undefined {
  if (pod.container?.state === 'running') return undefined;
  const last = eventsOf(snapshot, pod).findLast(
    (event) =>
      event.type === 'Warning' &&
      /^Failed(Mount|AttachVolume|CreatePodSandBox|CreatePodContainer)/.test(event.reason ?? ''),
  );
  if (last === undefined) return undefined;
  return {
    reason: last.reason ?? 'FailedMount',
    message: last.message ?? 'the kubelet does not say why',
    nature: 'passing',
    suggestion: kubectl`describe pod ${pod.name}`,
  };
}
