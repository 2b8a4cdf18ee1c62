import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Judgement } from './examine.ts';

/**
 * A judgement of what a new workspace would get: a `ws up` in it is about that one. Without a name it would change the
 * only one there is. `workspaces` is undefined where they could not be listed.
 */
export function forNew(judgement: Judgement, workspaces: WorkspaceSnapshot[] | undefined): Judgement {
  const { suggestion } = judgement;
  if (suggestion === undefined || !('program' in suggestion)) return judgement;
  const { program, words } = suggestion;
  if (program !== 'ws' || words[0] !== 'up') return judgement;
  const isNone = workspaces?.every(({ deployment }) => deployment === undefined) === true;
  const named = isNone ? suggestion : { ...suggestion, workspace: 'OTHER-NAME' };
  return { ...judgement, suggestion: { ...named, isNew: true } };
}
