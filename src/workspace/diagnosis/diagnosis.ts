/**
 * Reads a scene like an experienced operator: what the workspace is doing now, and what is wrong if something is.
 */
import { toPrintable } from '../errors/printable.ts';
import { aboutWorkspace } from '../errors/suggestion.ts';
import type { Fact } from '../state/events.ts';
import { ENDING_CLAIM, type WorkspaceSnapshot } from '../state/snapshot.ts';
import type { Cause, Found } from './cause.ts';
import { CAUSES, UNKNOWN } from './causes/table.ts';
import { toPodFact } from './pod-fact.ts';
import { type Scene, UNASKED } from './scene.ts';

/** One word for the state of a workspace, for lists. */
export type WorkspaceState = 'ready' | 'starting' | 'failing' | 'stopped' | 'ending' | 'kept-home' | 'damaged';

export interface Diagnosis {
  state: WorkspaceState;
  fact: Fact;
  /** The nearest first: a later one may be a consequence of an earlier one. */
  causes: Found[];
}

/** A scene of a workspace that is there. */
export type WorkspaceScene = Scene & { snapshot: WorkspaceSnapshot };

/** The scene of somebody who did not look around. */
export function sceneOf(snapshot: WorkspaceSnapshot): WorkspaceScene {
  return { snapshot, around: UNASKED };
}

export function diagnose(scene: WorkspaceScene): Diagnosis {
  const causes = findCauses(scene);
  return { ...look(scene.snapshot, causes), causes };
}

/** What is wrong, the nearest cause first; empty where nothing is. */
export function findCauses(scene: Scene): Found[] {
  const all = CAUSES.flatMap((cause) => apply(cause, scene));
  const known = [...all.filter(({ isNext }) => isNext !== true), ...all.filter(({ isNext }) => isNext === true)];
  return known.length > 0 ? known : apply(UNKNOWN, scene);
}

function apply({ code, waiting, find }: Cause, scene: Scene): Found[] {
  return find(scene).map((finding) => ({
    waiting,
    ...finding,
    code,
    evidence: finding.evidence.map((line) => toPrintable(line, { oneLine: true }).trim()),
    // The causes do not know the workspace's name.
    suggestions: finding.suggestions.map((suggestion) => aboutWorkspace(suggestion, scene.snapshot?.name)),
  }));
}

function look(snapshot: WorkspaceSnapshot, [nearest]: Found[]): Omit<Diagnosis, 'causes'> {
  const { deployment, pod, home } = snapshot;
  const [ending] = snapshot.endingPods;
  const absent: Fact = { kind: 'absent', workspace: snapshot.name };
  if (deployment === undefined) {
    const last = ending ?? pod;
    if (last !== undefined) return { state: 'ending', fact: { kind: 'terminating', pod: last.name } };
    const isEnding = home.kind === 'claim' && home.claim.phase === ENDING_CLAIM;
    return { state: isEnding ? 'ending' : 'kept-home', fact: absent };
  }
  if (deployment.damage !== undefined) {
    const { reason = 'Damaged', message = deployment.damage } = nearest ?? {};
    return { state: 'damaged', fact: { kind: 'trouble', reason, message } };
  }
  if (deployment.replicas === 0) return { state: 'stopped', fact: absent };
  if (pod === undefined) {
    const fact: Fact = ending === undefined ? { kind: 'pod-awaited' } : { kind: 'terminating', pod: ending.name };
    // A refusal that passes by itself is none.
    if (deployment.failure !== undefined && nearest !== undefined) return { state: 'failing', fact };
    return { state: ending === undefined ? 'starting' : 'ending', fact };
  }
  if (pod.ready) return { state: 'ready', fact: { kind: 'pod-ready', pod: pod.name, node: pod.node } };
  return { state: nearest === undefined ? 'starting' : 'failing', fact: toPodFact(pod, snapshot) };
}
