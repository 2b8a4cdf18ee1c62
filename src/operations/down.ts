import { releaseName } from '../contract/labels.ts';
import { interrupted } from '../workspace/errors.ts';
import type { Operation, ProgressEvent } from '../workspace/events.ts';
import { findClaimHold, isSharedSecret } from '../workspace/homes.ts';
import { toResumeCommand } from '../workspace/resume.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import type { World } from '../workspace/world.ts';
import { deleteHome } from './steps/delete-home.ts';

/** How long the pod may take to end. */
const END_TIMEOUT_MS = 120_000;

export interface DownRequest {
  /** What is to go, as the caller showed it to the user. */
  snapshot: WorkspaceSnapshot;
  home: 'keep' | 'delete';
}

export interface DownResult {
  workspace: string;
  /** Names of the claims and Secrets that stay and that went. */
  kept: string[];
  deleted: string[];
  /** The command that makes the workspace again on what was kept; undefined when nothing of it was. */
  resume: string | undefined;
}

/** Removes the release; then, as its own last step and only when asked, the home and the host key. */
export async function* down(request: DownRequest, world: World, signal: AbortSignal): Operation<DownResult> {
  const { snapshot, home } = request;
  yield { type: 'planned', workspace: snapshot.name, steps: home === 'delete' ? ['remove', 'home'] : ['remove'] };
  const has = toBelongings(snapshot);
  const resume = toResumeCommand(snapshot);
  if (home === 'keep') {
    yield* remove(snapshot, world, signal);
    return { workspace: snapshot.name, kept: [...(has.claim ? [has.claim] : []), has.hostKey], deleted: [], resume };
  }
  // Before anything is changed, and again just before the deletion: meanwhile somebody may have taken the home up.
  await verifyOwnAlone(snapshot, has, world, signal);
  yield* remove(snapshot, world, signal);
  const { hostKey } = await verifyOwnAlone(snapshot, has, world, signal);
  const claim = has.isClaimDoomed ? has.claim : undefined;
  const deleted = yield* deleteHome({ workspace: snapshot.name, claim, hostKey }, world, signal);
  const kept = [has.claim, has.hostKey].filter((name) => name !== undefined && !deleted.includes(name)) as string[];
  return { workspace: snapshot.name, kept, deleted, resume: kept.length === 0 ? undefined : resume };
}

interface Belongings {
  claim: string | undefined;
  isClaimDoomed: boolean;
  hostKey: string;
  isHostKeyOwn: boolean;
}

/**
 * What of a workspace's claim and host key is its own. Those that the user brought along (`home.existingClaim`,
 * `hostKey.existingSecret`) are not this command's to delete; nor is a claim of which the home was one folder, because
 * the others may be anybody's.
 */
function toBelongings({ name, release, home, deployment }: WorkspaceSnapshot): Belongings {
  const claim = home.kind === 'claim' ? home.claim : undefined;
  const ownHostKey = `${release || releaseName(name)}-host-key`;
  const hostKey = deployment?.hostKeySecret || ownHostKey;
  return {
    claim: claim?.name,
    isClaimDoomed: home.kind === 'claim' && claim?.workspace === name && home.subPath === undefined,
    hostKey,
    isHostKeyOwn: hostKey === ownHostKey,
  };
}

/** Throws `HOME_IN_USE`, or returns the host key that may go. */
async function verifyOwnAlone(
  { name }: WorkspaceSnapshot,
  { claim, isClaimDoomed, hostKey, isHostKeyOwn }: Belongings,
  world: World,
  signal: AbortSignal,
): Promise<{ hostKey: string | undefined }> {
  const [users, hostKeys] = await Promise.all([
    world.cluster.listVolumeUsers(signal),
    world.cluster.listHostKeys(signal),
  ]);
  const hold = claim !== undefined && isClaimDoomed ? findClaimHold(claim, name, { users, hostKeys }) : undefined;
  if (hold !== undefined) throw hold;
  return { hostKey: isHostKeyOwn && !isSharedSecret(hostKey, name, users) ? hostKey : undefined };
}

async function* remove(
  snapshot: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  yield { type: 'started', step: 'remove' };
  const release = snapshot.release || releaseName(snapshot.name);
  if ((await world.releases.find(release, signal)) !== undefined) await world.releases.uninstall(release, signal);
  const limit = AbortSignal.timeout(END_TIMEOUT_MS);
  try {
    for await (const now of world.cluster.watchWorkspace(snapshot.name, AbortSignal.any([signal, limit]))) {
      const pod = now.pod?.name ?? now.endingPods[0];
      if (pod === undefined) break;
      yield { type: 'advanced', step: 'remove', fact: { kind: 'terminating', pod } };
    }
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
  }
  if (signal.aborted) throw interrupted();
  yield { type: 'finished', step: 'remove', fact: { kind: 'removed', what: 'release', name: release } };
}
