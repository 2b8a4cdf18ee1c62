/** How the container of a pod that is to start ended. */
import type { ContainerEnd, PodSnapshot, WorkspaceSnapshot } from '../../../state/snapshot.ts';
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

/** Undefined while the container runs, though it ended before: this time it may go well. */
export function findCrash(scene: Scene): Crash | undefined {
  const { pod, snapshot } = findStarting(scene) ?? {};
  const { container } = pod ?? {};
  if (pod === undefined || snapshot === undefined || pod.phase === 'Failed') return undefined;
  if (container?.lastEnd === undefined || container.state === 'running') return undefined;
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
