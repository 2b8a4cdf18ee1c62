import { failure } from '../../workspace/errors/errors.ts';
import { ws } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE } from '../../workspace/names.ts';
import { findHostsName, parseWorkspaceName, readAddress } from '../../workspace/naming/address.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { ambiguous, findNamed, verifyUser } from './select-workspace.ts';

const isUp = ({ deployment }: WorkspaceSnapshot) => deployment !== undefined;

/**
 * The workspace that `ws up` is about, which need not be there: the named one, else the only one, as for every command,
 * else a new one. A plain name costs no request. Throws `WORKSPACE_AMBIGUOUS`, and `BAD_WORKSPACE_NAME` for what no new
 * workspace can be called or for another user than the workspace's own.
 */
export async function nameForUp(address: string | undefined, world: World, signal: AbortSignal): Promise<string> {
  if (address === undefined) {
    const all = (await world.cluster.listWorkspaces(signal)).filter(isUp);
    if (all.length > 1) throw ambiguous(all, world);
    return all[0]?.name ?? DEFAULT_WORKSPACE;
  }
  const { user, name } = readAddress(address);
  if (user === undefined && findHostsName(name) === undefined) return parseWorkspaceName(name);
  const found = await findNamed(name, isUp, world, signal);
  if (found !== undefined) verifyUser(found, user);
  else if (user !== undefined) throw userOfNobody(user, name);
  return found?.name ?? parseWorkspaceName(name);
}

/** A new workspace gets its user by a flag: `ws up` changes nothing of one that is there by the way. */
function userOfNobody(user: string, name: string) {
  return failure('BAD_WORKSPACE_NAME', {
    message: `There is no workspace ${name} with a user ${user} yet`,
    reason: 'A new one gets its user by --user',
    suggestions: [{ ...ws`up --user ${user}`, workspace: name, isNew: true }],
  });
}
