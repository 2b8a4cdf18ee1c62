import { parseServedHostKey } from '../../contract/keys/host-key.ts';
import type { PublicKey } from '../../contract/keys/public-key.ts';
import { HOST_KEY_FILE } from '../../contract/paths.ts';
import type { ApiTrust } from '../../workspace/api-trust.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { advice, again, kubectl, ws } from '../../workspace/errors/suggestion.ts';
import { toFingerprint } from '../../workspace/keys/keys.ts';
import type { RecentLogin } from '../../workspace/recent-login.ts';
import type { HostKeySource } from '../../workspace/state/endpoint.ts';
import type { World } from '../../workspace/world.ts';
import { findPins, pinKey } from './pins.ts';

/** Instead of a fingerprint: a key may be pinned although nobody checked the certificate of its connection. */
const ACCEPT_UNVERIFIED = 'unverified';

export interface PinnedHostKey {
  alias: string;
  hostKeys: PublicKey[];
  /** What happened to known_hosts. `unkept`: it could not be written, and the key holds for this run alone. */
  change: 'pinned' | 'known' | 'replaced' | 'unkept';
}

/**
 * Reads the host key from its Secret, over the API server's TLS, and pins it in known_hosts before the first byte of
 * SSH. A key that differs from the pinned one is refused with `HOST_KEY_CHANGED`, unless `accept` names its
 * fingerprint, or enough of its beginning. A first one that came over a connection whose certificate was not checked is
 * refused with `HOST_KEY_UNVERIFIED`, unless `accept` names its fingerprint or is `unverified`.
 */
export async function pinHostKey(
  source: HostKeySource,
  world: World,
  signal: AbortSignal,
  accept?: string,
): Promise<PinnedHostKey> {
  // One after the other, on one connection: to open a second one takes longer than both answers.
  const hostKey = await readHostKey(source, world, signal);
  const { alias, keys, isCurrent } = await findPins(source, world, signal);
  const isKnown = keys.some(({ blob }) => blob === hostKey.blob);
  if (!isKnown) verifyAccepted({ found: hostKey, pinned: keys[0], accept }, source.workspace, world);
  const kept = isKnown && isCurrent ? 'kept' : await pinKey(source, hostKey, world, signal);
  const written = keys.length === 0 ? 'pinned' : 'replaced';
  const change = isKnown ? 'known' : kept === 'kept' ? written : 'unkept';
  return { alias, hostKeys: [hostKey], change };
}

/**
 * Throws `HOST_KEY_UNVERIFIED` when the first host key of a workspace could not be pinned, whatever it will be: before
 * a workspace is made to which nobody could log in.
 */
export async function verifyPinnable(
  workspace: string,
  world: World,
  signal: AbortSignal,
  accept: string | undefined,
): Promise<void> {
  const { trust, namespace } = world.cluster;
  if (trust.kind !== 'none' || accept !== undefined) return;
  const { keys } = await findPins({ workspace, namespace }, world, signal);
  if (keys.length === 0) throw unverified(workspace, trust, undefined);
}

/** Throws `HOST_KEY_CHANGED` when the key in the cluster is not the one that was pinned at a login. */
export async function verifyHostKey(
  { endpoint, hostKeyAlias }: RecentLogin,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const hostKey = await readHostKey(endpoint, world, signal);
  const keys = await world.knownHosts.find(hostKeyAlias);
  if (keys.length === 0 || keys.some(({ blob }) => blob === hostKey.blob)) return;
  verifyAccepted({ found: hostKey, pinned: keys[0] }, endpoint.workspace, world);
}

/** Throws unless the key may take the place of the pinned one, or of none. */
function verifyAccepted(
  { found, pinned, accept }: { found: PublicKey; pinned: PublicKey | undefined; accept?: string | undefined },
  workspace: string,
  { cluster, knownHosts }: World,
): void {
  const fingerprint = toFingerprint(found.blob);
  if (accept !== undefined && isAccepted(fingerprint, accept)) return;
  if (pinned !== undefined) throw changed(workspace, toFingerprint(pinned.blob), fingerprint, knownHosts.path);
  const { trust } = cluster;
  if (trust.kind === 'none' && accept !== ACCEPT_UNVERIFIED) throw unverified(workspace, trust, fingerprint);
}

/**
 * So many characters of a fingerprint are proof enough, as 132 bits that nobody finds a second key for, and a command
 * with them fits a line of a terminal.
 */
const LEAST_OF_FINGERPRINT = 'SHA256:'.length + 22;

function isAccepted(fingerprint: string, accept: string): boolean {
  return accept.length >= LEAST_OF_FINGERPRINT && fingerprint.startsWith(accept);
}

async function readHostKey(
  { workspace, hostKeySecret }: HostKeySource,
  { cluster }: World,
  signal: AbortSignal,
): Promise<PublicKey> {
  const secret = hostKeySecret === undefined ? undefined : await cluster.findSecret(hostKeySecret, signal);
  const hostKey = hostKeySecret === undefined ? undefined : readPublicHalf(secret, workspace, hostKeySecret);
  if (hostKey === undefined) {
    throw failure('HOST_KEY_MISSING', {
      message: `Workspace ${workspace} has no host key`,
      reason:
        hostKeySecret === undefined
          ? 'Its pod mounts no Secret with one'
          : `Secret ${hostKeySecret} has no entry ${HOST_KEY_FILE}`,
      suggestions: [{ ...ws`up --repair`, workspace, note: 'writes the release again, and a new host key with it' }],
    });
  }
  return hostKey;
}

function readPublicHalf(entries: ReadonlyMap<string, Buffer> | undefined, workspace: string, secretName: string) {
  try {
    return parseServedHostKey(entries);
  } catch (cause) {
    throw failure('HOST_KEY_MISSING', {
      message: `The host key of workspace ${workspace} cannot be read`,
      reason: `Secret ${secretName}: ${toReason(cause, 'file')}`,
      suggestions: [
        { ...kubectl`delete secret ${secretName}`, note: 'takes the damaged key away' },
        { ...ws`up --repair`, workspace, note: 'then makes a new one' },
      ],
      cause,
    });
  }
}

function changed(workspace: string, pinned: string, found: string, path: string) {
  const accepted = found.slice(0, LEAST_OF_FINGERPRINT);
  return failure('HOST_KEY_CHANGED', {
    message: `The host key of workspace ${workspace} is not the one that was pinned`,
    reason: `Pinned in ${path}: ${pinned}\nIn the cluster now: ${found}\nThe key in the cluster comes from the Kubernetes API with your credentials. If the workspace's host-key Secret was deleted or replaced on purpose, this is a rotation; if nobody did, somebody with access to the namespace did`,
    suggestions: [
      again({
        ...ws`up --accept-host-key ${accepted}`,
        workspace,
        note: 'after you have made sure: it replaces the old pin',
      }),
    ],
  });
}

function unverified(workspace: string, trust: ApiTrust & { kind: 'none' }, fingerprint: string | undefined) {
  const why =
    trust.reason === 'skipped'
      ? "The kubeconfig says insecure-skip-tls-verify: nobody looks at the API server's certificate"
      : "The kubeconfig's server begins with http://: nothing proves that it is the API server";
  const shown = fingerprint === undefined ? '' : `\nThe key that came: ${fingerprint}`;
  return failure('HOST_KEY_UNVERIFIED', {
    message: `The host key of workspace ${workspace} would be trusted from an unverified connection`,
    reason: `${why}, and whoever answers in its place can hand out a host key. A key that is pinned once is trusted from then on${shown}`,
    suggestions: [
      advice('Give the cluster its certificate-authority in the kubeconfig'),
      fingerprint === undefined
        ? again({ ...ws`up --accept-host-key ${ACCEPT_UNVERIFIED}`, workspace, note: 'trusts whatever key comes' })
        : {
            ...ws`up --accept-host-key ${fingerprint.slice(0, LEAST_OF_FINGERPRINT)}`,
            workspace,
            note: 'after you have compared it with "ws status" elsewhere',
          },
    ],
  });
}
