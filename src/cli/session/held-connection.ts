/** A connection that an earlier `ws` left open. A command over it takes half the time. */
import { limitGarbage } from '../terminal/garbage.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { findHeldSocket, runHeld } from '../wiring/held-connection.ts';
import type { SshRequest } from './requests.ts';

/** A command for which another login's connection is as good as its own. */
export type HeldRequest = SshRequest & { workspace: string; command: string };

/** Whether a held connection may carry this. A named key must be used, and the connection was made with another one. */
export function mayBeHeld(request: SshRequest): request is HeldRequest {
  const { command, workspace, share, wantsTty, forwardAgent, identityPath, acceptHostKey, forwards } = request;
  const isSpecial = wantsTty || forwardAgent || (identityPath ?? acceptHostKey ?? forwards) !== undefined;
  return share && command !== undefined && workspace !== undefined && !isSpecial;
}

/**
 * Runs the command over a connection that is open already. Undefined, and nothing has happened, when there is none or
 * the request wants one of its own.
 */
export async function runOverHeldConnection(request: SshRequest, terminal: CliTerminal): Promise<number | undefined> {
  if (!mayBeHeld(request)) return undefined;
  const socket = findHeldSocket(request.place, request.workspace);
  if (socket === undefined) return undefined;
  limitGarbage();
  return runHeld(socket, request.command, terminal, interruptSignal());
}
