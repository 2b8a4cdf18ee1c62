import { hasCode } from '../../workspace/errors/errors.ts';
import type { TypedCommand } from '../../workspace/errors/typed-command.ts';
import { readAddress } from '../../workspace/naming/address.ts';
import { applyBinding, type Binding } from '../../workspace/naming/binding.ts';
import type { Place } from '../../workspace/place.ts';
import { toSshExitCode } from '../command/exit-codes.ts';
import { reportFailure } from '../command/report-error.ts';
import { spellFrom } from '../command/spelling.ts';
import { type FolderBinding, findFolderBinding } from '../here/folder-binding.ts';
import type { Said } from '../here/sources.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { runOverHeldConnection } from './held-connection.ts';
import type { SshRequest } from './requests.ts';

/** Where a request comes from, for what an error says. */
export interface Origin {
  /** The line that was typed, for suggestions that mend it. */
  readLine(): TypedCommand | undefined;
  /** What no word of it says. Without it, that is the place alone. */
  listSources?(): Promise<Said[]>;
}

/** A shell's status for a command that it has not found. */
const NOT_FOUND = 127;

/** What suggestions need to know, as far as it is known by now. */
interface Whereabouts {
  place: Place;
  workspace: string | undefined;
  binding: Binding | undefined;
  readonly typed: TypedCommand | undefined;
  bound: FolderBinding | undefined;
}

/**
 * Does what `ws ssh` was asked for and sets the exit code: over the connection that is held, else over one of its own.
 */
export async function runSsh(
  request: SshRequest,
  terminal: CliTerminal,
  root: string,
  { readLine, listSources }: Origin,
): Promise<void> {
  const here: Whereabouts = {
    place: request.place,
    workspace: toName(request.workspace),
    binding: undefined,
    bound: undefined,
    get typed() {
      return readLine();
    },
  };
  try {
    const meant = await withInput(await settle(request, terminal, here), terminal);
    const status = await runOrWait(meant, terminal, root, here);
    process.exitCode = status;
    if (request.tmux?.isDetached === true) {
      const { tellStarted } = await import('./detached/tell-started.ts');
      tellStarted(request.tmux, status, terminal, spellFrom(here));
    }
    if (status === NOT_FOUND && request.behind !== undefined) {
      const [{ tellMeantWorkspace }, { openWorld }] = await Promise.all([
        import('./end/tell-meant.ts'),
        import('../wiring/world.ts'),
      ]);
      const tools = { spell: spellFrom(here), openWorld: () => openWorld(here.place) };
      await tellMeantWorkspace(request, terminal, tools, interruptSignal());
    }
  } catch (error) {
    await reportFailure(error as Error, {
      spell: spellFrom(here),
      debug: request.debug,
      toExitCode: toSshExitCode,
      sources: await (listSources?.() ?? listPlace(here)),
      typed: here.typed,
    });
  }
}

async function withInput(request: SshRequest, terminal: CliTerminal): Promise<SshRequest> {
  if (request.tmux?.isDetached !== true) return request;
  const { takeJobInput } = await import('./detached/job-input.ts');
  return takeJobInput(request, terminal, interruptSignal());
}

async function listPlace({ typed, bound }: Whereabouts): Promise<Said[]> {
  const { listPlaceSources } = await import('../here/sources.ts');
  return listPlaceSources(typed, bound);
}

/** The request with what the directory adds to it. */
async function settle(request: SshRequest, terminal: CliTerminal, here: Whereabouts): Promise<SshRequest> {
  const found = await findFolderBinding(async () => {
    const { openSettings } = await import('../command/open-settings.ts');
    return openSettings(terminal, request.progress);
  });
  const { place, workspace: bound, isBound } = applyBinding(request.place, found?.binding);
  const workspace = request.workspace ?? bound;
  Object.assign(here, {
    place,
    workspace: toName(workspace),
    binding: isBound ? found?.binding : undefined,
    bound: isBound ? found : undefined,
  });
  return { ...request, place, workspace };
}

async function runOrWait(request: SshRequest, terminal: CliTerminal, root: string, here: Whereabouts): Promise<number> {
  if (request.tmux?.waits !== true) return runOrChoose(request, terminal, root, here);
  const { awaitJob } = await import('./detached/await-job.ts');
  return awaitJob(request.tmux, terminal, (silent) => runOrChoose(request, silent, root, here));
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
    if (workspace === undefined) {
      const { withMeantWorkspace } = await import('./words/meant-as-workspace.ts');
      throw withMeantWorkspace(error, request.behind);
    }
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
