import { amended, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import type { Command } from '../../../workspace/errors/suggestion.ts';
import { isNewName } from '../../../workspace/naming/address.ts';
import { behindDashes, sshLine } from './ssh-line.ts';

/**
 * The workspace that somebody may have meant by the first word of `ws ssh -- ci make`, and the line for it. Undefined
 * for what is no name.
 */
export function findMeantWorkspace(behind: readonly string[] | undefined): { name: string; line: Command } | undefined {
  const [name = '', ...others] = behind ?? [];
  if (!isNewName(name)) return undefined;
  // A flag is no command: that was meant for ssh.
  const command = others[0]?.startsWith('-') === true ? [] : others;
  const again = command.length === 0 ? { without: ['--'] } : {};
  return { name, line: sshLine(behindDashes(command), { workspace: name, again }) };
}

/** `WORKSPACE_AMBIGUOUS` whose one candidate stands behind `--`, with the line that was meant first. */
export function withMeantWorkspace(error: WorkspaceError, behind: readonly string[] | undefined): WorkspaceError {
  const meant = findMeantWorkspace(behind);
  const { reason = '', suggestions, candidates } = error;
  if (meant === undefined || !candidates.some(({ name }) => name === meant.name)) return error;
  return amended(error, {
    reason: `${reason}; what stands behind -- is the command`,
    suggestions: [{ ...meant.line, note: `if ${meant.name} is the workspace` }, ...suggestions],
  });
}
