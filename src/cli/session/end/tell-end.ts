/** What ended a session is said in a line of its own, for terminals and commands alike. */
import { type EndedSession, findSessionEnd } from '../../../operations/look/session-end.ts';
import { say } from '../../../report/leaving.ts';
import { sayLine } from '../../../report/notes.ts';
import { failure, hasCode, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { aboutWorkspace, ws } from '../../../workspace/errors/suggestion.ts';
import type { World } from '../../../workspace/world.ts';
import type { CliTerminal } from '../../terminal/terminal.ts';
import { attachLine, type TmuxRequest } from '../words/tmux.ts';
import { isEndedByOthers } from './ended-by-others.ts';

/** A session in a workspace, as far as it is known. */
export interface ToldSession extends Omit<EndedSession, 'status'> {
  tmux: TmuxRequest | undefined;
}

/** Runs a session to its end, and says what ended it if that was not itself. Returns its status. */
export async function runTold(
  run: () => Promise<number>,
  session: ToldSession,
  terminal: Pick<CliTerminal, 'stderr' | 'stdin'>,
  world: World,
  signal: AbortSignal,
): Promise<number> {
  try {
    const status = await run();
    if (isEndedByOthers(status, session.tmux)) await tellEnd({ ...session, status }, terminal, world, signal);
    return status;
  } catch (error) {
    throw await tellLoss(error, session, terminal, world, signal);
  }
}

/** After a session that was ended by others. */
export async function tellEnd(
  session: EndedSession,
  { stderr, stdin }: Pick<CliTerminal, 'stderr' | 'stdin'>,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const reason = await findSessionEnd(session, world, signal);
  if (reason === undefined) return;
  leaveLine({ stderr, stdin });
  sayLine(stderr, `Connection to ${session.workspace} closed: ${reason}.`);
}

/** The error, with the cluster's reason where a connection was lost. Whoever shows it begins a line. */
export async function tellLoss(
  error: unknown,
  { workspace, pod, tmux }: ToldSession,
  terminal: Pick<CliTerminal, 'stderr' | 'stdin'>,
  world: World,
  signal: AbortSignal,
): Promise<unknown> {
  if (!hasCode(error, 'CONNECTION_LOST')) return error;
  leaveLine(terminal);
  const reason = await findSessionEnd({ workspace, pod, status: undefined }, world, signal);
  return explained(error, workspace, reason, tmux);
}

/** What the workspace wrote last stays on its line: on a terminal that is mostly a prompt. */
function leaveLine({ stderr, stdin }: Pick<CliTerminal, 'stderr' | 'stdin'>): void {
  if (stdin.isTTY === true) say(stderr, '\n');
}

function explained(
  { code, message, reason: before, cause }: WorkspaceError,
  workspace: string,
  reason: string | undefined,
  tmux: TmuxRequest | undefined,
): WorkspaceError {
  return failure(code, {
    message,
    reason: [reason, before].filter((part) => part !== undefined).join('\n'),
    suggestions:
      tmux === undefined
        ? [
            { ...ws`ssh`, workspace },
            { ...ws`status`, workspace },
          ]
        : [aboutWorkspace(attachLine(tmux.name), workspace), { ...ws`status`, workspace }],
    cause,
  });
}
