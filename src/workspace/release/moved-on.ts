/** Two people change one workspace at once: whoever comes second hears so, and takes nothing away from the first. */
import { failure, type WorkspaceError } from '../errors/errors.ts';
import { helm, ws } from '../errors/suggestion.ts';
import type { ReleaseState } from './releases.ts';

/** What the other did: a revision came first, or none is left. Or only the workspace is known that they change now. */
type Other = { release: string; revision: number | undefined } | { workspace: string };

export function movedOn(other: Other): WorkspaceError {
  const again = { ...ws`up`, again: { verb: 'typed' as const }, note: 'again: on top of that change' };
  const rest = 'this run knows only what was before, and wrote nothing';
  if ('workspace' in other)
    return failure('WORKSPACE_BUSY', {
      message: `Somebody else changes workspace ${other.workspace} at the same time`,
      reason: rest,
      suggestions: [
        { ...again, workspace: other.workspace },
        { ...ws`status`, workspace: other.workspace },
      ],
    });
  if (other.revision === undefined)
    return failure('WORKSPACE_BUSY', {
      message: 'Somebody else has taken this workspace down meanwhile',
      reason: `release ${other.release} is gone; ${rest}`,
      suggestions: [ws`ls`, { ...again, note: 'again: makes it anew' }],
    });
  return failure('WORKSPACE_BUSY', {
    message: 'Somebody else has changed this workspace meanwhile',
    reason: `revision ${other.revision} of release ${other.release} came first; ${rest}`,
    suggestions: [again, { ...helm`history ${other.release}`, note: 'shows who changed what, and when' }],
  });
}

/**
 * Throws `WORKSPACE_BUSY` when another revision is in force than the one that the values were made from; 0 is none yet.
 * One that is still being made is Helm's to refuse, and waited for. One that failed is not in force. Where the release
 * `stood`, it must still be there.
 */
export function verifyNewest(release: string, now: ReleaseState | undefined, after: number, stood = false): void {
  if (stood && now === undefined) throw movedOn({ release, revision: undefined });
  if (after > 0 && now?.status === 'deployed' && now.revision !== after)
    throw movedOn({ release, revision: now.revision });
}
