import type { HomeChoice } from '../../workspace/choices/home-choice.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { judgeResize } from '../../workspace/state/claim-size.ts';
import type { Notice } from '../../workspace/state/events.ts';
import type { StorageClassSnapshot, WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

/**
 * A size that the home's claim cannot take would be refused by the API server when half of the release is written.
 * Throws `HOME_CONFLICT` for one, of a home in use or kept; returns what to say when it cannot be told.
 */
export function verifyHomeSize(
  home: HomeChoice,
  found: WorkspaceSnapshot | undefined,
  classes: StorageClassSnapshot[] | undefined,
): Notice | undefined {
  if (home.kind !== 'claim' || home.size === undefined || found?.home.kind !== 'claim') return undefined;
  const { size } = home;
  const { name, requested } = found.home.claim;
  // Without a size of its own there is nothing to compare: the cluster decides.
  if (requested === undefined) return undefined;
  const isNew = found.deployment === undefined;
  const verdict = judgeResize(found.home.claim, size, classes);
  switch (verdict.kind) {
    case 'possible':
      return undefined;
    case 'unknown':
      return { kind: 'growth-unknown', claim: name, storageClass: verdict.storageClass };
    case 'shrinks':
      throw failure('HOME_CONFLICT', {
        message: `The home of workspace ${found.name} cannot shrink from ${requested} to ${size}`,
        reason: `Claim ${name} asks for ${requested}, and a claim never becomes smaller`,
        suggestions: [
          { ...ws`up --size ${requested}`, workspace: found.name, isNew },
          { ...ws`up --size ${size}`, workspace: 'OTHER-NAME', note: 'and copy the home there' },
        ],
      });
    case 'not-bound':
      throw failure('HOME_CONFLICT', {
        message: `The home of workspace ${found.name} cannot grow from ${requested} to ${size} yet`,
        reason: `Claim ${name} is ${found.home.claim.phase}, and only one that is bound to a volume grows`,
        suggestions: [
          { ...ws`up --size ${requested}`, workspace: found.name, isNew, note: 'and grow it when the workspace is up' },
        ],
      });
    case 'cannot-grow':
      throw failure('HOME_CONFLICT', {
        message: `The home of workspace ${found.name} cannot grow from ${requested} to ${size}`,
        reason: `Claim ${name} ${verdict.why}; ${describeGrowing(classes, verdict.growing)}`,
        suggestions: [
          {
            ...ws`up --storage-class ${verdict.growing[0] ?? 'NAME'} --size ${size}`,
            workspace: 'OTHER-NAME',
            note: 'and copy the home there',
          },
        ],
      });
  }
}

function describeGrowing(classes: StorageClassSnapshot[] | undefined, growing: string[]): string {
  if (classes === undefined) return 'which classes let them may not be read';
  return growing.length === 0 ? 'no class here lets them' : `these classes let them: ${growing.join(', ')}`;
}
