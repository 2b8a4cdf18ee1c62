import { toDamage } from '../../workspace/diagnosis/causes/damaged.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

/**
 * Refuses a workspace that was stopped: only `ws up` may start it again, never a client that reconnects by itself.
 * Refuses one that is damaged as well: nobody logs in by what its objects say. Throws `WORKSPACE_STOPPED` or
 * `WORKSPACE_DAMAGED`.
 */
export function verifyRunning({ name: workspace, deployment }: WorkspaceSnapshot): void {
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
  if (deployment?.replicas !== 0) return;
  throw failure('WORKSPACE_STOPPED', {
    message: `Workspace ${workspace} is stopped`,
    reason: 'It was scaled to 0; its home and host key are there',
    suggestions: [{ ...ws`up`, workspace }],
  });
}
