import type { Suggestion } from '../errors/suggestion.ts';
import type { PodSnapshot, WorkspaceSnapshot } from '../state/snapshot.ts';

/** What is wrong with a workspace, for people and for machines. */
export interface Trouble {
  /** Kubernetes' own word, kept verbatim for machines and search engines. */
  reason: string;
  message: string;
  suggestion: Suggestion | undefined;
  /**
   * Whether waiting alone can help. `lasting` trouble ends a wait after a short patience: an image that cannot be
   * pulled, a container that keeps crashing. A full cluster is `passing`: an autoscaler may add a node.
   */
  nature: 'passing' | 'lasting';
}

/** Finds one kind of trouble of a pod that is not ready. `diagnosis.ts` lists them in order. */
export type FindTrouble = (pod: PodSnapshot, snapshot: WorkspaceSnapshot) => Trouble | undefined;
