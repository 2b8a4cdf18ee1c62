/** What a pod that is not ready is doing now. */
import type { Fact } from '../state/events.ts';
import { WORKSPACE_CONTAINER } from '../state/selectors.ts';
import type { EventSnapshot, PodSnapshot, WorkspaceSnapshot } from '../state/snapshot.ts';

export function toPodFact(pod: PodSnapshot, snapshot: WorkspaceSnapshot): Fact {
  const { container } = pod;
  if (container !== undefined && container.restarts > 0) {
    const reason = container.lastEnd?.reason ?? container.reason ?? 'unknown';
    return { kind: 'restarting', restarts: container.restarts, reason };
  }
  if (container?.state === 'running') return { kind: 'probing' };
  if (pod.node === undefined) return { kind: 'scheduling', message: pod.unschedulable };
  const last = listPodEvents(pod, snapshot).findLast(
    (event) =>
      ['Pulling', 'Pulled', 'FailedMount', 'FailedAttachVolume'].includes(event.reason ?? '') || isStart(event),
  );
  // The pod's status says so only when the container's postStart hook has ended.
  if (last !== undefined && isStart(last)) return { kind: 'probing' };
  if (last?.reason === 'Pulling') return { kind: 'pulling', image: pod.image };
  if (last?.reason === 'Pulled') return { kind: 'starting' };
  if (last !== undefined) return { kind: 'attaching', message: last.message };
  return { kind: 'starting' };
}

function isStart({ reason, container }: EventSnapshot): boolean {
  return reason === 'Started' && container === WORKSPACE_CONTAINER;
}

export function listPodEvents(pod: PodSnapshot, { events }: WorkspaceSnapshot): EventSnapshot[] {
  return events.filter((event) => event.object === `Pod/${pod.name}`);
}
