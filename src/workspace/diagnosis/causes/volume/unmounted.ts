/** The node cannot get the pod what it mounts. */
import type { EventSnapshot, PodSnapshot, WorkspaceSnapshot } from '../../../state/snapshot.ts';
import { findStarting } from '../../parts.ts';
import { listPodEvents } from '../../pod-fact.ts';
import type { Scene } from '../../scene.ts';
import { readMountFault } from '../../words/volumes.ts';

const TROUBLES = /^Failed(?:Mount|AttachVolume|MapVolume|CreatePodSandBox|CreatePodContainer)$/;

/** What happens only when the volumes are there. */
const AFTERWARDS = /^(?:Pulling|Pulled|Created|Started|SuccessfulMountVolume)$/;

/** A pod whose node cannot get it its volumes, and what was said of that last. */
export interface Unmounted {
  pod: PodSnapshot;
  snapshot: WorkspaceSnapshot;
  event: EventSnapshot;
}

export function findUnmounted(scene: Scene): Unmounted | undefined {
  const { pod, snapshot } = findStarting(scene) ?? {};
  if (pod === undefined || snapshot === undefined || pod.container?.state === 'running') return undefined;
  const last = listPodEvents(pod, snapshot).findLast(
    ({ reason = '' }) => TROUBLES.test(reason) || AFTERWARDS.test(reason) || reason === 'SuccessfulAttachVolume',
  );
  if (last?.reason === undefined || last.type !== 'Warning' || !TROUBLES.test(last.reason)) return undefined;
  return { pod, snapshot, event: last };
}

/** The same of each volume that the node cannot mount, the last that was said of it: it tries all of them at once. */
export function listUnmounted(scene: Scene): Unmounted[] {
  const last = findUnmounted(scene);
  if (last === undefined) return [];
  const all = listPodEvents(last.pod, last.snapshot);
  const begun = all.findLastIndex(({ reason = '' }) => AFTERWARDS.test(reason));
  const byVolume = new Map<string | undefined, EventSnapshot>();
  for (const event of all.slice(begun + 1))
    if (event.type === 'Warning' && TROUBLES.test(event.reason ?? ''))
      byVolume.set(readMountFault(event.message ?? '').volume, event);
  // What names no volume says again what was said of one.
  if (byVolume.size > 1) byVolume.delete(undefined);
  return [...byVolume.values()].map((event) => ({ ...last, event }));
}
