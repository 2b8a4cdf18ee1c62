import { releaseName } from '../contract/labels.ts';
import { failure, interrupted } from '../workspace/errors.ts';
import type { Operation, ProgressEvent } from '../workspace/events.ts';
import { toHostKeyAlias } from '../workspace/identities.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import type { World } from '../workspace/world.ts';

/** How long the pod may take to end, and a volume to be let go. */
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
}

/** Removes the release; then, as its own last step and only when asked, the home and the host key. */
export async function* down(request: DownRequest, world: World, signal: AbortSignal): Operation<DownResult> {
  const { snapshot, home } = request;
  yield { type: 'planned', workspace: snapshot.name, steps: home === 'delete' ? ['remove', 'home'] : ['remove'] };
  yield* remove(snapshot, world, signal);
  const claim = snapshot.home.kind === 'claim' ? snapshot.home.claim : undefined;
  // A claim that the user brought along belongs to no workspace; it is not this command's to delete.
  const isOwn = claim?.workspace === snapshot.name;
  const ownHostKey = `${snapshot.release || releaseName(snapshot.name)}-host-key`;
  const hostKeySecret = snapshot.deployment?.hostKeySecret || ownHostKey;
  // Nor is a host key that the user brought along (the chart's hostKey.existingSecret).
  const isOwnHostKey = hostKeySecret === ownHostKey;
  if (home === 'keep')
    return {
      workspace: snapshot.name,
      kept: claim === undefined ? [hostKeySecret] : [claim.name, hostKeySecret],
      deleted: [],
    };
  yield { type: 'started', step: 'home' };
  const deleted: string[] = [];
  if (claim !== undefined && isOwn) {
    await deleteClaim(claim.name, world, signal);
    deleted.push(claim.name);
    yield { type: 'advanced', step: 'home', fact: { kind: 'removed', what: 'claim', name: claim.name } };
  }
  if (isOwnHostKey) {
    await world.cluster.deleteSecret(hostKeySecret, signal);
    deleted.push(hostKeySecret);
  }
  await world.knownHosts.forget(
    toHostKeyAlias(snapshot.name, snapshot.namespace, await world.cluster.getClusterId(signal)),
  );
  yield {
    type: 'finished',
    step: 'home',
    fact: { kind: 'removed', what: 'home', name: claim !== undefined && isOwn ? claim.name : hostKeySecret },
  };
  const kept = [...(claim !== undefined && !isOwn ? [claim.name] : []), ...(isOwnHostKey ? [] : [hostKeySecret])];
  return { workspace: snapshot.name, kept, deleted };
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

async function deleteClaim(name: string, world: World, signal: AbortSignal): Promise<void> {
  await world.cluster.deleteClaim(name, signal);
  const deadline = world.clock.nowMs() + END_TIMEOUT_MS;
  while ((await world.cluster.findClaim(name, signal)) !== undefined) {
    if (world.clock.nowMs() > deadline) {
      throw failure('HOME_IN_USE', {
        message: `Claim ${name} does not go away`,
        reason: 'A pod still uses it; Kubernetes deletes it when the last one ends',
        suggestions: [`kubectl describe pvc ${name}   (see "Used By")`],
      });
    }
    await world.clock.sleep(500, signal);
  }
}
