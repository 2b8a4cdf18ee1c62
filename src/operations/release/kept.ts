/** What Helm keeps of a release when it goes: the home claim and the host key's Secret. */
import { findClaimHold, isSharedSecret } from '../../workspace/state/homes.ts';
import type { World } from '../../workspace/world.ts';

/** The names of the two, where they exist. */
export interface Kept {
  claim: string | undefined;
  hostKey: string | undefined;
}

export async function findKept(release: string, world: World, signal: AbortSignal): Promise<Kept> {
  const [claim, hostKey] = [`${release}-home`, `${release}-host-key`];
  const [foundClaim, foundKey] = await Promise.all([
    world.cluster.findClaim(claim, signal),
    world.cluster.findSecret(hostKey, signal),
  ]);
  return {
    claim: foundClaim === undefined ? undefined : claim,
    hostKey: foundKey === undefined ? undefined : hostKey,
  };
}

/** A workspace whose creation failed. */
export interface Failed {
  workspace: string;
  release: string;
  /** What was there before. */
  keptBefore: Kept;
}

/**
 * Removes what stands there now and did not before, because it holds nothing yet; returns a sentence for each that has
 * to stay. In the meantime somebody else may have made an object of that name, or begun to use it.
 */
export async function removeKept(failed: Failed, world: World, signal: AbortSignal): Promise<string[]> {
  const { workspace, release, keptBefore } = failed;
  const now = await findKept(release, world, signal);
  const claim = keptBefore.claim === undefined ? now.claim : undefined;
  const hostKey = keptBefore.hostKey === undefined ? now.hostKey : undefined;
  if (claim === undefined && hostKey === undefined) return [];
  const users = await world.cluster.listVolumeUsers(signal);
  const staying: string[] = [];
  if (claim !== undefined) {
    const isOwn = (await world.cluster.findClaim(claim, signal))?.workspace === workspace;
    const hold = findClaimHold(claim, workspace, { users, hostKeys: [] });
    if (hold !== undefined) staying.push(`${hold.message}, and stays`);
    else if (isOwn) await world.cluster.deleteClaim(claim, signal);
  }
  if (hostKey !== undefined) {
    const isOwn = (await world.cluster.findMarkedSecret(hostKey, signal))?.annotations[MAKER] === release;
    if (isSharedSecret(hostKey, workspace, users)) staying.push(`Secret ${hostKey} is in use, and stays`);
    else if (isOwn) await world.cluster.deleteSecret(hostKey, signal);
  }
  return staying;
}

/** The annotation that names the release of an object. */
const MAKER = 'meta.helm.sh/release-name';
