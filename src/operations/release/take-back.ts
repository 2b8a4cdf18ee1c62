import { type ErrorCode, hasCode, WorkspaceError, withOutcome } from '../../workspace/errors/errors.ts';
import { command } from '../../workspace/errors/shell-words.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { mendAuthorizedKeys } from './mend-authorized-keys.ts';

/** What Helm keeps of a release, as far as it is there: the names of the home claim and of the host key's Secret. */
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

interface Change {
  release: string;
  found: WorkspaceSnapshot | undefined;
  /** Of a new workspace: what was there before. */
  keptBefore: Kept | undefined;
}

/** With these, Helm has changed nothing, or somebody else is at work. */
const UNTOUCHED: ErrorCode[] = [
  ...(['WORKSPACE_BUSY', 'WORKSPACE_MISSING', 'RELEASE_FOREIGN', 'CHART_REFUSED', 'BAD_VALUE'] as const),
  ...(['HELM_MISSING', 'HELM_TOO_OLD', 'KUBECONFIG_MISSING', 'CONTEXT_UNKNOWN', 'INTERRUPTED'] as const),
];

/** Takes back what a write that failed has changed, and returns its error with what is true now. */
export async function takeBack(error: unknown, change: Change, world: World, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted || !(error instanceof WorkspaceError) || hasCode(error, ...UNTOUCHED)) return error;
  const { release, found, keptBefore } = change;
  const workspace = found?.name ?? release;
  try {
    switch (await world.releases.undo(release, signal)) {
      case 'nothing':
        return withOutcome(error, 'Nothing was changed');
      case 'restored':
        if (found !== undefined) await mendAuthorizedKeys(found, world, signal);
        return withOutcome(error, 'What had been changed of the workspace was put back');
      case 'removed':
        await removeKept(release, keptBefore, world, signal);
        return withOutcome(error, 'What had been made of the workspace was removed again');
    }
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return withOutcome(error, `A part of it may be changed, and could not be put back: ${why}`, [
      command`helm history ${release}`,
      command`ws status ${workspace}`,
    ]);
  }
}

/** Removes a new workspace that the cluster will never start, and returns the error with that. */
export async function discard(
  error: WorkspaceError,
  release: string,
  keptBefore: Kept | undefined,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceError> {
  try {
    await world.releases.uninstall(release, signal);
    await removeKept(release, keptBefore, world, signal);
    return withOutcome(error, 'What had been made of the workspace was removed again');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return withOutcome(error, `What was made of the workspace is still there: ${why}`, [
      command`helm uninstall ${release}`,
    ]);
  }
}

/** What stands there now and did not before is this release's own, and holds nothing yet. */
async function removeKept(release: string, before: Kept | undefined, world: World, signal: AbortSignal): Promise<void> {
  if (before === undefined) return;
  const now = await findKept(release, world, signal);
  if (now.claim !== undefined && before.claim === undefined) await world.cluster.deleteClaim(now.claim, signal);
  if (now.hostKey !== undefined && before.hostKey === undefined) await world.cluster.deleteSecret(now.hostKey, signal);
}
