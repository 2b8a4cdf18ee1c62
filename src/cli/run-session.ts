import type { SshConnection } from '../workspace/world.ts';
import { limitGarbage } from './garbage.ts';
import { type CliTerminal } from './terminal.ts';

export interface SessionChoice {
  /** Undefined: the login shell. */
  command: string | undefined;
  /** A command on a PTY all the same. */
  wantsTty: boolean;
  forwardAgent: boolean;
  escapes: boolean;
}

/** Hands the terminal to a shell, or pipes a command, and returns the remote status. */
export async function runSession(
  connection: SshConnection,
  terminal: CliTerminal,
  choice: SessionChoice,
  signal: AbortSignal,
): Promise<number> {
  const { command, forwardAgent, escapes } = choice;
  limitGarbage();
  if (command !== undefined && !choice.wantsTty) return connection.exec(terminal, { command, forwardAgent }, signal);
  return connection.shell(terminal, { ...(command === undefined ? {} : { command }), forwardAgent, escapes }, signal);
}
