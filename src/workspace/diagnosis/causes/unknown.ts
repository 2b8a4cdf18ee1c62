/** Something is wrong, and none of the causes knows it: what a maintainer would want to see. */
import { kubectl, type Suggestion } from '../../errors/suggestion.ts';
import { type EventSnapshot, listWarnings, type PodSnapshot, type WorkspaceSnapshot } from '../../state/snapshot.ts';
import type { Cause } from '../cause.ts';
import { findRefusal, findStarting, findWaiting } from '../parts.ts';
import { listPodEvents } from '../pod-fact.ts';
import type { Scene } from '../scene.ts';
import { isRoomComing } from './quota/shortages.ts';
import { isMadeByOwn } from './scheduling/insufficient.ts';

/** The container waits for nothing out of the ordinary. */
const ORDINARY = ['ContainerCreating', 'PodInitializing'];

/** So many warnings are shown. */
const MOST_WARNINGS = 5;

/** Longer than anything takes that says nothing; a pull may take longer, and says that it is one. */
const LONG_MS = 180_000;

export const UNKNOWN: Cause = {
  code: 'UNKNOWN',
  group: 'other',
  title: 'Something is wrong that `ws` does not know',
  looksLike: 'None of the other causes fits. The words are those of Kubernetes.',
  help: 'The evidence is what a maintainer would want to see: `ws status dev --json` has all of it.',
  waiting: 'helps',
  find: (scene) => {
    const sign = findSign(scene);
    if (sign === undefined) return [];
    const { reason, message, suggestion, waiting } = sign;
    return [
      {
        ...{ reason, message, unseen: [] },
        evidence: collectEvidence(scene, message),
        suggestions: [suggestion],
        ...(waiting === undefined ? {} : { waiting }),
      },
    ];
  },
};

/** What runs before the server may have much to do, and says nothing of it. */
const INIT_MS = 60_000;

/** A scheduler takes a moment, and so does a kubelet until its first word. */
const UNTOUCHED_MS = 30_000;

interface Sign {
  reason: string;
  message: string;
  suggestion: Suggestion;
  waiting?: 'useless';
}

function findSign(scene: Scene): Sign | undefined {
  // An error has words of its own already.
  if (scene.failure !== undefined) return undefined;
  const words = findRefusal(scene);
  if (isRoomComing(scene)) return undefined;
  if (words !== undefined) {
    const suggestion = { ...kubectl`describe replicaset`, note: 'shows the whole refusal' };
    return { reason: 'FailedCreate', message: words, suggestion, waiting: 'useless' };
  }
  const { pod, snapshot } = findStarting(scene) ?? {};
  if (pod === undefined || snapshot === undefined) return undefined;
  const suggestion = kubectl`describe pod ${pod.name}`;
  if (pod.unschedulable !== undefined && pod.node === undefined && !isOrdinary(pod.unschedulable)) {
    if (isMadeByOwn(scene)) return undefined;
    const nodes = { ...kubectl`get nodes`, note: 'shows what there is' };
    return { reason: 'Unschedulable', message: `No node takes the pod: ${pod.unschedulable}`, suggestion: nodes };
  }
  const waiting = findWaiting(pod);
  if (waiting !== undefined && !ORDINARY.includes(waiting.reason)) return { ...waiting, suggestion };
  const event = pod.container?.state === 'running' ? undefined : findFailure(listPodEvents(pod, snapshot));
  if (event !== undefined)
    return { reason: event.reason ?? 'Failed', message: event.message ?? 'Kubernetes does not say why', suggestion };
  if (pod.container?.isReady === true || (pod.others ?? []).some((other) => /Error|BackOff|ended/.test(other))) {
    const message = pod.unready ?? 'The pod is not ready, though its server is';
    return { reason: 'NotReady', message, suggestion };
  }
  if (pod.init !== undefined && (scene.watched?.sameForMs ?? 0) >= INIT_MS) {
    const message = `Container ${pod.init} runs before the server, which waits for its end`;
    const logs = { ...kubectl`logs ${pod.name} --container ${pod.init}`, note: 'shows what it does' };
    return { reason: 'PodInitializing', message, suggestion: logs };
  }
  if (isUntouched(pod, snapshot) && (scene.watched?.sameForMs ?? 0) >= UNTOUCHED_MS) {
    const message =
      pod.node === undefined ? 'No scheduler has looked at the pod' : `Node ${pod.node} has not begun with the pod`;
    return { reason: 'NothingHappens', message, suggestion };
  }
  if ((scene.watched?.sameForMs ?? 0) < LONG_MS) return undefined;
  const minutes = Math.floor((scene.watched?.sameForMs ?? 0) / 60_000);
  return {
    reason: 'NothingHappens',
    message: `Nothing has changed for ${minutes} minutes, and nobody says why`,
    suggestion,
  };
}

/** Nobody has said a word of it: neither a scheduler nor, once it has a node, its kubelet. */
function isUntouched(pod: PodSnapshot, snapshot: WorkspaceSnapshot): boolean {
  const { home } = snapshot;
  // A scheduler that waits for the volume says nothing either; `causes/volume/` knows how long that may take.
  const isVolumeAwaited = home.kind === 'claim' && home.claim.phase === 'Pending';
  if (pod.node === undefined) return pod.unschedulable === undefined && !isVolumeAwaited;
  return pod.container === undefined && listPodEvents(pod, snapshot).every(({ reason }) => reason === 'Scheduled');
}

/** A volume is on its way; `causes/volume/` says when it is not. */
function isOrdinary(unschedulable: string): boolean {
  return /unbound immediate PersistentVolumeClaims|waiting for ephemeral volume controller/.test(unschedulable);
}

/** The last that happened, where it is a failure: what succeeds later is no trouble any more. */
function findFailure(events: EventSnapshot[]): EventSnapshot | undefined {
  const last = events.findLast(({ reason }) => reason !== 'FailedScheduling' && reason !== 'FailedPostStartHook');
  return last?.type === 'Warning' && /^(?:Failed|Network|Sandbox|Invalid|Inspect|Err)/.test(last.reason ?? '')
    ? last
    : undefined;
}

function collectEvidence({ snapshot }: Scene, message: string): string[] {
  const { pod } = snapshot ?? {};
  const { state, reason, restarts = 0 } = pod?.container ?? {};
  const container =
    state === undefined
      ? []
      : [`container ${state}${reason === undefined ? '' : ` (${reason})`}, ${restarts} restarts`];
  const where =
    pod === undefined
      ? []
      : [`pod ${pod.name}: ${pod.phase}, ${pod.node === undefined ? 'on no node' : `on ${pod.node}`}`];
  const warnings = listWarnings(snapshot?.events ?? [])
    .filter((event) => event.message !== message)
    .slice(-MOST_WARNINGS)
    .map((event) => `${event.object} ${event.reason ?? '?'}: ${event.message ?? ''}`);
  const others = (pod?.others ?? []).map((other) => `container ${other}`);
  const conditions = (pod?.conditions ?? []).map((condition) => `the pod wants ${condition}`);
  return [...where, ...container, ...others, ...conditions, ...warnings];
}
