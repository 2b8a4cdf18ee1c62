/** What to do about a release that another operation holds. The operation may be at work, or dead. Pure. */
import { failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { advice, helm, ws } from '../../workspace/errors/suggestion.ts';
import type { ReleaseState } from '../../workspace/release/releases.ts';

/**
 * An operation of `ws` that this machine has seen stand still for so long is not at work any more: `ws` never lets Helm
 * wait for pods.
 */
export const STALE_AFTER_MS = 30_000;

/**
 * An uninstallation of which only Helm's records are left counts as dead after this part of it: at work, it would
 * delete them within moments.
 */
export const EMPTIED_SHARE = 3;

export type Hold =
  /** Nobody holds it: try again. */
  | { kind: 'none' }
  /** Its first revision is half-done; kept objects stay. */
  | { kind: 'uninstall'; revision: number }
  | { kind: 'rollback'; revision: number; to: number }
  /** It is being uninstalled. Where nothing of it is left but this record, to finish that harms nobody. */
  | { kind: 'removal'; revision: number }
  /** Not for `ws` to end: a rollback, an upgrade over something that never worked. */
  | { kind: 'foreign'; revision: number; status: string };

/** Who holds a release, and how to end that if `ws` itself left it so. Reads the history, oldest first. */
export function findHold(history: ReleaseState[]): Hold {
  const last = history.at(-1);
  if (last === undefined || !(last.status.startsWith('pending-') || last.status === 'uninstalling'))
    return { kind: 'none' };
  const { revision, status } = last;
  if (status === 'uninstalling') return { kind: 'removal', revision };
  if (status === 'pending-install' && history.length === 1) return { kind: 'uninstall', revision };
  const to = findDeployed(history)?.revision;
  if (status === 'pending-upgrade' && to !== undefined) return { kind: 'rollback', revision, to };
  return { kind: 'foreign', revision, status };
}

/** The revision in force: every later one failed, or is not done. */
export function findDeployed(history: ReleaseState[]): ReleaseState | undefined {
  return (
    history.findLast(({ status }) => status === 'deployed') ?? history.findLast(({ status }) => status === 'superseded')
  );
}

/**
 * For how long a release has been seen as it is, by one clock, the own one. What other machines wrote is compared only
 * with itself.
 */
export class StandingStill {
  #seen: string | undefined;
  #sinceMs = 0;

  look(
    { revision, status, updatedAt }: Pick<ReleaseState, 'revision' | 'status' | 'updatedAt'>,
    nowMs: number,
  ): number {
    const now = JSON.stringify([revision, status, updatedAt]);
    if (now !== this.#seen) this.#sinceMs = nowMs;
    this.#seen = now;
    return nowMs - this.#sinceMs;
  }
}

/** The error for a release that somebody else holds. */
export function heldBy(release: string, { revision, status }: ReleaseState): WorkspaceError {
  if (status === 'uninstalling') return halfDown(release, revision);
  // There is nothing to go back to before a first revision.
  const isRollback = revision > 1;
  return failure('WORKSPACE_BUSY', {
    message: 'Another operation works on this workspace',
    reason: `Revision ${revision} of release ${release} is ${status}, and not what ws began; nothing was changed`,
    suggestions: [
      advice('Run the command again when it is done'),
      helm`history ${release}`,
      isRollback
        ? { ...helm`rollback ${release}`, note: 'if nobody is at work any more' }
        : { ...helm`uninstall ${release}`, note: 'if nobody is at work any more' },
    ],
  });
}

/** There is no way back from an uninstallation. */
function halfDown(release: string, revision: number): WorkspaceError {
  return failure('WORKSPACE_BUSY', {
    message: 'Taking this workspace down has begun and not ended',
    reason: `Revision ${revision} of release ${release} is uninstalling, not by this run; nothing was changed`,
    suggestions: [{ ...ws`down`, note: 'finishes it, if nobody is at work any more' }, helm`history ${release}`],
  });
}
