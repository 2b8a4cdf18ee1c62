import { interrupted } from '../../workspace/errors/errors.ts';
import type { CliTerminal } from '../terminal/terminal.ts';

/** Asks for a yes; anything else ends the command as Ctrl-C would. */
export async function confirm(question: string, terminal: CliTerminal, signal: AbortSignal): Promise<void> {
  const { askConfirm } = await import('../../report/asking/prompts.tsx');
  if (!(await askConfirm(question, { stdin: terminal.stdin, stream: terminal.stderr, signal }))) throw interrupted();
}
