import { failure, hasCode } from '../../../workspace/errors/errors.ts';
import { type KnownFlag, toTokens } from '../../words/tokens.ts';
import type { SplitWords } from './split-command.ts';
import { behindDashes, sshLine, suggestFirst } from './ssh-line.ts';

/**
 * The error of a name that no workspace can have, or of a flag that `ws ssh` has not, with the line that runs the words
 * as a command: `ws ssh ./run.sh`, `ws ssh make -j4`. `me@dev` is no command.
 */
export function withCommand(
  error: unknown,
  { before, meant }: SplitWords,
  typed: string[],
  flags: readonly KnownFlag[],
): unknown {
  const [first = ''] = meant?.words ?? [];
  if (meant === undefined || first.includes('@')) return error;
  if (hasCode(error, 'BAD_WORKSPACE_NAME'))
    return suggestFirst(error, [sshLine([...meant.flags, ...behindDashes(meant.words)])]);
  const tokens = toTokens(before, flags);
  const at = tokens.find(({ kind }) => kind === 'position')?.at ?? before.length;
  if (!hasCode(error, 'BAD_VALUE') || !tokens.some((token) => token.kind === 'unknown' && token.at > at)) return error;
  const { code, message, reason, suggestions, cause } = error;
  // Mended flags come first, and the help last: most often it is a flag that is wrong.
  const line = { ...sshLine(behindDashes(typed.slice(at))), note: `if ${first} is no workspace, but a command` };
  const parts = { message, suggestions: [...suggestions.slice(0, -1), line, ...suggestions.slice(-1)], cause };
  return failure(code, reason === undefined ? parts : { ...parts, reason });
}
