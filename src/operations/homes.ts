import { failure, type WorkspaceError } from '../workspace/errors/errors.ts';
import { findNearest } from '../workspace/errors/nearest.ts';
import { toQuoted } from '../workspace/errors/printable.ts';
import { ws } from '../workspace/errors/suggestion.ts';
import { tellIfInterrupted } from '../workspace/errors/tell-if-interrupted.ts';
import { DEFAULT_WORKSPACE } from '../workspace/names.ts';
import { findHostsName, readAddress } from '../workspace/naming/address.ts';
import type { Operation } from '../workspace/state/events.ts';
import {
  findClaimHold,
  type Home,
  type HomesSeen,
  isAnyLeft,
  isSharedSecret,
  toHomes,
} from '../workspace/state/homes.ts';
import type { World } from '../workspace/world.ts';
import { verifyNamespace } from './checks/find-namespace-fault.ts';
import { deleteHome } from './homes/delete-home.ts';
import { listDeletions, tellKept } from './homes/fates.ts';

/**
 * The homes on claims, each once and with who uses it, and the host keys that were kept alone. Throws
 * `NAMESPACE_MISSING`.
 */
export async function listHomes(world: World, signal: AbortSignal): Promise<Home[]> {
  const homes = toHomes(await look(world, signal));
  if (homes.length === 0) await verifyNamespace(DEFAULT_WORKSPACE, world, signal);
  return homes;
}

/**
 * The kept home of this claim, workspace or host key. Throws `WORKSPACE_MISSING`, `NAMESPACE_MISSING`, or `HOME_IN_USE`
 * while anything mounts it.
 */
export async function getKeptHome(name: string, world: World, signal: AbortSignal): Promise<Home> {
  const endMs = world.clock.nowMs() + LEAVING_MS;
  while (true) {
    const seen = await tellIfInterrupted('Nothing was deleted', () => look(world, signal));
    const homes = toHomes(seen);
    const found = findHome(name, homes);
    const hold = found === undefined ? homeMissing(name, homes, world) : findHold(found, seen);
    if (found !== undefined && hold === undefined) return found;
    if (!isAnyLeft(seen.users) || world.clock.nowMs() >= endMs) {
      if (homes.length === 0) await verifyNamespace(undefined, world, signal);
      throw hold;
    }
    await tellIfInterrupted('Nothing was deleted', () => world.clock.sleep(LOOK_MS, signal));
  }
}

/** How long the cluster may take to delete the pod of a workspace that was taken down a moment ago by other means. */
const LEAVING_MS = 10_000;
const LOOK_MS = 250;

/** By its claim, its workspace, or what people call that after ssh: `me@dev`, `ws-dev`. */
function findHome(text: string, homes: Home[]): Home | undefined {
  const { name, user } = readAddress(text);
  const isOf = (wanted: string | undefined) => homes.find(({ workspace }) => workspace === wanted);
  const found =
    homes.find(({ claim, hostKey }) => claim === text || (claim === undefined && hostKey === text)) ??
    isOf(name) ??
    isOf(findHostsName(name));
  return user === undefined || found?.user === undefined || found.user === user ? found : undefined;
}

function homeMissing(text: string, homes: Home[], { cluster }: World) {
  const names = homes.map(({ workspace }) => workspace);
  const near = findNearest(readAddress(text).name, [...names, ...homes.flatMap(({ claim = [] }) => claim)]);
  return failure('WORKSPACE_MISSING', {
    message: `There is no home ${toQuoted(text)} in namespace ${cluster.namespace} of context ${cluster.context}`,
    ...(homes.length === 0 ? {} : { reason: `There is: ${names.join(', ')}` }),
    suggestions: [...(near === undefined ? [] : [ws`homes rm ${near}`]), ws`homes ls`],
  });
}

export interface RemovedHome {
  workspace: string;
  kept: string[];
  deleted: string[];
}

/** Deletes a kept home and its workspace's host key, once more looking whether somebody has taken it up meanwhile. */
export async function* removeHome(home: Home, world: World, signal: AbortSignal): Operation<RemovedHome> {
  const { workspace, claim, hostKey } = home;
  yield {
    type: 'planned',
    workspace,
    steps: listDeletions({ claim: claim !== undefined, hostKey: hostKey !== undefined }),
  };
  const seen = await tellIfInterrupted('Nothing was deleted', () => look(world, signal));
  const hold = findHold(home, seen);
  if (hold !== undefined) throw hold;
  const isShared = hostKey !== undefined && isSharedSecret(hostKey, '', seen.users);
  const deleted = yield* deleteHome({ workspace, claim, hostKey: isShared ? undefined : hostKey }, world, signal);
  yield* tellKept({ claim, unused: undefined, hostKey }, deleted);
  return { workspace, kept: isShared ? [hostKey] : [], deleted };
}

function findHold({ claim, workspace }: Home, seen: HomesSeen): WorkspaceError | undefined {
  if (claim === undefined) return undefined;
  // Everything that mounts the claim counts, its own workspace too. The host key beside it does not.
  const hostKeys = seen.hostKeys.filter((key) => key.workspace !== workspace);
  return findClaimHold(claim, undefined, { users: seen.users, hostKeys }, workspace);
}

async function look(world: World, signal: AbortSignal): Promise<HomesSeen> {
  const [workspaces, users, hostKeys] = await Promise.all([
    world.cluster.listWorkspaces(signal),
    world.cluster.listVolumeUsers(signal),
    world.cluster.listHostKeys(signal),
  ]);
  return { workspaces, users, hostKeys };
}
