import { type ErrorParts, failure } from '../../workspace/errors/errors.ts';
import { advice, ws } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE } from '../../workspace/names.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/**
 * The workspace a command is about: the named one, or the only one there is. Throws `WORKSPACE_MISSING` or
 * `WORKSPACE_AMBIGUOUS`, both with the names that exist. A kept home alone counts only where `keptHomes` says so.
 */
export async function selectWorkspace(
  name: string | undefined,
  world: World,
  signal: AbortSignal,
  options: { keptHomes?: boolean } = {},
): Promise<WorkspaceSnapshot> {
  const counts = (snapshot: WorkspaceSnapshot) => snapshot.deployment !== undefined || options.keptHomes === true;
  if (name !== undefined) {
    const found = await world.cluster.findWorkspace(name, signal);
    if (found !== undefined && counts(found)) return found;
    const [all, hostKeys] = await Promise.all([
      world.cluster.listWorkspaces(signal),
      options.keptHomes === true ? world.cluster.listHostKeys(signal) : [],
    ]);
    if (hostKeys.some(({ workspace }) => workspace === name)) throw onlyHostKey(name, world);
    throw missing(name, all.filter(counts), found, world);
  }
  const all = (await world.cluster.listWorkspaces(signal)).filter(counts);
  const [only, ...others] = all;
  if (only === undefined) throw missing(undefined, [], undefined, world);
  if (others.length === 0) return only;
  throw failure('WORKSPACE_AMBIGUOUS', {
    message: `Which workspace? There are ${all.length} in namespace ${world.cluster.namespace}`,
    reason: all.map((snapshot) => snapshot.name).join(', '),
    suggestions: [
      advice('Name one after the command'),
      { ...ws`use ${only.name}`, note: "makes it this directory's" },
      ws`ls`,
    ],
  });
}

function onlyHostKey(name: string, world: World) {
  return failure('WORKSPACE_MISSING', {
    message: `There is no workspace ${name} in namespace ${world.cluster.namespace} of context ${world.cluster.context}`,
    reason: 'Only its host key was kept',
    suggestions: [
      { ...ws`homes rm ${name}`, note: 'deletes the host key' },
      { ...ws`up`, workspace: name },
    ],
  });
}

function missing(
  name: string | undefined,
  all: WorkspaceSnapshot[],
  kept: WorkspaceSnapshot | undefined,
  world: World,
) {
  const place = `namespace ${world.cluster.namespace} of context ${world.cluster.context}`;
  const others = all.map((snapshot) => snapshot.name).join(', ');
  const parts: ErrorParts = {
    message: name === undefined ? `There is no workspace in ${place}` : `There is no workspace ${name} in ${place}`,
    suggestions: [{ ...ws`up`, workspace: name ?? DEFAULT_WORKSPACE }, ...(others === '' ? [] : [ws`ls`])],
  };
  if (kept !== undefined) parts.reason = 'Its home was kept and can be taken up again';
  else if (others !== '') parts.reason = `There is: ${others}`;
  return failure('WORKSPACE_MISSING', parts);
}
