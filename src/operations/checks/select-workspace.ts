import { type ErrorParts, failure, type WorkspaceError } from '../../workspace/errors/errors.ts';
import { findNearest } from '../../workspace/errors/nearest.ts';
import { again, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { DEFAULT_WORKSPACE } from '../../workspace/names.ts';
import { findHostsName, isNewName, readAddress } from '../../workspace/naming/address.ts';
import { toInfo } from '../../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { findNamespaceFault } from './find-namespace-fault.ts';
import { describeLeft } from './what-is-left.ts';

export interface Selection {
  /** A kept home alone counts as well. */
  keptHomes?: boolean;
  /** It is to go, so nobody who does not find it wants to make one. */
  isDoomed?: boolean;
  /** Nor does anybody who wants to stop it. */
  isToStop?: boolean;
}

/** How many lines to copy are shown where several workspaces can be meant. */
const SHOWN = 8;

/**
 * The workspace a command is about: the named one, or the only one there is. `ws-dev` is `dev` where there is no
 * `ws-dev`: OpenSSH's hosts are called so. Throws `WORKSPACE_MISSING` or `WORKSPACE_AMBIGUOUS`, both with the names
 * that exist, `NAMESPACE_MISSING`, and `BAD_WORKSPACE_NAME` for another user than its own.
 */
export async function selectWorkspace(
  address: string | undefined,
  world: World,
  signal: AbortSignal,
  selection: Selection = {},
): Promise<WorkspaceSnapshot> {
  // What was taken down in part can be taken down.
  const counts = ({ deployment, isHalfDown }: WorkspaceSnapshot) =>
    deployment !== undefined || selection.keptHomes === true || (isHalfDown === true && selection.isDoomed === true);
  if (address !== undefined) {
    const { user, name } = readAddress(address);
    const found = await findNamed(name, counts, world, signal);
    if (found === undefined || !counts(found))
      throw await explainMissing(name, found, counts, selection, world, signal);
    verifyUser(found, user);
    return found;
  }
  const all = (await world.cluster.listWorkspaces(signal)).filter(counts);
  const [only, ...others] = all;
  if (only === undefined) {
    throw (
      (await findNamespaceFault(isToEnd(selection) ? undefined : DEFAULT_WORKSPACE, world, signal)) ??
      missing(undefined, [], undefined, selection, world)
    );
  }
  if (others.length === 0) return only;
  throw ambiguous(all, world);
}

/** The workspace that counts, else what is left of the one with this name. */
export async function findNamed(
  name: string,
  counts: (snapshot: WorkspaceSnapshot) => boolean,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceSnapshot | undefined> {
  const found = await world.cluster.findWorkspace(name, signal);
  const hosts = findHostsName(name);
  if ((found !== undefined && counts(found)) || hosts === undefined) return found;
  const other = await world.cluster.findWorkspace(hosts, signal);
  return other !== undefined && counts(other) ? other : found;
}

/** Throws `BAD_WORKSPACE_NAME` for `USER@NAME` with another user than the workspace's one. */
export function verifyUser({ name, deployment, home }: WorkspaceSnapshot, user: string | undefined): void {
  const own = deployment?.user ?? (home.kind === 'claim' ? home.claim.user : undefined);
  if (user === undefined || own === undefined || user === own) return;
  throw failure('BAD_WORKSPACE_NAME', {
    message: `Workspace ${name} has no user ${user}`,
    reason: `It has one user, and that is ${own}`,
    suggestions: [again({ ...ws`status`, workspace: name })],
  });
}

/** Which one? With a line for each: it is what was typed, with the name in it. */
export function ambiguous(all: WorkspaceSnapshot[], world: World): WorkspaceError {
  const { context, namespace } = world.cluster;
  const names = all.map(({ name }) => name);
  const [first = ''] = names;
  return failure('WORKSPACE_AMBIGUOUS', {
    message: `Which workspace? There are ${all.length} in namespace ${namespace}`,
    reason: names.join(', '),
    suggestions: [
      ...names.slice(0, SHOWN).map((workspace) => again({ ...ws`status`, workspace })),
      ...(names.length > SHOWN ? [ws`ls`] : []),
      { ...ws`use ${first}`, note: "makes it this directory's" },
    ],
    candidates: all.map((snapshot) => ({ name: snapshot.name, state: toInfo(snapshot, context).state })),
  });
}

async function explainMissing(
  name: string,
  kept: WorkspaceSnapshot | undefined,
  counts: (snapshot: WorkspaceSnapshot) => boolean,
  selection: Selection,
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceError> {
  const [all, hostKeys, fault] = await Promise.all([
    world.cluster.listWorkspaces(signal),
    selection.keptHomes === true ? world.cluster.listHostKeys(signal) : [],
    findNamespaceFault(isToEnd(selection) ? undefined : name, world, signal),
  ]);
  if (fault !== undefined) return fault;
  if (hostKeys.some(({ workspace }) => workspace === name)) return onlyHostKey(name, selection, world);
  return missing(name, all.filter(counts), kept, selection, world);
}

function isToEnd({ isDoomed, isToStop }: Selection): boolean {
  return isDoomed === true || isToStop === true;
}

function onlyHostKey(name: string, { isDoomed = false }: Selection, world: World) {
  const remove = { ...ws`homes rm ${name}`, note: 'deletes the host key' };
  const others = [ws`homes ls`, { ...ws`up`, workspace: name }];
  return failure('WORKSPACE_MISSING', {
    message: `There is no workspace ${name} in ${describePlace(world)}`,
    reason: 'Only its host key was kept',
    suggestions: isDoomed ? [remove, ...others] : [...others, remove],
  });
}

function missing(
  name: string | undefined,
  all: WorkspaceSnapshot[],
  kept: WorkspaceSnapshot | undefined,
  selection: Selection,
  world: World,
) {
  const names = all.map((snapshot) => snapshot.name);
  // What is left of the named one says that the name was meant.
  const near = name === undefined || kept !== undefined ? undefined : findNearest(name, names);
  const parts: ErrorParts = {
    message: `There is no workspace ${name === undefined ? '' : `${name} `}in ${describePlace(world)}`,
    suggestions: [
      ...(near === undefined ? [] : [again({ ...ws`status`, workspace: near })]),
      ...(kept === undefined ? suggestLook(name, selection) : suggestForLeft(kept, selection)),
    ],
  };
  if (kept !== undefined) parts.reason = describeLeft(kept).reason;
  else if (names.length > 0) parts.reason = `There is: ${names.join(', ')}`;
  return failure('WORKSPACE_MISSING', parts);
}

/** Where the name is right, the place may be wrong: to make another one is the last that was meant. */
function suggestLook(name: string | undefined, selection: Selection): Suggestion[] {
  const look = { ...ws`ls --all-namespaces`, note: 'if it is in another one, and you may list those' };
  const wanted = name === undefined ? DEFAULT_WORKSPACE : (findHostsName(name) ?? name);
  return isToEnd(selection) || !isNewName(wanted) ? [look] : [look, { ...ws`up`, workspace: wanted, note: 'makes it' }];
}

/** Its home may be taken up again. Whoever wanted its end has that already, and nobody asked to delete the home. */
function suggestForLeft(kept: WorkspaceSnapshot, selection: Selection): Suggestion[] {
  const up = { ...ws`up`, workspace: kept.name };
  if (!isToEnd(selection)) return [up, ws`ls`];
  return [ws`ls`, up, ...(selection.isDoomed === true ? describeLeft(kept).giveUp : [])];
}

function describePlace({ cluster }: World): string {
  return `namespace ${cluster.namespace} of context ${cluster.context}`;
}
