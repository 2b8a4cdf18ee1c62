import { peekDirectoryWorkspace } from './directory-workspace.ts';
import { SSH_FAILED } from './exit-codes.ts';
import { interruptSignal } from './interrupt.ts';
import { parseSharedWords } from './shared-words.ts';
import { findSharingSocket, isSharingWanted } from './sharing.ts';
import type { CliTerminal } from './terminal.ts';

/**
 * Runs `ws ssh … -- COMMAND` over a connection that is open already, and sets the exit code. False, and nothing has
 * happened, when these words or this place need the full way. Throws what `ws ssh` would show.
 */
export async function runShared(words: string[], terminal: CliTerminal): Promise<boolean> {
  const wanted = parseSharedWords(words);
  if (wanted === undefined || !isSharingWanted()) return false;
  const workspace = wanted.workspace ?? process.env.WS_WORKSPACE ?? peekDirectoryWorkspace(process.cwd());
  if (workspace === undefined) return false;
  const socket = await findSharingSocket({ ...wanted, workspace });
  if (socket === undefined) return false;
  const { runShared: run } = await import('../adapters/sharing/share-client.ts');
  try {
    const status = await run(socket, wanted.command, terminal, interruptSignal());
    process.exitCode = status;
    return status !== undefined;
  } catch (error) {
    // A signal has set its own.
    process.exitCode ??= SSH_FAILED;
    throw error;
  }
}
