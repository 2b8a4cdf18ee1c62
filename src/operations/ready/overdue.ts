import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

/** How long a kubelet may exceed the grace period of its pod, in milliseconds. */
const LENIENCE_MS = 15_000;

/** Watches a pod end. A pod is overdue when we ourselves saw it end for too long, by our own clock. */
export class Overdue {
  #pod: { name: string; seenMs: number } | undefined;

  /**
   * The oldest ending pod, which the next one waits for, once it has had more than its time since it was first seen.
   */
  find({ pod, endingPods: [ending] }: WorkspaceSnapshot, nowMs: number): string | undefined {
    if (pod !== undefined || ending === undefined) {
      this.#pod = undefined;
      return undefined;
    }
    if (this.#pod?.name !== ending.name) this.#pod = { name: ending.name, seenMs: nowMs };
    const limitMs = ending.graceSeconds * 1000 + LENIENCE_MS;
    return nowMs - this.#pod.seenMs > limitMs ? ending.name : undefined;
  }
}
