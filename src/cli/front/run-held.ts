import { runHeld as run } from '../../adapters/held-connection/run-held.ts';
import { peekWorkspace } from '../command/directory-workspace.ts';
import { SSH_FAILED } from '../command/exit-codes.ts';
import { reportFailure } from '../command/report-error.ts';
import { findHeldSocket, mayShare } from '../session/held-connection.ts';
import { limitGarbage } from '../terminal/garbage.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import type { PlainWords } from './plain-words.ts';

/**
 * Runs `ws ssh … -- COMMAND` over a connection that is open already, and sets the exit code. False, and nothing has
 * happened, when there is none or these words want one of their own.
 */
export async function runHeld(wanted: PlainWords, command: string, terminal: CliTerminal): Promise<boolean> {
  try {
    const workspace = mayShare() ? peekWorkspace(wanted.workspace) : undefined;
    const socket = workspace === undefined ? undefined : await findHeldSocket({ ...wanted, workspace });
    if (socket === undefined) return false;
    limitGarbage();
    const status = await run(socket, command, terminal, interruptSignal());
    process.exitCode = status;
    return status !== undefined;
  } catch (error) {
    await reportFailure(error as Error, { flags: wanted, toExitCode: () => SSH_FAILED });
    return true;
  }
}
