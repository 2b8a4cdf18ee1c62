import type { HomeFate } from '../../operations/down.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/** Asks on a terminal what to do with the home; without one it is a usage error. Nothing is ever deleted by default. */
export async function askHomeChoice(
  snapshot: WorkspaceSnapshot,
  terminal: CliTerminal,
  signal: AbortSignal,
  wantsJson: boolean,
): Promise<HomeFate> {
  const { name, home } = snapshot;
  if (!terminal.isInteractive || wantsJson) {
    throw failure('HOME_CHOICE_MISSING', {
      message: `What is to become of the home of workspace ${name}?`,
      reason: 'There is no terminal to ask on, and a home is never deleted by default',
      suggestions: [
        home.kind === 'emptyDir'
          ? { ...ws`down --home lose`, workspace: name }
          : { ...ws`down --keep-home`, workspace: name },
        { ...ws`down --delete-home`, workspace: name },
      ],
    });
  }
  const { askChoice } = await import('../../report/asking/prompts.tsx');
  const isClaim = home.kind === 'claim';
  const size = isClaim ? ` (${home.claim.name}, ${home.claim.capacity ?? home.claim.requested})` : '';
  const keep = isClaim
    ? { value: 'keep' as const, label: `Keep the home${size}`, hint: 'ws up takes it up again' }
    : {
        value: home.kind === 'emptyDir' ? ('lose' as const) : ('keep' as const),
        label: 'Take it down',
        hint: 'its home is an emptyDir and is lost; the host key stays',
      };
  // `ws down` decides in the same way what belongs to the workspace.
  const isDoomed = isClaim && home.claim.workspace === name && home.subPath === undefined;
  const remove = isDoomed
    ? { value: 'delete' as const, label: 'Delete the home and the host key', hint: 'for good' }
    : {
        value: 'delete' as const,
        label: 'Take it down and delete the host key',
        hint: isClaim ? `claim ${home.claim.name} stays: it is not this workspace's alone` : 'nothing stays',
      };
  return askChoice<HomeFate>(
    { question: `Take down workspace ${name}`, options: [keep, remove] },
    { stdin: terminal.stdin, stream: terminal.stderr, signal },
  );
}
