import { amended, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import type { Command } from '../../../workspace/errors/suggestion.ts';

/**
 * A line of `ws ssh` whose words are all there but for the workspace and the place, which are spelled before the first
 * flag.
 */
export function sshLine(words: readonly string[], more: Pick<Command, 'workspace' | 'note' | 'again'> = {}): Command {
  return { program: 'ws', words: ['ssh', ...words], again: { verb: 'other' }, ...more };
}

/** A whole line in which the first word, which was read as a workspace, begins the command. */
export function wholeLine(words: readonly string[], first = ''): Command {
  return { ...sshLine(words), again: { verb: 'whole' }, note: `if ${first} is no workspace, but a command` };
}

/** A command behind `--`; nothing without one. */
export function behindDashes(command: readonly string[]): string[] {
  return command.length === 0 ? [] : ['--', ...command];
}

/** The line for which the session's name stood apart from its `--tmux`: all as it was typed, with = between the two. */
export function sessionLine(
  session: string,
  flags: readonly string[],
  command: readonly string[],
  more: Pick<Command, 'workspace' | 'note' | 'again'> = {},
): Command {
  const named = flags.map((flag) => (flag === '--tmux' ? `--tmux=${session}` : flag));
  return sshLine([...named, ...behindDashes(command)], more);
}

/** The same error, with lines that come before what it suggests itself. */
export function suggestFirst(error: WorkspaceError, lines: Command[]): WorkspaceError {
  return amended(error, { suggestions: [...lines, ...error.suggestions] });
}
