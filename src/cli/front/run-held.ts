import { peekWorkspace } from '../command/directory-workspace.ts';
import { findHeldSocket, mayShare } from '../session/held-connection.ts';
import { limitGarbage } from '../terminal/garbage.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import type { PlainWords } from './plain-words.ts';

/**
 * Runs `ws ssh … -- COMMAND` over a connection that is open already, and sets the exit code. False, and nothing has
 * happened, when there is none or these words want one of their own. Throws what `ws ssh` would show.
 */
export async function runHeld(wanted: PlainWords, command: string, terminal: CliTerminal): Promise<boolean> {
  if (!mayShare()) return false;
  const workspace = peekWorkspace(wanted.workspace);
  if (workspace === undefined) return false;
  const socket = await findHeldSocket({ ...wanted, workspace });
  if (socket === undefined) return false;
  limitGarbage();
  const { runHeld: run } = await import('../../adapters/held-connection/run-held.ts');
  const status = await run(socket, command, terminal, interruptSignal());
  process.exitCode = status;
  return status !== undefined;
}
