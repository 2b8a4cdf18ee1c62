import { toPublicKey } from '../../contract/host-key.ts';
import { HOST_KEY_FILE } from '../../contract/paths.ts';
import type { HostKeyPlace } from '../../workspace/endpoint.ts';
import { failure } from '../../workspace/errors.ts';
import { toHostKeyAlias } from '../../workspace/identities.ts';
import { type HostKey, toFingerprint } from '../../workspace/keys.ts';
import type { RecentLogin } from '../../workspace/recent-login.ts';
import type { World } from '../../workspace/world.ts';

export interface PinnedHostKey {
  alias: string;
  hostKeys: HostKey[];
  /** What happened to known_hosts. */
  change: 'pinned' | 'known' | 'replaced';
}

/**
 * Reads the host key from its Secret, over the API server's TLS, and pins it in known_hosts before the first byte of SSH.
 * A key that differs from the pinned one is refused with `HOST_KEY_CHANGED`, unless `accept` names its fingerprint.
 */
export async function pinHostKey(
  place: HostKeyPlace,
  world: World,
  signal: AbortSignal,
  accept?: string,
): Promise<PinnedHostKey> {
  const { workspace, namespace } = place;
  // One after the other, on one connection: to open a second one takes longer than both answers.
  const hostKey = await readHostKey(place, world, signal);
  const alias = toHostKeyAlias(workspace, namespace, await world.cluster.getClusterId(signal));
  const known = await findPinned(hostKey, workspace, alias, world, accept);
  if (known === hostKey.blob) return { alias, hostKeys: [hostKey], change: 'known' };
  await world.knownHosts.pin(alias, [hostKey]);
  return { alias, hostKeys: [hostKey], change: known === undefined ? 'pinned' : 'replaced' };
}

/** Throws `HOST_KEY_CHANGED` when the key in the cluster is not the one that was pinned at a login. */
export async function verifyHostKey(
  { endpoint, hostKeyAlias }: RecentLogin,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const hostKey = await readHostKey(endpoint, world, signal);
  await findPinned(hostKey, endpoint.workspace, hostKeyAlias, world, undefined);
}

/** The blob of the pinned key: this one, or another one that may be replaced. */
async function findPinned(
  hostKey: HostKey,
  workspace: string,
  alias: string,
  { knownHosts }: World,
  accept: string | undefined,
): Promise<string | undefined> {
  const known = await knownHosts.find(alias);
  if (known.some(({ blob }) => blob === hostKey.blob)) return hostKey.blob;
  const pinned = known[0]?.blob;
  const fingerprint = toFingerprint(hostKey.blob);
  if (pinned !== undefined && accept !== fingerprint)
    throw changed(workspace, toFingerprint(pinned), fingerprint, knownHosts.path);
  return pinned;
}

async function readHostKey(
  { workspace, hostKeySecret }: HostKeyPlace,
  { cluster }: World,
  signal: AbortSignal,
): Promise<HostKey> {
  const secret = await cluster.findSecret(hostKeySecret, signal);
  const privateKey = secret?.get(HOST_KEY_FILE);
  if (privateKey === undefined) {
    throw failure('HOST_KEY_MISSING', {
      message: `Workspace ${workspace} has no host key`,
      reason: `Secret ${hostKeySecret} has no entry ${HOST_KEY_FILE}`,
      suggestions: [`ws up ${workspace} --repair   (writes the release again, and a new host key with it)`],
    });
  }
  return readPublicHalf(privateKey, workspace, hostKeySecret);
}

function readPublicHalf(privateKey: Buffer, workspace: string, secretName: string): HostKey {
  try {
    return toPublicKey(privateKey);
  } catch (cause) {
    throw failure('HOST_KEY_MISSING', {
      message: `The host key of workspace ${workspace} cannot be read`,
      reason: `Secret ${secretName}: ${(cause as Error).message}`,
      suggestions: [`kubectl delete secret ${secretName} && ws up ${workspace} --repair   (makes a new host key)`],
      cause,
    });
  }
}

function changed(workspace: string, pinned: string, found: string, path: string) {
  return failure('HOST_KEY_CHANGED', {
    message: `The host key of workspace ${workspace} is not the one that was pinned`,
    reason: `Pinned in ${path}: ${pinned}\nIn the cluster now: ${found}\nThe key in the cluster comes from the Kubernetes API with your credentials. If the workspace's host-key Secret was deleted or replaced on purpose, this is a rotation; if nobody did, somebody with access to the namespace did`,
    suggestions: [`ws up ${workspace} --accept-host-key ${found}   (after you have made sure)`],
  });
}
