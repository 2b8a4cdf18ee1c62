import { failure, hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { advice, again, ws } from '../../workspace/errors/suggestion.ts';
import { toStart } from '../../workspace/sleep/start-again.ts';
import { describeStopped, type Stop } from '../../workspace/sleep/stop.ts';
import { mayWake, type WakeRule, type Waking } from '../../workspace/sleep/waking.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { stopped } from '../checks/verify-undamaged.ts';
import { awaitEnded } from '../ready/await-ended.ts';

const WHY: Record<WakeRule, string> = {
  human: 'Only a login at a terminal wakes it, or one within a minute of that; this was none',
  never: 'The rule of --wake, WS_WAKE or the setting is never: this login wakes nothing',
  always: '',
};

/**
 * Wakes a workspace that sleeps until a login, if this one may; returns whether it did. One that has its pod is left
 * alone. Throws `WORKSPACE_STOPPED` for one that a person has stopped, or that this login may not wake, and
 * `NOT_PERMITTED` where the user has no right to.
 */
export async function* wakeIfAsleep(
  snapshot: WorkspaceSnapshot,
  waking: Waking,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, boolean, void> {
  const { name: workspace, release, deployment, endingPods } = snapshot;
  if (deployment?.replicas !== 0) return false;
  const { stop, name = release } = deployment;
  if (stop?.until !== 'login') throw stopped(snapshot, stop);
  if (!mayWake(waking)) throw asleep(snapshot, stop, waking);
  yield { type: 'noticed', level: 'info', notice: { kind: 'waking', workspace, stop } };
  // A ReplicaSet does not wait for it, and two pods would write to one home.
  if (endingPods.length > 0 && !(yield* awaitEnded(workspace, 'ready', world, signal))) throw stillEnding(workspace);
  try {
    const done = await world.cluster.scale.wake(name, signal);
    if (done === 'stopped') throw stopped(snapshot, undefined);
    return true;
  } catch (error) {
    if (!(error instanceof WorkspaceError) || !hasCode(error, 'NOT_PERMITTED')) throw error;
    throw failure('NOT_PERMITTED', {
      message: `Workspace ${workspace} is asleep, and you may not wake it`,
      ...(error.reason === undefined ? {} : { reason: error.reason }),
      suggestions: [advice('Ask an administrator for the Role in docs/operators.md, or to wake it')],
      cause: error,
    });
  }
}

function asleep(snapshot: WorkspaceSnapshot, stop: Stop, { rule, because }: Waking): WorkspaceError {
  const { name: workspace } = snapshot;
  return failure('WORKSPACE_STOPPED', {
    message: `Workspace ${workspace} ${describeStopped('asleep', stop)}`,
    reason: because ?? WHY[rule],
    suggestions: [toStart(snapshot), again({ ...ws`ssh --wake always`, workspace })],
  });
}

function stillEnding(workspace: string): WorkspaceError {
  return failure('WORKSPACE_NOT_READY', {
    message: `Workspace ${workspace} is asleep, and its last pod has not ended`,
    reason: 'A second pod would write to the same home',
    suggestions: [{ ...ws`status`, workspace }],
  });
}
