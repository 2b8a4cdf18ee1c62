/** What all causes of scheduling have in common: the scheduler's refusals, and what nodes there are. */

import type { PodWants } from '../../../state/snapshot.ts';
import type { Finding } from '../../cause.ts';
import { findStarting, findWants } from '../../parts.ts';
import { listSeen, listUnseen, type NodeSight, type Scene, type TaintSight } from '../../scene.ts';
import { readVerdict, type Verdict } from '../../words/scheduler.ts';

export interface Refused {
  /** The scheduler's own sentence. */
  words: string;
  verdict: Verdict;
  /** Refusals that are of the cause. */
  refusals: Verdict['refusals'];
  wants: PodWants | undefined;
}

/** The pod that no node takes, for reasons like these; undefined where there are none of them. */
export function findRefused(scene: Scene, why: RegExp): Refused | undefined {
  const { pod } = findStarting(scene) ?? {};
  if (pod?.unschedulable === undefined || pod.node !== undefined) return undefined;
  const verdict = readVerdict(pod.unschedulable);
  const refusals = verdict?.refusals.filter((refusal) => why.test(refusal.why)) ?? [];
  if (verdict === undefined || refusals.length === 0) return undefined;
  return { words: pod.unschedulable, verdict, refusals, wants: findWants(scene) };
}

/** Of one cause: how many of how many nodes. */
export function countNodes({ verdict, refusals }: Refused): string {
  const nodes = Math.max(...refusals.map((refusal) => refusal.nodes));
  if (verdict.nodes === 1) return 'the only node';
  return nodes >= verdict.nodes ? `all ${verdict.nodes} nodes` : `${nodes} of ${verdict.nodes} nodes`;
}

export function toFinding(refused: Refused, parts: Omit<Finding, 'reason'>): Finding {
  return {
    reason: 'Unschedulable',
    ...parts,
    evidence: [...parts.evidence, `Scheduler: ${withoutPreemption(refused.words)}`],
  };
}

/** Without what it says of pods that could be pushed aside, which is long and helps nobody. */
function withoutPreemption(words: string): string {
  return words.replace(/\.? (?:no new claims to deallocate, )?preemption: [\s\S]*$/, '');
}

/** What nobody may see of the nodes. */
export function listUnseenNodes({ around }: Scene): string[] {
  return listUnseen(['the nodes', around.nodes]);
}

/** What only a node itself puts on it, by its state. */
export function isOwnTaint({ key }: TaintSight): boolean {
  return key.startsWith('node.kubernetes.io/') || key === 'node.cloudprovider.kubernetes.io/uninitialized';
}

/** Taints that keep a pod away, as far as it does not tolerate them. */
export function listUntolerated(node: NodeSight, wants: PodWants | undefined): TaintSight[] {
  return node.taints.filter(
    (taint) => taint.effect !== 'PreferNoSchedule' && !(wants?.tolerations ?? []).some((one) => tolerates(one, taint)),
  );
}

/** As Kubernetes matches them (k8s.io/component-helpers, ToleratesTaint); it compares numbers only where told to. */
function tolerates(toleration: PodWants['tolerations'][number], taint: TaintSight): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  if (toleration.key === undefined) return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === taint.value;
}

/** Nodes that a pod could be put on, but for what it asks for. */
export function listUsable(scene: Scene): NodeSight[] {
  const wants = findWants(scene);
  return listSeen(scene.around.nodes).filter(
    (node) => node.ready === 'yes' && !node.isCordoned && listUntolerated(node, wants).length === 0,
  );
}

/** Whether a node has all labels that the pod selects by. */
export function isSelected(node: NodeSight, wants: PodWants | undefined): boolean {
  return Object.entries(wants?.nodeSelector ?? {}).every(([key, value]) => node.labels[key] === value);
}
