import type { WorkspaceError } from '../../workspace/errors/errors.ts';
import type { ListedKey, NamedKey } from '../../workspace/keys/keys.ts';
import { withKeysOwner } from '../../workspace/keys/keys-owner.ts';
import { describeKeysFault, listSecretKeys } from '../../workspace/keys/secret-keys.ts';
import type { MarkedSecret } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';
import { unusable } from '../login/explain-refusal.ts';

/** Where the keys of a workspace stand. */
interface KeysSecret {
  workspace: string;
  name: string;
  secret: MarkedSecret;
}

/** The keys that open a workspace, in the order of its Secret. */
export async function listKeys(name: string | undefined, world: World, signal: AbortSignal): Promise<NamedKey[]> {
  return toKeys(await readKeysSecret(name, world, signal));
}

/**
 * The same, each with what this machine calls it: `ws doctor` and ssh know it by that. `fault`: why there is none, if
 * `ws keys add` alone does not help.
 */
export async function listKeysHere(
  name: string | undefined,
  world: World,
  signal: AbortSignal,
): Promise<{ keys: ListedKey[]; fault: WorkspaceError | undefined }> {
  const [held, own] = await Promise.all([
    readKeysSecret(name, world, signal),
    // Without its own keys a machine can still see those of others.
    world.identities.list(signal).catch(() => []),
  ]);
  const keys = toKeys(held).map((key) => {
    const here = own.find(({ blob }) => blob === key.blob);
    return here === undefined ? key : { ...key, here: { path: here.path, comment: here.comment } };
  });
  return { keys, fault: held === undefined || keys.length > 0 ? undefined : explainNoKeys(held) };
}

async function readKeysSecret(
  wanted: string | undefined,
  world: World,
  signal: AbortSignal,
): Promise<KeysSecret | undefined> {
  const { name: workspace, deployment } = await selectWorkspace(wanted, world, signal);
  const name = deployment?.authorizedKeysSecret;
  const secret = name === undefined ? undefined : await world.cluster.findMarkedSecret(name, signal);
  return name === undefined || secret === undefined ? undefined : { workspace, name, secret };
}

function toKeys(held: KeysSecret | undefined): NamedKey[] {
  return listSecretKeys(held?.secret.data);
}

/** What a login would say, if the Secret is damaged or its keys are not for `ws` to change. */
function explainNoKeys({ workspace, name, secret }: KeysSecret): WorkspaceError | undefined {
  const fault = describeKeysFault(name, secret.data);
  const bare = unusable(workspace, fault ?? '');
  const error = withKeysOwner(bare, { workspace, name, secret });
  return fault === undefined && error === bare ? undefined : error;
}
