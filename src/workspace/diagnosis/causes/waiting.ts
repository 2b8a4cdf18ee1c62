import type { PodSnapshot } from '../../state/snapshot.ts';

/** The kubelet's own reason for not starting the container (pkg/kubelet/images/types.go, container/sync_result.go). */
export function findWaiting({ container }: PodSnapshot): { reason: string; message: string } | undefined {
  if (container?.state !== 'waiting' || container.reason === undefined) return undefined;
  return { reason: container.reason, message: container.message ?? container.reason };
}
