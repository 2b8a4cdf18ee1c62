import { say } from '../../report/leaving.ts';
import type { SshConnection } from '../../workspace/world.ts';
import { limitGarbage } from '../terminal/garbage.ts';
import { type CliTerminal } from '../terminal/terminal.ts';
import { createLossNotice } from './end/loss-notice.ts';

export interface SessionChoice {
  /** The workspace's name, for what is said. */
  name: string;
  /** Undefined: the login shell. */
  command: string | undefined;
  /** A command gets a PTY, too. */
  wantsTty: boolean;
  forwardAgent: boolean;
  escapes: boolean;
  /** A shell has the terminal from then on. */
  terminalFree?: Promise<void>;
}

/**
 * Hands the terminal to a shell, or pipes a command, and returns the remote status. A shell whose input is no terminal
 * gets none there either, as with ssh: it reads commands, and ends with them.
 */
export async function runSession(
  connection: SshConnection,
  terminal: CliTerminal,
  choice: SessionChoice,
  signal: AbortSignal,
): Promise<number> {
  const { name, command, wantsTty, forwardAgent, escapes, terminalFree } = choice;
  limitGarbage();
  // A terminal may hang up after the session has ended as well.
  terminal.stdin.on('error', () => undefined);
  const isTyped = command === undefined && terminal.stdin.isTTY === true;
  if (wantsTty || isTyped) {
    let isLeft = false;
    const onLeave = () => {
      isLeft = true;
    };
    const options = { command, forwardAgent, escapes, terminalFree, onLeave };
    const status = await connection.shell(terminal, options, signal);
    if (isLeft) say(terminal.stderr, `\nConnection to ${name} closed.\n`);
    return status;
  }
  connection.watch?.(createLossNotice(terminal));
  return connection.exec(terminal, { command: command ?? '', forwardAgent }, signal);
}

/**
 * Starts the login shell while something else still has the terminal. The returned function hands the terminal over.
 */
export function startShell(connection: SshConnection, name: string, terminal: CliTerminal, signal: AbortSignal) {
  const { promise: terminalFree, resolve: free } = Promise.withResolvers<void>();
  const choice = { name, command: undefined, wantsTty: true, forwardAgent: false, escapes: true, terminalFree };
  const status = runSession(connection, terminal, choice, signal);
  // An early error surfaces when the shell gets the terminal.
  status.catch(() => undefined);
  return (): Promise<number> => {
    free();
    return status;
  };
}
