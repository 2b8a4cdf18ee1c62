/** The home's volume is there, and the node cannot have it. */
import { advice, kubectl, type Suggestion, ws } from '../../../errors/suggestion.ts';
import type { Cause, Finding } from '../../cause.ts';
import { findStarting, findWaiting } from '../../parts.ts';
import { listSeen, listUnseen, type PodSight, type Scene } from '../../scene.ts';
import { isSquashed, readAttachFault, readMountFault } from '../../words/volumes.ts';
import { findMissing } from '../start/container.ts';
import { findUnmounted, listUnmounted, type Unmounted } from './unmounted.ts';

export const IN_USE: Cause = {
  code: 'VOLUME_IN_USE',
  group: 'volume',
  title: 'A pod on another node has the volume of the home (ReadWriteOnce)',
  looksLike: 'An event says "Multi-Attach error for volume".',
  help: 'End the other pod, or put both on one node with `--node-selector kubernetes.io/hostname=NODE`.',
  waiting: 'helps',
  find: (scene) => {
    const { pod, snapshot, event } = findUnmounted(scene) ?? {};
    const fault = readAttachFault(event?.message ?? '');
    if (pod === undefined || snapshot === undefined || event === undefined || fault === undefined) return [];
    const users = listUsers(scene, pod.name);
    const names = fault.pods.length > 0 ? fault.pods : users.map(({ name }) => name);
    return [
      {
        reason: 'FailedAttachVolume',
        message: `${names.length === 0 ? 'Another node' : `Pod ${names.join(', ')}`} has the volume of the home, and only one node may have it at a time`,
        evidence: [...users.map(describeUser), `Cluster: ${event.message ?? ''}`],
        suggestions: suggestUsers(users, names),
        unseen: listUnseen(['the pods of the namespace', scene.around.pods]),
      },
    ];
  },
};

export const IN_USE_BY_ONE: Cause = {
  code: 'VOLUME_IN_USE_ONCE',
  group: 'volume',
  title: 'Another pod has the volume of the home, which only one pod may have (ReadWriteOncePod)',
  looksLike: 'The pod stays pending; the scheduler says "ReadWriteOncePod access mode already in-use by another pod".',
  help: 'End the other pod.',
  waiting: 'helps',
  find: (scene) => {
    const { pod, snapshot } = findStarting(scene) ?? {};
    if (pod?.unschedulable === undefined || snapshot === undefined || pod.node !== undefined) return [];
    if (!/ReadWriteOncePod access mode already in-use/.test(pod.unschedulable)) return [];
    const users = listUsers(scene, pod.name);
    const claim = snapshot.home.kind === 'claim' ? snapshot.home.claim.name : 'of the home';
    const names = users.map(({ name }) => name);
    return [
      {
        reason: 'Unschedulable',
        message: `${names.length === 0 ? 'Another pod' : `Pod ${names.join(', ')}`} has claim ${claim}, and only one pod may have it at a time`,
        evidence: [...users.map(describeUser), `Scheduler: ${pod.unschedulable}`],
        suggestions: suggestUsers(users, names),
        unseen: listUnseen(['the pods of the namespace', scene.around.pods]),
      },
    ];
  },
};

/** Other pods that mount the home's claim. */
function listUsers({ snapshot, around }: Scene, own: string): PodSight[] {
  if (snapshot?.home.kind !== 'claim') return [];
  const { name } = snapshot.home.claim;
  return listSeen(around.pods).filter((pod) => pod.name !== own && !pod.hasEnded && pod.claims.includes(name));
}

function describeUser({ name, node = 'no node', workspace }: PodSight): string {
  return `pod ${name} on ${node}${workspace === undefined ? '' : `, of workspace ${workspace}`}`;
}

function suggestUsers([user]: PodSight[], [named]: string[]): Suggestion[] {
  const homes = { ...ws`homes ls`, note: 'shows who uses which home' };
  if (user?.workspace !== undefined)
    return [{ ...ws`down --keep-home`, workspace: user.workspace, note: 'if nobody needs that workspace now' }, homes];
  const name = user?.name ?? named;
  return name === undefined
    ? [homes]
    : [{ ...kubectl`delete pod ${name}`, note: 'if nobody needs it; what made it may make it again' }, homes];
}

export const SUB_PATH: Cause = {
  code: 'VOLUME_SUB_PATH',
  group: 'volume',
  title: "The home's folder cannot be made in its volume",
  looksLike: 'The pod waits with CreateContainerConfigError: "failed to create subPath directory".',
  help: "On NFS with root squash make the folder yourself, for the workspace's UID; or use the volume's root.",
  waiting: 'useless',
  find: (scene) => {
    const { pod, snapshot } = findStarting(scene) ?? {};
    const waiting = pod === undefined ? undefined : findWaiting(pod);
    if (pod?.container?.isSubPathRefused !== true || waiting === undefined || snapshot === undefined) return [];
    const folder = snapshot.home.kind === 'claim' ? snapshot.home.subPath : undefined;
    const uid = snapshot.deployment?.uid;
    return [
      {
        reason: waiting.reason,
        message: `The home's folder${folder === undefined ? '' : ` ${folder}`} (sub path) cannot be made in its volume: ${waiting.message}. On NFS with root squash make it yourself, for the workspace's UID${uid === undefined ? '' : ` ${uid}`} and open to be entered by others, or use the volume's root`,
        evidence: [`Node: ${waiting.message}`],
        suggestions: [
          advice(`Make the folder on the volume's server and give it to UID ${uid ?? 'of the workspace'} with chown`),
          { ...kubectl`describe pod ${pod.name}`, note: "shows the node's whole sentence" },
        ],
        unseen: [],
      },
    ];
  },
};

export const ROOT_SQUASH: Cause = {
  code: 'VOLUME_ROOT_SQUASH',
  group: 'volume',
  title: "The volume's server does not let the node give the home to its user (root squash)",
  looksLike: 'An event says "applyFSGroup failed" or "chown … operation not permitted".',
  help: "Give the folder to the workspace's UID on the server of the volume, or mount it without root squash.",
  waiting: 'useless',
  find: (scene) => {
    const { snapshot, event } = findUnmounted(scene) ?? {};
    if (snapshot === undefined || event === undefined || !isSquashed(event.message ?? '')) return [];
    const uid = snapshot.deployment?.uid;
    return [
      {
        reason: event.reason ?? 'FailedMount',
        message: `The server of the home's volume does not let the node give files to the group of the workspace: it takes root for nobody (root squash)`,
        evidence: [`Node: ${event.message ?? ''}`],
        suggestions: [advice(`Give the folder to UID ${uid ?? 'of the workspace'} on the volume's server with chown`)],
        unseen: [],
      },
    ];
  },
};

export const MOUNT: Cause = {
  code: 'VOLUME_MOUNT',
  group: 'volume',
  title: 'The node cannot mount a volume of the pod',
  looksLike: 'An event says FailedMount or FailedAttachVolume.',
  help: "The node's sentence says which volume and why. `kubectl describe pod` shows all of it.",
  waiting: 'helps',
  find: (scene) => listUnmounted(scene).flatMap(tellUnmounted),
};

function tellUnmounted({ pod, event }: Unmounted): Finding[] {
  if (!/Mount|Attach|Map/.test(event.reason ?? '')) return [];
  const words = event.message ?? 'the kubelet does not say why';
  if (readAttachFault(words) !== undefined || isSquashed(words) || findMissing(words) !== undefined) return [];
  const { volume, why } = readMountFault(words);
  return [
    {
      reason: event.reason ?? 'FailedMount',
      message: `Node ${pod.node ?? ''} cannot mount volume ${volume ?? 'of the pod'}: ${why}`,
      evidence: [`Node: ${words}`],
      suggestions: [kubectl`describe pod ${pod.name}`],
      unseen: [],
    },
  ];
}
