import { compareTexts } from '../../workspace/compare-texts.ts';
import { DEFAULT_WORKSPACE } from '../../workspace/names.ts';
import { toInfo, type WorkspaceInfo } from '../../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { verifyNamespace } from '../checks/find-namespace-fault.ts';
import { readUsage } from './read-usage.ts';

export interface ListOptions {
  /** Of every namespace of the context, where the user may see them. */
  allNamespaces?: boolean;
  /** Asks each workspace how full its home is. */
  usage?: boolean;
}

/**
 * All workspaces by namespace and name, kept homes included, but not those that another workspace has taken up. Throws
 * `NOT_PERMITTED` where the user may not list, and `NAMESPACE_MISSING`.
 */
export async function list(world: World, signal: AbortSignal, options: ListOptions = {}): Promise<WorkspaceInfo[]> {
  const { cluster } = world;
  const snapshots = await (options.allNamespaces === true
    ? cluster.listAllWorkspaces(signal)
    : cluster.listWorkspaces(signal));
  if (snapshots.length === 0 && options.allNamespaces !== true) await verifyNamespace(DEFAULT_WORKSPACE, world, signal);
  const taken = new Set(snapshots.filter(({ deployment }) => deployment !== undefined).flatMap(toClaimKey));
  const shown = snapshots.filter(
    (snapshot) => !isKeptOnly(snapshot) || !toClaimKey(snapshot).some((key) => taken.has(key)),
  );
  const infos = await Promise.all(
    shown.map(async (snapshot) => {
      const info = toInfo(snapshot, cluster.context);
      const usage = options.usage === true ? await readUsage(snapshot, world, signal) : undefined;
      return usage === undefined ? info : { ...info, home: { ...info.home, ...usage } };
    }),
  );
  return infos.toSorted((a, b) => compareTexts(a.namespace, b.namespace) || compareTexts(a.name, b.name));
}

function isKeptOnly({ deployment, pod }: WorkspaceSnapshot): boolean {
  return deployment === undefined && pod === undefined;
}

function toClaimKey({ namespace, home }: WorkspaceSnapshot): string[] {
  return home.kind === 'claim' ? [`${namespace}/${home.claim.name}`] : [];
}
