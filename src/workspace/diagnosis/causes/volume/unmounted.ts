/** The node cannot get the pod what it mounts. */
import type { EventSnapshot, PodSnapshot, WorkspaceSnapshot } from '../../../state/snapshot.ts';
import { findStarting } from '../../parts.ts';
import { listPodEvents } from '../../pod-fact.ts';
import type { Scene } from '../../scene.ts';

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
