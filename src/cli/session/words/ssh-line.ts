import { failure, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import type { Command } from '../../../workspace/errors/suggestion.ts';

/**
 * A line of `ws ssh` whose words are all there but for the workspace and the place, which are spelled before the first
 * flag.
 */
export function sshLine(words: readonly string[], more: Pick<Command, 'workspace' | 'note' | 'again'> = {}): Command {
  return { program: 'ws', words: ['ssh', ...words], again: { verb: 'other' }, ...more };
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
