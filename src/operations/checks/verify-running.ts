import { workspaceDamaged } from '../../workspace/errors/damaged.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

/**
 * Refuses a workspace that was stopped: only `ws up` may start it again, never a client that reconnects by itself. Refuses one
 * that is damaged as well: nobody logs in by what its objects say. Throws `WORKSPACE_STOPPED` or `WORKSPACE_DAMAGED`.
 */
export function verifyRunning(snapshot: WorkspaceSnapshot): void {
  if (snapshot.deployment?.damage !== undefined) throw workspaceDamaged(snapshot);
  if (snapshot.deployment?.replicas !== 0) return;
  throw failure('WORKSPACE_STOPPED', {
    message: `Workspace ${snapshot.name} is stopped`,
    reason: 'It was scaled to 0; its home and host key are there',
    suggestions: [{ ...ws`up`, workspace: snapshot.name }],
  });
}
