/** The pods that run, as far as the app changes them itself. */
export interface ClusterPods {
  /** Throws `NOT_PERMITTED` where the user may not change pods. */
  annotatePod(pod: string, annotations: Record<string, string>, signal: AbortSignal): Promise<void>;
  /** Whether another template would change the Deployment's pods, which restarts them. Nothing is changed. */
  wouldChangePods(deployment: string, template: object, signal: AbortSignal): Promise<boolean>;
}
