import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { ENDING_CLAIM } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import type { Belongings } from './belongings.ts';

/**
 * What somebody else has deleted of the things that this run has left, such as a home that two workspaces shared. What
 * nobody can see counts as kept: it was there.
 */
export async function findGone(
  { claim, unused, hostKey }: Pick<Belongings, 'claim' | 'unused' | 'hostKey'>,
  deleted: readonly string[],
  { cluster }: Pick<World, 'cluster'>,
  signal: AbortSignal,
): Promise<string[]> {
  const isClaimGone = async (name: string) => {
    const found = await cluster.findClaim(name, signal);
    return found === undefined || found.phase === ENDING_CLAIM;
  };
  const isSecretGone = async (name: string) => (await cluster.findSecret(name, signal)) === undefined;
  const looks = [
    ...[claim, unused].map((name) => ({ name, isGone: isClaimGone })),
    { name: hostKey, isGone: isSecretGone },
  ];
  const gone = await Promise.all(
    looks.map(async ({ name, isGone }) =>
      name !== undefined && !deleted.includes(name) && (await isGone(name).catch(unlessUnseen)) ? [name] : [],
    ),
  );
  return gone.flat();
}

function unlessUnseen(error: unknown): false {
  if (error instanceof WorkspaceError) return false;
  throw error;
}
