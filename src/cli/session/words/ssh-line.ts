import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import type { Command } from '../../../workspace/errors/suggestion.ts';

/** A line of `ws ssh` with words that were typed. The workspace and the place are spelled before the first flag. */
export function sshLine(words: readonly string[], more: Pick<Command, 'workspace' | 'note'> = {}): Command {
  return { program: 'ws', words: ['ssh', ...words], ...more };
}

/** A command behind `--`; nothing without one. */
export function behindDashes(command: readonly string[]): string[] {
  return command.length === 0 ? [] : ['--', ...command];
}

/** The same error, with lines that come before what it suggests itself. */
export function suggestFirst(error: WorkspaceError, lines: Command[]): WorkspaceError {
  const { code, message, reason, suggestions, cause } = error;
  const parts = reason === undefined ? { message } : { message, reason };
  return failure(code, { ...parts, suggestions: [...lines, ...suggestions], cause });
}
