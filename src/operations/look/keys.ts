import type { WorkspaceError } from '../../workspace/errors/errors.ts';
import type { ListedKey, NamedKey } from '../../workspace/keys/keys.ts';
import { describeKeysFault, listSecretKeys } from '../../workspace/keys/secret-keys.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';
import { unusable, withOwner } from '../login/explain-refusal.ts';

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

/**
 * For a workspace without keys: what a login would say, if the Secret is damaged or its keys are not for `ws` to
 * change. Undefined where `ws keys add` helps and nothing else is to be said.
 */
export async function explainNoKeys(
  name: string | undefined,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceError | undefined> {
  const { name: workspace, deployment } = await selectWorkspace(name, world, signal);
  const { authorizedKeysSecret } = deployment ?? {};
  if (authorizedKeysSecret === undefined) return undefined;
  const data = await world.cluster.findSecret(authorizedKeysSecret, signal);
  const fault = data && describeKeysFault(authorizedKeysSecret, data);
  const bare = unusable(workspace, fault ?? '');
  const error = await withOwner(bare, { workspace, authorizedKeysSecret }, world, signal);
  return fault === undefined && error === bare ? undefined : error;
}
