/** Scenes for tests of causes: a workspace that does not start, and what is around it. */

import { findCauses } from '../../../src/workspace/diagnosis/diagnosis.ts';
import { type Look, type Scene, type Surroundings, UNASKED } from '../../../src/workspace/diagnosis/scene.ts';
import type { PodWants, WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { toLines } from '../../spelling.ts';
import { deployment, pendingPod, snapshot, waiting } from '../workspace/snapshots.ts';

export function seen<T>(...items: T[]): Look<T> {
  return { kind: 'seen', items };
}

/** What the chart asks for by itself. */
export function wants(overrides: Partial<PodWants> = {}): PodWants {
  return {
    requests: { cpu: '100m', memory: '256Mi', 'ephemeral-storage': '1Gi' },
    limits: { cpu: '2', memory: '4Gi', 'ephemeral-storage': '20Gi' },
    nodeSelector: {},
    affinity: [],
    tolerations: [],
    pullSecrets: [],
    ...overrides,
  };
}

export function scene(overrides: Partial<WorkspaceSnapshot>, around: Partial<Surroundings> = {}): Scene {
  return { snapshot: snapshot(overrides), around: { ...UNASKED, ...around } };
}

/** The API server refuses the pod with these words. */
export function refused(words: string, around: Partial<Surroundings> = {}, asked: PodWants = wants()): Scene {
  return scene({ pod: undefined, deployment: deployment({ failure: words, wants: asked }) }, around);
}

/** No node takes the pod, for these reasons. */
export function unschedulable(words: string, around: Partial<Surroundings> = {}, asked: PodWants = wants()): Scene {
  return scene({ pod: pendingPod({ node: undefined, unschedulable: words, wants: asked }) }, around);
}

/** The kubelet waits, for this reason. */
export function waitingFor(reason: string, words?: string, around: Partial<Surroundings> = {}): Scene {
  return scene({ pod: pendingPod({ container: waiting(reason, words), wants: wants() }) }, around);
}

/** What a test compares of each cause. */
export function explain(seen: Scene) {
  return findCauses(seen).map(({ code, reason, message, evidence, suggestions, unseen, waiting: wait }) => ({
    ...{ code, reason, message, evidence, unseen, waiting: wait },
    tries: toLines(suggestions),
  }));
}

export function codesOf(seen: Scene): string[] {
  return findCauses(seen).map(({ code }) => code);
}
