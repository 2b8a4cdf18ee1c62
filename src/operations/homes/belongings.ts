import { ENDING_CLAIM, type WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

export interface Belongings {
  claim: string | undefined;
  isClaimDoomed: boolean;
  /** Its own claim of an earlier time. */
  unused: string | undefined;
  hostKey: string;
  isHostKeyDoomed: boolean;
  /**
   * A home of its own stays, whatever is asked for: then the host key stays as well, and whoever comes back knows it.
   */
  keepsHome: boolean;
}

/**
 * What of a workspace's claim and host key is its own. Those that the user brought along (`home.existingClaim`,
 * `hostKey.existingSecret`) are not this command's to delete; nor is a claim of which the home was one folder, because
 * the others may be anybody's; nor one of an earlier time, which is not the home that was seen last.
 */
export function toBelongings({ name, release, home, deployment }: WorkspaceSnapshot): Belongings {
  // One that is being deleted is nobody's any more.
  const claim = home.kind === 'claim' && home.claim.phase !== ENDING_CLAIM ? home.claim : undefined;
  const ownHostKey = `${release}-host-key`;
  const hostKey = deployment?.hostKeySecret ?? ownHostKey;
  const isOwn = claim?.workspace === name;
  const isClaimDoomed = home.kind === 'claim' && claim !== undefined && isOwn && home.subPath === undefined;
  const keepsHome = home.unused !== undefined || (isOwn && !isClaimDoomed);
  return {
    claim: claim?.name,
    isClaimDoomed,
    unused: home.unused?.name,
    hostKey,
    isHostKeyDoomed: hostKey === ownHostKey && !keepsHome,
    keepsHome,
  };
}
