/** A release that somebody else writes while `ws` does. */
import { isDeepStrictEqual } from 'node:util';
import { failure } from '../../workspace/errors/errors.ts';
import { helm, ws } from '../../workspace/errors/suggestion.ts';
import type { ReleaseState } from '../../workspace/state/releases.ts';

/**
 * Throws `WORKSPACE_BUSY` when another revision is in force than the one that the values were made from; 0 is none yet.
 * One that is still being made is Helm's to refuse, and waited for.
 */
export function verifyNewest(release: string, now: ReleaseState | undefined, after: number): void {
  if (after > 0 && now?.status === 'deployed' && now.revision !== after) throw movedOn(release, now);
}

/** Throws `WORKSPACE_BUSY` when a revision of somebody else says something else than ours would. */
export async function verifySame(
  release: string,
  now: ReleaseState | undefined,
  ours: { after: number; values: object | Promise<object>; valuesFiles: string[] },
  readValues: (revision: number) => Promise<object>,
): Promise<void> {
  // One that failed is not in force, and what ours is based on is.
  if (now === undefined || now.revision <= ours.after || now.status !== 'deployed') return;
  const isSame = ours.valuesFiles.length === 0 && isDeepStrictEqual(await readValues(now.revision), await ours.values);
  if (!isSame) throw movedOn(release, now);
}

function movedOn(release: string, { revision }: ReleaseState) {
  return failure('WORKSPACE_BUSY', {
    message: 'Somebody else has changed this workspace meanwhile',
    reason: `revision ${revision} of release ${release} came first; this run knows only what was before, and wrote nothing`,
    suggestions: [
      { ...ws`up`, again: { verb: 'typed' }, note: 'again: on top of that change' },
      { ...helm`history ${release}`, note: 'shows who changed what, and when' },
    ],
  });
}
