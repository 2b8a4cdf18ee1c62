import type { ListedKey, NamedKey } from '../../workspace/keys/keys.ts';
import { listSecretKeys } from '../../workspace/keys/secret-keys.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';

/** The keys that open a workspace, in the order of its Secret. */
export async function listKeys(name: string | undefined, world: World, signal: AbortSignal): Promise<NamedKey[]> {
  const { deployment } = await selectWorkspace(name, world, signal);
  const secret = deployment?.authorizedKeysSecret;
  return secret === undefined ? [] : listSecretKeys(await world.cluster.findSecret(secret, signal));
}

/** The same, each with what this machine calls it: `ws doctor` and ssh know it by that. */
export async function listKeysHere(name: string | undefined, world: World, signal: AbortSignal): Promise<ListedKey[]> {
  const [keys, own] = await Promise.all([
    listKeys(name, world, signal),
    // Without its own keys a machine can still see those of others.
    world.identities.list(signal).catch(() => []),
  ]);
  return keys.map((key) => {
    const here = own.find(({ blob }) => blob === key.blob);
    return here === undefined ? key : { ...key, here: { path: here.path, comment: here.comment } };
  });
}
