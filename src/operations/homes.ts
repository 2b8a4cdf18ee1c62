import { failure } from '../workspace/errors.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import type { World } from '../workspace/world.ts';

export interface Home {
  claim: string;
  workspace: string;
  user: string;
  size: string;
  storageClass: string;
  createdAt: string;
  state: 'in use' | 'kept';
}

/** The homes on claims, those whose workspace is gone included. */
export async function listHomes(world: World, signal: AbortSignal): Promise<Home[]> {
  const all = await world.cluster.listWorkspaces(signal);
  return all.flatMap((snapshot) => toHome(snapshot) ?? []);
}

/** The kept home of this claim or workspace name. Throws `HOME_IN_USE` while a workspace has it. */
export async function getKeptHome(name: string, world: World, signal: AbortSignal): Promise<WorkspaceSnapshot> {
  const all = await world.cluster.listWorkspaces(signal);
  const found = all.find(
    (snapshot) => snapshot.home.kind === 'claim' && (snapshot.home.claim.name === name || snapshot.name === name),
  );
  if (found === undefined)
    throw failure('KEY_NOT_FOUND', { message: `There is no home "${name}"`, suggestions: ['ws homes ls'] });
  if (found.deployment !== undefined) {
    throw failure('HOME_IN_USE', {
      message: `Workspace ${found.name} uses this home`,
      suggestions: [`ws down ${found.name} --delete-home`],
    });
  }
  return found;
}

function toHome({ home, deployment, name }: WorkspaceSnapshot): Home | undefined {
  if (home.kind !== 'claim') return undefined;
  const { claim } = home;
  return {
    claim: claim.name,
    workspace: claim.workspace ?? name,
    user: claim.user ?? '',
    size: claim.capacity ?? claim.requested,
    storageClass: claim.storageClass ?? '',
    createdAt: claim.createdAt,
    state: deployment === undefined ? 'kept' : 'in use',
  };
}
