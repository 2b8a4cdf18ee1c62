import type { HomeFate } from '../../operations/down.ts';
import { toBelongings } from '../../operations/homes/belongings.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { tellIfInterrupted } from '../../workspace/errors/tell-if-interrupted.ts';
import { whyGoesWithPod } from '../../workspace/state/homes.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import { type AskingCommand, describeSilence } from './consent.ts';
import { describeUntouched } from './down-consent.ts';

/**
 * Asks on a terminal what to do with the home, which is consent as well; without one it is a usage error. Nothing is
 * ever deleted by default.
 */
export async function askHomeChoice(
  snapshot: WorkspaceSnapshot,
  facts: string[],
  command: AskingCommand,
): Promise<HomeFate> {
  if (!command.isAskable) throw choiceMissing(snapshot, facts, command);
  const { terminal, signal } = command;
  const { askChoice } = await import('../../report/asking/prompts.tsx');
  const question = [...facts, `Take down workspace ${snapshot.name}`].join('\n');
  return tellIfInterrupted(describeUntouched(snapshot), () =>
    askChoice<HomeFate>(
      { question, options: listFates(snapshot) },
      { stdin: terminal.stdin, stream: terminal.stderr, signal },
    ),
  );
}

function choiceMissing(snapshot: WorkspaceSnapshot, facts: string[], { terminal }: AskingCommand) {
  const { name, home } = snapshot;
  const why = whyGoesWithPod(home);
  const isLost = why !== undefined;
  const reason = isLost ? `${why}; the host key may stay` : 'A home is never deleted by default';
  return failure('HOME_CHOICE_MISSING', {
    message: isLost
      ? `Workspace ${name} loses its home when it is taken down. Nobody said that it may, and ${describeSilence(terminal)}`
      : `Nobody said what happens to the home of workspace ${name}, and ${describeSilence(terminal)}`,
    reason: [...facts, reason].join('. '),
    // Whoever follows one of them is asked once more before anything is lost, or anybody's work ends.
    suggestions: [
      isLost
        ? { ...ws`down --home lose`, workspace: name, note: 'the home goes, the host key stays' }
        : { ...ws`down --keep-home`, workspace: name, note: 'the next ws up has both again' },
      ...(toBelongings(snapshot).keepsHome
        ? []
        : [{ ...ws`down --delete-home`, workspace: name, note: 'home and host key go for good' }]),
    ],
  });
}

function listFates(snapshot: WorkspaceSnapshot) {
  const { home } = snapshot;
  const { isClaimDoomed, keepsHome, unused } = toBelongings(snapshot);
  const why = whyGoesWithPod(home);
  const isClaim = home.kind === 'claim' && why === undefined;
  const stays =
    unused === undefined ? 'the host key stays' : `claim ${unused} of an earlier time and the host key stay`;
  const size = isClaim ? ` (${home.claim.name}, ${home.claim.capacity ?? home.claim.requested})` : '';
  const keep = isClaim
    ? { value: 'keep' as const, label: `Keep the home${size}`, hint: 'ws up takes it up again' }
    : {
        value: why === undefined ? ('keep' as const) : ('lose' as const),
        label: 'Take it down',
        hint: why === undefined ? stays : `its home goes with its pod and is lost; ${stays}`,
      };
  // To delete the home would be the same.
  if (keepsHome && !isClaimDoomed) return [keep];
  const remove = isClaimDoomed
    ? { value: 'delete' as const, label: 'Delete the home and the host key', hint: 'for good' }
    : {
        value: 'delete' as const,
        label: 'Take it down and delete the host key',
        hint: isClaim ? `claim ${home.claim.name} stays: it is not this workspace's alone` : 'nothing stays',
      };
  return [keep, remove];
}
