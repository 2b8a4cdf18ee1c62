import { hasCode } from '../../workspace/errors/errors.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import { readAddress } from '../../workspace/naming/address.ts';
import { applyBinding, type Binding } from '../../workspace/naming/binding.ts';
import type { Place } from '../../workspace/place.ts';
import { toSshExitCode } from '../command/exit-codes.ts';
import { reportFailure } from '../command/report-error.ts';
import { spellFrom } from '../command/spelling.ts';
import { findFolderBinding } from '../here/folder-binding.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { runOverHeldConnection } from './held-connection.ts';
import type { SshRequest } from './requests.ts';

/** What suggestions need to know, as far as it is known by now. */
interface Whereabouts {
  place: Place;
  workspace: string | undefined;
  binding: Binding | undefined;
  readonly typed: TypedCommand | undefined;
}

/**
 * Does what `ws ssh` was asked for and sets the exit code: over the connection that is held, else over one of its own.
 * `readLine` gives the line that was typed, for suggestions that mend it.
 */
export async function runSsh(
  request: SshRequest,
  terminal: CliTerminal,
  root: string,
  readLine: () => TypedCommand | undefined,
): Promise<void> {
  const here: Whereabouts = {
    place: request.place,
    workspace: toName(request.workspace),
    binding: undefined,
    get typed() {
      return readLine();
    },
  };
  try {
    const meant = await settle(request, terminal, here);
    const status = await runOrChoose(meant, terminal, root, here);
    process.exitCode = status;
    if (request.tmux?.isDetached === true) {
      const { tellStarted } = await import('./tell-started.ts');
      tellStarted(request.tmux, status, terminal, spellFrom(here));
    }
  } catch (error) {
    await reportFailure(error as Error, {
      spell: spellFrom(here),
      debug: request.debug,
      toExitCode: toSshExitCode,
    });
  }
}

/** The request with what the directory adds to it. */
async function settle(request: SshRequest, terminal: CliTerminal, here: Whereabouts): Promise<SshRequest> {
  const found = await findFolderBinding(async () => {
    const { openSettings } = await import('../command/open-settings.ts');
    return openSettings(terminal, request.progress);
  });
  const { place, workspace: bound, isBound } = applyBinding(request.place, found?.binding);
  const workspace = request.workspace ?? bound;
  Object.assign(here, { place, workspace: toName(workspace), binding: isBound ? found?.binding : undefined });
  return { ...request, place, workspace };
}

/** If several workspaces can be meant, a person says which. */
async function runOrChoose(
  request: SshRequest,
  terminal: CliTerminal,
  root: string,
  here: Whereabouts,
): Promise<number> {
  try {
    return await run(request, terminal, root, here);
  } catch (error) {
    if (!hasCode(error, 'WORKSPACE_AMBIGUOUS')) throw error;
    const { chooseWorkspace } = await import('../here/choose-workspace.ts');
    const workspace = await chooseWorkspace(error, terminal, interruptSignal());
    if (workspace === undefined) throw error;
    return run({ ...request, workspace }, terminal, root, here);
  }
}

async function run(request: SshRequest, terminal: CliTerminal, root: string, here: Whereabouts): Promise<number> {
  const status = await runOverHeldConnection(request, terminal);
  if (status !== undefined) return status;
  // Load it only now: it is nearly all of `ws`.
  const { runOverOwnConnection } = await import('./own-connection.ts');
  return runOverOwnConnection(request, terminal, root, here);
}

function toName(address: string | undefined): string | undefined {
  return address === undefined ? undefined : readAddress(address).name;
}
