import { toSshExitCode } from '../command/exit-codes.ts';
import { findFolderWorkspace } from '../command/name-workspace.ts';
import { reportFailure } from '../command/report-error.ts';
import { toSpell } from '../command/spelling.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { runOverHeldConnection } from './held-connection.ts';
import type { SshRequest } from './requests.ts';

/**
 * Does what `ws ssh` was asked for and sets the exit code: over the connection that is held, else over one of its own.
 */
export async function runSsh(request: SshRequest, terminal: CliTerminal, root: string): Promise<void> {
  const { place, debug, progress } = request;
  let { workspace } = request;
  try {
    workspace ??= await findFolderWorkspace(async () => {
      const { openSettings } = await import('../command/open-settings.ts');
      return openSettings(terminal, progress);
    });
    const named = { ...request, workspace };
    let status = await runOverHeldConnection(named, terminal);
    if (status === undefined) {
      // Load it only now: it is nearly all of `ws`.
      const { runOverOwnConnection } = await import('./own-connection.ts');
      status = await runOverOwnConnection(named, terminal, root);
    }
    process.exitCode = status;
    if (request.tmux?.isDetached === true) {
      const { tellStarted } = await import('./tell-started.ts');
      tellStarted(request.tmux, status, terminal, toSpell(place, workspace));
    }
  } catch (error) {
    await reportFailure(error as Error, { spell: toSpell(place, workspace), debug, toExitCode: toSshExitCode });
  }
}
