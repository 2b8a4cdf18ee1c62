import type { Stop } from './stop.ts';

/** Whether a Deployment has a pod. Each change is of its own metadata and replicas: the pod template stays as it is. */
export interface ClusterScale {
  /**
   * Lets a Deployment have no pod, and says so on it. `already`: that is so, until the same. Throws `NOT_PERMITTED`
   * where the user may not change it.
   */
  stop(deployment: string, until: Stop['until'], signal: AbortSignal): Promise<'stopped' | 'already'>;
  /**
   * Lets one that sleeps until a login have its pod again. `stopped`: a person has stopped it meanwhile. `running`: it
   * has its pod, or somebody else was quicker.
   */
  wake(deployment: string, signal: AbortSignal): Promise<'woken' | 'running' | 'stopped'>;
}
