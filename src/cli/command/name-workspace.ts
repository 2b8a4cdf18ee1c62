/** The one way to name a workspace: its position, --workspace, WS_WORKSPACE. */

import { failure } from '../../workspace/errors/errors.ts';
import { toQuoted } from '../../workspace/errors/printable.ts';
import { again, ws } from '../../workspace/errors/suggestion.ts';
import { parseAddress, readAddress } from '../../workspace/naming/address.ts';
import { parseWorkspaceLabel } from '../../workspace/state/cluster-words.ts';

/** Where words and environment may name a workspace. */
export interface NamedBy {
  position?: string | undefined;
  flag?: string | undefined;
  variable?: string | undefined;
}

/**
 * The name that was given, or `USER@NAME`; undefined when there is none. An empty variable is unset. Throws
 * `CONFLICTING_FLAGS` for two names and `BAD_WORKSPACE_NAME` for what no workspace can be called.
 */
export function findGivenName({ position, flag, variable }: NamedBy): string | undefined {
  if (position !== undefined && flag !== undefined && position !== flag) {
    throw failure('CONFLICTING_FLAGS', {
      message: `Two workspaces are named: ${toQuoted(position)} and, by --workspace, ${toQuoted(flag)}`,
      reason: 'a command is about one',
      suggestions: [position, flag]
        .filter((name) => parseWorkspaceLabel(readAddress(name).name) !== undefined)
        .map((workspace) => again({ ...ws`status`, workspace })),
    });
  }
  const name = position ?? flag ?? (variable || undefined);
  if (name === undefined) return undefined;
  return parseAddress(name, position === undefined && flag === undefined ? 'WS_WORKSPACE' : undefined);
}
