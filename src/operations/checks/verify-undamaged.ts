import { toDamage } from '../../workspace/diagnosis/causes/damaged.ts';
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { toStart } from '../../workspace/sleep/start-again.ts';
import { describeStopped, type Stop } from '../../workspace/sleep/stop.ts';
import { describeKept } from '../../workspace/state/homes.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

/** Refuses a workspace that is damaged: nobody logs in by what its objects say. Throws `WORKSPACE_DAMAGED`. */
export function verifyUndamaged({ name: workspace, deployment }: WorkspaceSnapshot): void {
  if (deployment?.damage !== undefined) {
    const { message, suggestion } = toDamage(deployment.name, deployment.damage);
    throw failure('WORKSPACE_DAMAGED', {
      message: `Workspace ${workspace} is damaged, and nobody logs in to it`,
      reason: message,
      suggestions: [
        suggestion,
        { ...ws`up --repair`, workspace, note: 'writes it again, if it is a release of yours' },
      ],
    });
  }
}

/** A workspace that no login starts. An editor shows one line of it: the message says who stopped it. */
export function stopped(snapshot: WorkspaceSnapshot, stop: Stop | undefined): WorkspaceError {
  const { name: workspace } = snapshot;
  const kept = describeKept(snapshot);
  const only =
    snapshot.deployment?.isForeign === true
      ? 'Helm did not install it, so only a scale to 1 starts it again'
      : 'Only ws up starts it again';
  return failure('WORKSPACE_STOPPED', {
    message: `Workspace ${workspace} ${describeStopped('stopped', stop)}`,
    reason: stop === undefined ? `It was scaled to 0; ${kept}` : `${only}; ${kept}`,
    suggestions: [toStart(snapshot)],
  });
}
