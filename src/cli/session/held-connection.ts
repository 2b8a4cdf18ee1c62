/** A connection that an earlier `ws` left open. A command over it takes half the time. */
import { say } from '../../report/leaving.ts';
import { hasCode } from '../../workspace/errors/errors.ts';
import { limitGarbage } from '../terminal/garbage.ts';
import { interruptSignal } from '../terminal/interrupt.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { findHeldSocket, runHeld } from '../wiring/held-connection.ts';
import { isEndedByOthers } from './end/ended-by-others.ts';
import type { SshRequest } from './requests.ts';

/** A command for which another login's connection is as good as its own. */
export type HeldRequest = SshRequest & { workspace: string; command: string };

/**
 * Whether a held connection may carry this. A named key must be used, and the connection was made with another one; a
 * named user must be the workspace's.
 */
export function mayBeHeld(request: SshRequest): request is HeldRequest {
  const { command, workspace, share, resumes, wantsTty, forwardAgent, identityPath, acceptHostKey, forwards, direct } =
    request;
  const isSpecial =
    !resumes || wantsTty || forwardAgent || (identityPath ?? acceptHostKey ?? forwards ?? direct) !== undefined;
  return share && command !== undefined && workspace !== undefined && !workspace.includes('@') && !isSpecial;
}

/**
 * Runs the command over a connection that is open already. Undefined, and nothing has happened, if no connection is
 * open or the request wants one of its own.
 */
export async function runOverHeldConnection(request: SshRequest, terminal: CliTerminal): Promise<number | undefined> {
  if (!mayBeHeld(request)) return undefined;
  const socket = findHeldSocket(request.place, request.workspace);
  if (socket === undefined) return undefined;
  limitGarbage();
  const signal = interruptSignal();
  const { place, workspace, tmux } = request;
  const ended = { workspace, pod: undefined };
  if (request.debug) say(terminal.stderr, 'The way to the pod: a connection that an earlier command has left open\n');
  try {
    const session =
      tmux === undefined
        ? terminal
        : { ...terminal, stdin: (await import('./detached/job-input.ts')).toJobInput(tmux) };
    const status = await runHeld(socket, request.command, session, signal);
    if (status !== undefined && isEndedByOthers(status, tmux)) {
      const { tellEnd, openWorld } = await loadCluster();
      await tellEnd({ ...ended, status }, terminal, await openWorld(place), signal);
    }
    return status;
  } catch (error) {
    if (!hasCode(error, 'CONNECTION_LOST')) throw error;
    const { tellLoss, openWorld } = await loadCluster();
    throw await tellLoss(error, { ...ended, tmux }, terminal, await openWorld(place), signal);
  }
}

/** The cluster knows why it ended. This is nearly all of `ws`, and no other command over a held connection needs it. */
async function loadCluster() {
  const [{ tellLoss, tellEnd }, { openWorld }] = await Promise.all([
    import('./end/tell-end.ts'),
    import('../wiring/world.ts'),
  ]);
  return { tellLoss, tellEnd, openWorld };
}
