import { amended, hasCode, type WorkspaceError } from '../../../workspace/errors/errors.ts';
import { DEFAULT_WORKSPACE } from '../../../workspace/names.ts';
import { isOfSsh } from '../../words/faults/flags-of-others.ts';
import type { SplitWords } from '../../words/split-command.ts';
import { type KnownFlag, toTokens } from '../../words/tokens.ts';
import { behindDashes, sessionLine, sshLine, suggestFirst, wholeLine } from './ssh-line.ts';
import { isSessionName, nameSession } from './tmux.ts';

/**
 * The error of a name that no workspace can have, or of a flag that `ws ssh` has not or reads otherwise, with the line
 * that runs the words as a command, in the order in which they were typed: `ws ssh ./run.sh`, `ws ssh make -j4`,
 * `ws ssh ls -d x`. `me@dev` is no command.
 */
export function withCommand(
  error: Error,
  { before, meant }: SplitWords,
  typed: string[],
  flags: readonly KnownFlag[],
): Error {
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
  if (!isOfFlags(error)) return error;
  const tokens = toTokens(before.map(nameSession), flags);
  const at = tokens.find(({ kind }) => kind === 'position')?.at ?? before.length;
  const foreign = tokens.filter((token) => token.at > at && (token.kind === 'unknown' || isLetter(before[token.at])));
  const isAsForSsh = tokens.some(({ kind, at }) => kind === 'unknown' && isOfSsh(typed[at] ?? '', typed[at + 1]));
  if (foreign.length === 0 || isAsForSsh) return error;
  const { suggestions } = error;
  const line = wholeLine([...typed.slice(0, at), '--', ...typed.slice(at)], first);
  // A command's flags are letters. A word is a flag of ours that has to be mended; the help comes last.
  if (foreign.every((token) => isLetter(before[token.at]))) return suggestFirst(error, [line]);
  return amended(error, { suggestions: [...suggestions.slice(0, -1), line, ...suggestions.slice(-1)] });
}

function isOfFlags(error: Error): error is WorkspaceError {
  return hasCode(error, 'BAD_VALUE') || hasCode(error, 'BAD_MAPPING') || hasCode(error, 'CONFLICTING_FLAGS');
}

/** `-a`, `-la`, `-j4`: commands have more letters than `ws ssh`, and mean something else by them. */
function isLetter(word = ''): boolean {
  return /^-[^-]/.test(word);
}
