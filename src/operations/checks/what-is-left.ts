import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { ENDING_CLAIM, findStayingClaim, type WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';

/** Its Deployment is gone, and Helm's record of it is not. */
const HALF_DOWN = 'It was taken down, and that has not ended';

export interface Left {
  /** What became of the home, in a sentence. */
  reason: string;
  /** What gives up the rest for good, where there is a rest that stays. */
  giveUp: Suggestion[];
}

/** What is left of a workspace whose release is gone, from what the cluster still shows of it. */
export function describeLeft({ name, home, pod, endingPods, isHalfDown }: WorkspaceSnapshot): Left {
  if (isHalfDown === true)
    return { reason: HALF_DOWN, giveUp: [{ ...ws`down`, workspace: name, note: 'finishes it' }] };
  const giveUp = [{ ...ws`homes rm ${name}`, note: 'deletes the home' }];
  if (home.kind === 'claim') {
    const { name: claim, phase } = home.claim;
    if (phase === ENDING_CLAIM) return { reason: `Its home, claim ${claim}, is being deleted`, giveUp: [] };
    const isThere = findStayingClaim(home) !== undefined;
    return {
      reason: isThere
        ? 'Its home was kept and can be taken up again'
        : `Its home is lost: claim ${claim} has lost its volume`,
      giveUp,
    };
  }
  const last = endingPods[0]?.name ?? pod?.name;
  // A claim that somebody brought along has no label of the workspace, so this says nothing of it.
  const reason = `It was taken down${last === undefined ? '' : `, and its pod ${last} goes on ending`}. It leaves no home of its own`;
  return { reason, giveUp: [] };
}
