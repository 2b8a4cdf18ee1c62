/** A release that somebody else writes while `ws` does. */
import { isDeepStrictEqual } from 'node:util';
import { movedOn } from '../../workspace/release/moved-on.ts';
import type { ReleaseState } from '../../workspace/release/releases.ts';

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
  if (!isSame) throw movedOn({ release, revision: now.revision });
}
