import { HOME_SIZE_METRIC, HOME_USED_METRIC } from '../../contract/metrics.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { readMetrics, type WorkspaceMetrics } from '../metrics/read-metrics.ts';

/** Of the file system that the home is on: where volumes are folders of a node's disk, that is the disk. */
export interface HomeUsage {
  usedBytes: number;
  totalBytes: number;
}

/** Reads the workspace's own metrics; undefined when it is not ready or does not answer. Throws `INTERRUPTED`. */
export async function readUsage(
  { pod, namespace }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): Promise<HomeUsage | undefined> {
  if (pod?.ready !== true) return undefined;
  try {
    return toUsage(await readMetrics({ pod: pod.name, namespace }, world, signal));
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

export function toUsage(metrics: WorkspaceMetrics): HomeUsage | undefined {
  const usedBytes = metrics.get(HOME_USED_METRIC)?.value;
  const totalBytes = metrics.get(HOME_SIZE_METRIC)?.value;
  return usedBytes === undefined || totalBytes === undefined ? undefined : { usedBytes, totalBytes };
}
