/** The last pod of a workspace ends before the next one is made: two of them would write to one home. */
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { awaitEnded } from './await-ended.ts';

/**
 * Whether a pod of a workspace that was stopped or taken down is still there. A rollout waits for its old pods, but no
 * ReplicaSet does, and none of a new release.
 */
export function isStillEnding(found: WorkspaceSnapshot | undefined): found is WorkspaceSnapshot {
  if (found === undefined) return false;
  const { deployment, pod, endingPods } = found;
  if (deployment === undefined) return endingPods.length > 0;
  return deployment.replicas === 0 && (pod !== undefined || endingPods.length > 0);
}

/** Waits for its end, in words. Throws `WORKSPACE_NOT_READY` if it does not come. */
export async function* letEnd(
  found: WorkspaceSnapshot | undefined,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  if (!isStillEnding(found)) return;
  const { name: workspace } = found;
  yield { type: 'started', step: 'last-pod' };
  if (!(yield* awaitEnded(workspace, 'last-pod', world, signal)))
    throw failure('WORKSPACE_NOT_READY', {
      message: `Workspace ${workspace} is not started: its last pod has not ended`,
      reason: 'A second pod would write to the same home. Nothing was changed',
      suggestions: [{ ...ws`status`, workspace, note: 'says what holds it' }],
    });
  yield { type: 'finished', step: 'last-pod' };
}
