import { failure } from '../workspace/errors/errors.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { tellIfInterrupted, tellIfStopped } from '../workspace/errors/tell-if-interrupted.ts';
import type { Stop } from '../workspace/sleep/stop.ts';
import type { Operation } from '../workspace/state/events.ts';
import { suggestCopy, whyGoesWithPod } from '../workspace/state/homes.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import type { World } from '../workspace/world.ts';
import { tellLost } from './homes/fates.ts';
import { awaitEnded } from './ready/await-ended.ts';

export interface StopRequest {
  /** What is to be stopped, as the caller showed it to the user. */
  snapshot: WorkspaceSnapshot;
  until: Stop['until'];
  /** The user has said that the home may go with the pod. */
  losesHome: boolean;
}

export interface StopResult {
  workspace: string;
  until: Stop['until'];
  /** `false`: it was stopped like this before. */
  changed: boolean;
}

/**
 * Ends the pod and keeps all else: release, home, host key and keys. Throws `HOME_CONFLICT` for a home that would be
 * lost and was not given up, and for one that was and is not lost.
 */
export async function* stop(request: StopRequest, world: World, signal: AbortSignal): Operation<StopResult> {
  const { snapshot, until } = request;
  const { name: workspace, release, deployment } = snapshot;
  verifyStop(request);
  const losing = isLosing(snapshot);
  yield { type: 'planned', workspace, steps: ['stop'] };
  yield { type: 'started', step: 'stop' };
  const done = await tellIfInterrupted(
    `Whether workspace ${workspace} is ${until === 'login' ? 'asleep' : 'stopped'}, its status says`,
    () => world.cluster.scale.stop(deployment?.name ?? release, until, signal),
  );
  yield* tellIfStopped(describeEnding(workspace, until), awaitEnded(workspace, 'stop', world, signal));
  yield { type: 'finished', step: 'stop' };
  if (losing) yield* tellLost(snapshot);
  return { workspace, until, changed: done === 'stopped' };
}

/** Throws what `stop` would, while nobody was asked yet. */
export function verifyStop({ snapshot, losesHome }: Pick<StopRequest, 'snapshot' | 'losesHome'>): void {
  const { name: workspace, home } = snapshot;
  const why = whyGoesWithPod(home);
  if (isLosing(snapshot) && !losesHome) {
    throw failure('HOME_CONFLICT', {
      message: `The home of workspace ${workspace} would be lost`,
      reason: `${why}; nothing was changed`,
      suggestions: [
        ...suggestCopy(snapshot),
        { ...ws`stop --home lose`, workspace, note: 'the home goes, all else stays' },
      ],
    });
  }
  if (losesHome && home.kind === 'claim' && why === undefined) {
    throw failure('HOME_CONFLICT', {
      message: `The home of workspace ${workspace} does not go with its pod`,
      reason: `It is on claim ${home.claim.name}, which stays; nothing was changed`,
      suggestions: [{ ...ws`stop`, workspace, again: { without: ['home'] } }],
    });
  }
}

/** Whether a home ends with the pod that is there. */
export function isLosing({ home, deployment }: WorkspaceSnapshot): boolean {
  return whyGoesWithPod(home) !== undefined && deployment?.replicas !== 0;
}

function describeEnding(workspace: string, until: Stop['until']): string {
  if (until === 'up') return `Workspace ${workspace} is stopped, and its pod goes on ending`;
  return `Workspace ${workspace} is asleep, and its pod goes on ending; a login wakes it`;
}
