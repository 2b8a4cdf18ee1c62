import type { WorkspaceError } from '../../workspace/errors/errors.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/** The workspace that a person chooses where several can be meant; undefined where nobody can be asked. */
export async function chooseWorkspace(
  { candidates }: WorkspaceError,
  { stdin, stderr, isInteractive }: CliTerminal,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!isInteractive || candidates.length === 0) return undefined;
  const { askChoice } = await import('../../report/asking/prompts.tsx');
  const options = candidates.map(({ name, state }) => ({ value: name, label: name, hint: state }));
  return askChoice({ question: 'Which workspace?', options }, { stdin, stream: stderr, signal });
}
