import { hasCode } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { findNearest } from '../../workspace/errors/nearest.ts';
import { DEFAULT_WORKSPACE } from '../../workspace/names.ts';
import { isNewName, readAddress } from '../../workspace/naming/address.ts';
import type { Sight } from '../../workspace/naming/sight.ts';
import { toInfo } from '../../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { findNamespaceFault } from '../checks/find-namespace-fault.ts';
import { findNamed, verifyUser } from '../checks/select-workspace.ts';

/** How long a command that works without the cluster waits for it. */
const LIMIT_MS = 5000;

/**
 * Looks for the workspace that is meant: the named one, or the only one. It is a look in passing: a cluster that cannot
 * be asked is no error, nor is a machine without one. Throws `BAD_WORKSPACE_NAME` for another user than the
 * workspace's own.
 */
export async function seeWorkspace(
  address: string | undefined,
  world: World | undefined,
  signal: AbortSignal,
): Promise<Sight> {
  if (world === undefined) return { kind: 'unknown', reason: 'there is no kubeconfig' };
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    return address === undefined ? await seeOnly(world, limit) : await seeNamed(address, world, limit);
  } catch (error) {
    if (hasCode(error, 'BAD_WORKSPACE_NAME') || signal.aborted) throw error;
    return { kind: 'unknown', reason: limit.aborted ? 'it does not answer' : toReason(error, 'address') };
  }
}

/** A kept home is there, too. */
async function seeNamed(address: string, world: World, signal: AbortSignal): Promise<Sight> {
  const { user, name } = readAddress(address);
  const found = await findNamed(name, () => true, world, signal);
  if (found !== undefined) {
    verifyUser(found, user);
    return toThere(found, world);
  }
  const names = (await world.cluster.listWorkspaces(signal)).map((one) => one.name);
  if (names.length === 0) return seeNone(isNewName(name) ? name : DEFAULT_WORKSPACE, world, signal);
  return { kind: 'absent', names, near: findNearest(name, names) };
}

async function seeNone(name: string, world: World, signal: AbortSignal): Promise<Sight> {
  const fault = await findNamespaceFault(name, world, signal);
  return fault === undefined ? { kind: 'absent', names: [] } : { kind: 'nowhere', fault };
}

async function seeOnly(world: World, signal: AbortSignal): Promise<Sight> {
  const all = (await world.cluster.listWorkspaces(signal)).filter(({ deployment }) => deployment !== undefined);
  const [only, ...others] = all;
  if (only === undefined) return seeNone(DEFAULT_WORKSPACE, world, signal);
  return others.length === 0 ? toThere(only, world) : { kind: 'several', names: all.map(({ name }) => name) };
}

function toThere(snapshot: WorkspaceSnapshot, { cluster }: World): Sight {
  return { kind: 'there', name: snapshot.name, state: toInfo(snapshot, cluster.context).state };
}
