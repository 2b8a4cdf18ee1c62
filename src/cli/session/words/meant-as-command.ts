import { amended, hasCode } from '../../../workspace/errors/errors.ts';
import { DEFAULT_WORKSPACE } from '../../../workspace/names.ts';
import type { SplitWords } from '../../words/split-command.ts';
import { type KnownFlag, toTokens } from '../../words/tokens.ts';
import { behindDashes, sessionLine, sshLine, suggestFirst } from './ssh-line.ts';
import { isSessionName } from './tmux.ts';

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
  if (hasCode(error, 'BAD_WORKSPACE_NAME')) {
    const { words, flags, isSession } = meant;
    const isNamed = isSession && isSessionName(first);
    return suggestFirst(error, [
      isNamed ? sessionLine(first, flags, words.slice(1)) : sshLine([...flags, ...behindDashes(words)]),
    ]);
  }
  // The typed -- begins the command, and what most workspaces are called is hardly one.
  if (typed.includes('--') || first === DEFAULT_WORKSPACE) return error;
  const tokens = toTokens(before, flags);
  const at = tokens.find(({ kind }) => kind === 'position')?.at ?? before.length;
  if (!hasCode(error, 'BAD_VALUE') || !tokens.some((token) => token.kind === 'unknown' && token.at > at)) return error;
  const { suggestions } = error;
  // Mended flags come first, and the help last: most often it is a flag that is wrong.
  const line = { ...sshLine(behindDashes(typed.slice(at))), note: `if ${first} is no workspace, but a command` };
  return amended(error, { suggestions: [...suggestions.slice(0, -1), line, ...suggestions.slice(-1)] });
}
