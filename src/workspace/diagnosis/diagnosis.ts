/**
 * Reads a snapshot like an experienced operator: what the workspace is doing now, and what is wrong if something is.
 */

import { aboutWorkspace } from '../errors/suggestion.ts';
import type { Fact } from '../state/events.ts';
import type { PodSnapshot, WorkspaceSnapshot } from '../state/snapshot.ts';
import { findContainerTrouble } from './causes/container.ts';
import { toDamage } from './causes/damage.ts';
import { findImageTrouble } from './causes/image.ts';
import { findEndedPod, findEndingTrouble } from './causes/pod-end.ts';
import { toCreationTrouble } from './causes/refusal.ts';
import { findSchedulingTrouble } from './causes/scheduling.ts';
import { findClaimTrouble, findMountTrouble } from './causes/volume.ts';
import { toPodFact } from './pod-fact.ts';
import type { FindTrouble, Trouble } from './trouble.ts';

/** In order: a later trouble may be a consequence of an earlier one. */
const CAUSES: FindTrouble[] = [
  findEndedPod,
  findImageTrouble,
  findContainerTrouble,
  findClaimTrouble,
  findSchedulingTrouble,
  findMountTrouble,
];

/** One word for the state of a workspace, for lists. */
export type WorkspaceState = 'ready' | 'starting' | 'failing' | 'stopped' | 'ending' | 'kept-home' | 'damaged';

export interface Diagnosis {
  state: WorkspaceState;
  fact: Fact;
  trouble: Trouble | undefined;
}

export function diagnose(snapshot: WorkspaceSnapshot): Diagnosis {
  const diagnosis = look(snapshot);
  const { trouble } = diagnosis;
  if (trouble?.suggestion === undefined) return diagnosis;
  // The causes do not know the workspace's name.
  return { ...diagnosis, trouble: { ...trouble, suggestion: aboutWorkspace(trouble.suggestion, snapshot.name) } };
}

function look(snapshot: WorkspaceSnapshot): Diagnosis {
  const { deployment, pod } = snapshot;
  const absent: Fact = { kind: 'absent', workspace: snapshot.name };
  if (deployment === undefined) {
    const [ending] = snapshot.endingPods;
    if (ending === undefined) return { state: 'kept-home', fact: absent, trouble: undefined };
    return { state: 'ending', fact: { kind: 'terminating', pod: ending.name }, trouble: findEndingTrouble(snapshot) };
  }
  if (deployment.damage !== undefined) {
    const trouble = toDamage(deployment.name, deployment.damage);
    return { state: 'damaged', fact: { kind: 'trouble', reason: trouble.reason, message: trouble.message }, trouble };
  }
  if (deployment.replicas === 0) return { state: 'stopped', fact: absent, trouble: undefined };
  if (pod === undefined) return lookWithoutPod(snapshot, deployment.failure);
  if (pod.ready)
    return { state: 'ready', fact: { kind: 'pod-ready', pod: pod.name, node: pod.node }, trouble: undefined };
  const trouble = findTrouble(pod, snapshot);
  return { state: trouble === undefined ? 'starting' : 'failing', fact: toPodFact(pod, snapshot), trouble };
}

function lookWithoutPod(snapshot: WorkspaceSnapshot, failure: string | undefined): Diagnosis {
  const [ending] = snapshot.endingPods;
  const fact: Fact = ending === undefined ? { kind: 'pod-awaited' } : { kind: 'terminating', pod: ending.name };
  if (failure !== undefined) return { state: 'failing', fact, trouble: toCreationTrouble(failure) };
  return { state: ending === undefined ? 'starting' : 'ending', fact, trouble: findEndingTrouble(snapshot) };
}

function findTrouble(pod: PodSnapshot, snapshot: WorkspaceSnapshot): Trouble | undefined {
  for (const find of CAUSES) {
    const trouble = find(pod, snapshot);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}
