import type { Cluster, Permission } from '../../../workspace/world.ts';

/** A WebSocket is a get, and since Kubernetes 1.35 a create as well (AuthorizePodWebsocketUpgradeCreatePermission). */
export const FORWARD: Permission[] = toVerbs('portforward');

/** The other way to a pod: see `docs/decisions/0048`. */
const EXEC: Permission[] = toVerbs('exec');

function toVerbs(subresource: string): Permission[] {
  return ['get', 'create'].map((verb) => ({ group: '', resource: 'pods', subresource, verb }));
}

/** What the API server refuses, but for a port-forward where the user may exec: that leads to a pod as well. */
export async function findMissing(
  wanted: Permission[],
  cluster: Pick<Cluster, 'findMissingPermissions'>,
  signal: AbortSignal,
): Promise<Permission[]> {
  const missing = await cluster.findMissingPermissions(wanted, signal);
  const others = missing.filter(({ subresource }) => subresource !== 'portforward');
  if (others.length === missing.length) return missing;
  return (await cluster.findMissingPermissions(EXEC, signal)).length === 0 ? others : missing;
}
