import { toInfo, type WorkspaceInfo } from '../workspace/info.ts';
import type { World } from '../workspace/world.ts';

/** All workspaces of the namespace, kept homes included, by name. */
export async function list(world: World, signal: AbortSignal): Promise<WorkspaceInfo[]> {
  const snapshots = await world.cluster.listWorkspaces(signal);
  return snapshots
    .map((snapshot) => toInfo(snapshot, world.cluster.context))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
