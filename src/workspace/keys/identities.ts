/** Which of the user's key pairs open a workspace, and how it is known to SSH. */
import { readAuthorizedKeys } from '../../contract/keys/authorized-keys.ts';
import type { Identity } from './keys.ts';

/**
 * The name under which a workspace's host key stands in known_hosts (`HostKeyAlias`). It holds the cluster's identity,
 * so that two clusters with workspaces of the same name never mix, however the context is called on this machine.
 */
export function toHostKeyAlias(workspace: string, namespace: string, clusterId: string): string {
  return `ws-${workspace}.${namespace}.${clusterId}`;
}

/**
 * Public key blobs of an authorized_keys text, of lines included that open nothing: only the server can be sure of
 * that.
 */
export function listAuthorizedBlobs(text: string): Set<string> {
  return new Set(readAuthorizedKeys(text).flatMap(({ key }) => key?.blob ?? []));
}

/**
 * The identities worth offering: those the workspace authorizes, agent keys first. When what it authorizes is unknown
 * (the Secret may not be read), all of them, files without a passphrase before files with one.
 */
export function chooseIdentities(identities: Identity[], authorized: Set<string> | undefined): Identity[] {
  const usable = authorized === undefined ? identities : identities.filter((identity) => authorized.has(identity.blob));
  return usable.toSorted((a, b) => rank(a) - rank(b));
}

function rank(identity: Identity): number {
  if (identity.source === 'agent') return 0;
  return identity.encrypted ? 2 : 1;
}
