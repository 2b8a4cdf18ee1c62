import { AUTHORIZED_KEYS_FILE } from '../../contract/paths.ts';
import { chooseIdentities, listAuthorizedBlobs } from '../../workspace/keys/identities.ts';
import type { Identity } from '../../workspace/keys/keys.ts';
import type { HostPlace } from '../../workspace/ssh-config/host-blocks.ts';
import { type SshConfigFiles, type SshProgram, toPublicKeyName } from '../../workspace/ssh-config/ssh-config.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** How Host blocks find `ws` and the cluster. */
export interface SshConfigRequest {
  program: SshProgram;
  /** Where the ProxyCommand looks, as far as the block must say it. */
  kubeconfig: string | undefined;
  /** Whether that is a list like KUBECONFIG's. */
  isKubeconfigList?: boolean;
  /** The key to log in with, for every workspace; undefined: each one's own. */
  identityPath: string | undefined;
}

/** Where the blocks of a request lead. */
export function toHostPlace({ kubeconfig, isKubeconfigList = false }: SshConfigRequest, { cluster }: World): HostPlace {
  return { context: cluster.context, namespace: cluster.namespace, kubeconfig, isKubeconfigList };
}

/** The value of `IdentityFile`. */
export interface SshIdentity {
  path: string;
  /** The file at `path`, where it has to be written: by a public key OpenSSH finds the one that the agent holds. */
  publicKey: { name: string; text: string } | undefined;
}

/**
 * The first of the keys that the workspace authorizes, or the wanted one. Undefined when what it authorizes cannot be
 * known: then OpenSSH offers what it has.
 */
export async function findSshIdentity(
  snapshot: WorkspaceSnapshot,
  identities: Identity[],
  isWanted: boolean,
  files: SshConfigFiles,
  world: World,
  signal: AbortSignal,
): Promise<SshIdentity | undefined> {
  const [identity] = isWanted ? identities : await findAuthorized(snapshot, identities, world, signal);
  if (identity === undefined) return undefined;
  if (identity.path !== undefined) return { path: identity.path, publicKey: undefined };
  const name = toPublicKeyName(identity.fingerprint);
  return { path: files.beside(name).path, publicKey: { name, text: `${identity.type} ${identity.blob}\n` } };
}

async function findAuthorized(
  snapshot: WorkspaceSnapshot,
  identities: Identity[],
  world: World,
  signal: AbortSignal,
): Promise<Identity[]> {
  const name = snapshot.deployment?.authorizedKeysSecret;
  if (name === undefined) return [];
  const secret = await world.cluster.findSecret(name, signal).catch(() => undefined);
  const text = secret?.get(AUTHORIZED_KEYS_FILE)?.toString('utf8');
  return text === undefined ? [] : chooseIdentities(identities, listAuthorizedBlobs(text));
}
