import { toInfo, type WorkspaceInfo } from '../workspace/info.ts';
import type { World } from '../workspace/world.ts';

/** All workspaces of the namespace by name, kept homes included, but not those that another workspace has taken up. */
export async function list(world: World, signal: AbortSignal): Promise<WorkspaceInfo[]> {
  const snapshots = await world.cluster.listWorkspaces(signal);
  const taken = new Set(
    snapshots.flatMap(({ deployment, home }) =>
      deployment !== undefined && home.kind === 'claim' ? [home.claim.name] : [],
    ),
  );
  return snapshots
    .filter(({ deployment, pod, home }) => {
      const isKeptOnly = deployment === undefined && pod === undefined && home.kind === 'claim';
      return !isKeptOnly || !taken.has(home.claim.name);
    })
    .map((snapshot) => toInfo(snapshot, world.cluster.context))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
