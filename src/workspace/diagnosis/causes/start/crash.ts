/** How the container of a pod that is to start ended. */
import type { ContainerEnd, ContainerSnapshot, PodSnapshot, WorkspaceSnapshot } from '../../../state/snapshot.ts';
import { findStarting } from '../../parts.ts';
import { listPodEvents } from '../../pod-fact.ts';
import type { Scene } from '../../scene.ts';

export interface Crash {
  pod: PodSnapshot;
  snapshot: WorkspaceSnapshot;
  /** Kubernetes' word: `CrashLoopBackOff`, or that of the end. */
  reason: string;
  end: ContainerEnd;
  restarts: number;
}

/**
 * How the container ended, also while it runs again: until it is ready, nothing says that it goes better this time. For
 * whoever waits for it that is no reason to give up, and what they were told before stands.
 */
export function findCrash(scene: Scene): Crash | undefined {
  const { pod, snapshot } = findStarting(scene) ?? {};
  const { container } = pod ?? {};
  if (pod === undefined || snapshot === undefined || pod.phase === 'Failed') return undefined;
  if (container?.lastEnd === undefined) return undefined;
  if (container.state === 'running' && !isTriedAgain(container, scene)) return undefined;
  // It waits for something else meanwhile, such as another image.
  if (
    container.state === 'waiting' &&
    !/^(?:CrashLoopBackOff|PodInitializing|ContainerCreating|PostStartHookError)$/.test(container.reason ?? '')
  )
    return undefined;
  const { lastEnd: end, restarts, reason = end.reason } = container;
  if (isEndedByProbe(end, pod, snapshot)) return undefined;
  return { pod, snapshot, reason, end, restarts };
}

/** An end without an error was asked for: amounts that change in place restart it so. */
function isTriedAgain({ isOnTrial, lastEnd }: ContainerSnapshot, { watched }: Scene): boolean {
  return isOnTrial === true && lastEnd?.exitCode !== 0 && watched === undefined;
}

/** Somebody else's probe had it ended: the server did nothing wrong, and says nothing. */
function isEndedByProbe({ message }: ContainerEnd, pod: PodSnapshot, snapshot: WorkspaceSnapshot): boolean {
  if (message !== undefined) return false;
  return listPodEvents(pod, snapshot).some(
    (event) => event.reason === 'Killing' && /failed (?:startup|liveness) probe/.test(event.message ?? ''),
  );
}

/** The end, as a line of evidence. */
export function describeEnd({ end: { reason, exitCode, message }, restarts }: Crash, hasWords = true): string {
  const words = message === undefined || !hasWords ? '' : `: ${message}`;
  return `Container ended with ${reason}, exit code ${exitCode}${restarts > 0 ? `, restarted ${restarts === 1 ? 'once' : `${restarts} times`}` : ''}${words}`;
}
