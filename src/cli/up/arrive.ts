import type { UpResult } from '../../operations/up.ts';
import { say } from '../../report/leaving.ts';
import { startShell } from '../session/run-session.ts';
import type { CliTerminal } from '../terminal/terminal.ts';
import { describeArrival } from './arrival.ts';

/** A shell that may have started while the checklist was still on the terminal. */
export type StartedShell = ReturnType<typeof startShell>;

/**
 * Says where you are and how another client gets here, and hands over the terminal. Returns the shell's exit status.
 */
export async function arrive(
  { info, connection, listener }: UpResult,
  started: StartedShell | undefined,
  terminal: CliTerminal,
  signal: AbortSignal,
): Promise<number> {
  say(terminal.stderr, describeArrival(info, listener?.port));
  const takeShell = started ?? startShell(connection, info.name, terminal, signal);
  return takeShell();
}
