import type { DeploymentSnapshot } from './snapshot.ts';

/** The pods that run, as far as the app changes them itself. */
export interface ClusterPods {
  /** Throws `NOT_PERMITTED` where the user may not change pods. */
  annotate(pod: string, annotations: Record<string, string>, signal: AbortSignal): Promise<void>;
  /** A Deployment's pod template as it is, and as this one would make it, both in full. Nothing is changed. */
  previewTemplate(deployment: string, template: object, signal: AbortSignal): Promise<TemplateChange>;
  /**
   * What a Deployment was before its last change, the newest first, as far as the cluster still knows. None once it has
   * come up as it is: then the change is not why it does not work now.
   */
  findEarlier(deployment: string, signal: AbortSignal): Promise<DeploymentSnapshot[]>;
  /** Asks the node for other amounts for the workspace's container. Throws what the API server refuses. */
  resize(pod: string, amounts: Amounts, signal: AbortSignal): Promise<void>;
  /** What the node has made of it. */
  findResize(pod: string, signal: AbortSignal): Promise<Resize>;
  /**
   * Lets a Deployment be changed without another pod, until `goOn`. False where somebody else holds it, unless that
   * hold is known to be left.
   */
  holdRollout(deployment: string, options: { isLeft: boolean }, signal: AbortSignal): Promise<boolean>;
  /**
   * Ends that. With `keepPod` the pod that runs counts as one of the template as it is now; without, another one takes
   * its place, where they differ. It does nothing for a Deployment that is not held.
   */
  goOn(deployment: string, keepPod: boolean, signal: AbortSignal): Promise<void>;
}

export interface TemplateChange {
  now: object | undefined;
  then: object | undefined;
}

/** CPU and memory of a container, as Kubernetes has them. */
export interface Amounts {
  limits?: Record<string, string>;
  requests?: Record<string, string>;
}

export type Resize =
  | { kind: 'done' }
  | { kind: 'going-on' }
  /** It waits for room, or will never be: Kubernetes' own words. */
  | { kind: 'refused'; why: string };
