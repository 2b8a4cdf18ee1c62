import { mendKeys } from '../../workspace/keys/secret-keys.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/**
 * Lets what `ws keys` said hold after a write of the release that could not know it: a rollback, which applies an old
 * manifest, or an upgrade that was rendered just before.
 */
export async function mendAuthorizedKeys(
  { deployment }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const name = deployment?.authorizedKeysSecret;
  if (name === undefined) return;
  const data = await world.cluster.findSecret(name, signal);
  const entries = data === undefined ? undefined : mendKeys(data);
  if (data !== undefined && entries !== undefined) await world.cluster.updateSecret(name, data, entries, signal);
}
