/** A workspace that does not exist, because its name was perhaps meant as the first word of a command, or for tmux. */

import { hasCode, type WorkspaceError } from '../../workspace/errors/errors.ts';
import type { Command } from '../../workspace/errors/suggestion.ts';
import { findMeant } from '../../workspace/naming/address.ts';
import { applyBinding } from '../../workspace/naming/binding.ts';
import type { Place } from '../../workspace/place.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { peekFolderBinding } from '../here/folder-binding.ts';
import type { SshRequest } from './requests.ts';
import { behindDashes, sessionLine, sshLine, suggestFirst, wholeLine } from './words/ssh-line.ts';
import { isSessionName } from './words/tmux.ts';

/** If there are more, the list of all helps more. */
const MOST_LINES = 3;

/** Throws the error, with the lines that may have been meant. */
export async function explainMissing(
  error: unknown,
  { meant, place }: SshRequest,
  world: World,
  signal: AbortSignal,
): Promise<never> {
  // Of a place that is wrong, nothing says that the words are, but for the number of `head -n 5`.
  const isCounted = hasCode(error, 'NAMESPACE_MISSING') && /^\d+$/.test(place.namespace ?? '');
  if (isCounted && meant?.misplaced !== undefined)
    throw suggestFirst(error, [wholeLine(meant.misplaced, meant.words[0])]);
  if (!hasCode(error, 'WORKSPACE_MISSING') || meant === undefined || isMistyped(error)) throw error;
  const { words, flags, isSession, misplaced } = meant;
  if (misplaced !== undefined) throw suggestFirst(error, [wholeLine(misplaced, words[0])]);
  const { WS_CONTEXT, WS_NAMESPACE } = process.env;
  const isElsewhere =
    place.context !== WS_CONTEXT || place.namespace !== WS_NAMESPACE || place.kubeconfig !== undefined;
  const isPlain = flags.length === 0 && !isElsewhere;
  const toLine = (workspace: string): Command => {
    const [session = '', ...rest] = words;
    if (isSession && isSessionName(session)) return sessionLine(session, flags, rest, { workspace });
    // A place finds room between the workspace and `--`.
    return sshLine(isPlain ? words : [...flags, ...behindDashes(words)], { workspace });
  };
  const all = await world.cluster.listWorkspaces(signal).catch(() => []);
  // What is left of a workspace of this name says that the name was meant.
  const left = all.filter(({ deployment }) => deployment === undefined).map(({ name }) => name);
  if (!isSession && findMeant(words[0] ?? '', left) !== undefined) throw error;
  throw suggestFirst(error, listTargets(all, place).map(toLine));
}

/** A name that is near to one that is there was meant as a name. */
function isMistyped({ suggestions }: WorkspaceError): boolean {
  return suggestions.some((suggestion) => 'program' in suggestion && suggestion.again?.verb === 'typed');
}

/** Workspaces that the command may have been meant for: this directory's, else all of them. */
function listTargets(all: readonly WorkspaceSnapshot[], place: Place): string[] {
  const names = all.filter(({ deployment }) => deployment !== undefined).map(({ name }) => name);
  const own = process.env['WS_WORKSPACE'] || applyBinding(place, peekFolderBinding()?.binding).workspace;
  if (own !== undefined && names.includes(own)) return [own];
  return names.length > MOST_LINES ? [] : names;
}
