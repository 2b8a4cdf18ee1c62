import type { HomeFate } from '../../operations/down.ts';
import { toBelongings } from '../../operations/homes/belongings.ts';
import { isHomeLost } from '../../operations/homes/fates.ts';
import { enumerate } from '../../workspace/errors/enumerate.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Consent } from './consent.ts';

/**
 * What `ws down` asks for this fate of the home; undefined when nothing is lost by it. `retained` says that the files
 * outlive their claim.
 */
export function toDownConsent(
  snapshot: WorkspaceSnapshot,
  home: HomeFate,
  { facts, retained }: { facts: string[]; retained: string[] },
): Consent | undefined {
  const deed = toDeed(snapshot, home);
  if (home === 'keep' && facts.length === 0 && retained.length === 0) return undefined;
  const staying = home === 'delete' ? describeStaying(snapshot) : undefined;
  const told = [describeLoss(listLost(snapshot, home, retained.length > 0)), ...retained, staying].filter(
    (fact) => fact !== undefined,
  );
  return { facts: [...facts, ...told], deed, undone: describeUntouched(snapshot) };
}

/** Which home of its own stays though the home is to go. */
function describeStaying({ home, ...snapshot }: WorkspaceSnapshot): string | undefined {
  const { keepsHome, claim, hostKey } = toBelongings({ home, ...snapshot });
  if (!keepsHome) return undefined;
  const which =
    home.unused === undefined
      ? `${claim}, of which the home is a folder,`
      : `${home.unused.name}, a home of an earlier time,`;
  return `Claim ${which} and host key ${hostKey} stay`;
}

/** What is so before `ws down` has begun. */
export function describeUntouched({ name, deployment }: WorkspaceSnapshot): string {
  return deployment === undefined ? 'Nothing was deleted' : `Workspace ${name} stays as it is; nothing was changed`;
}

function toDeed(snapshot: WorkspaceSnapshot, home: HomeFate): string {
  const { name, deployment } = snapshot;
  const down = `take down workspace ${name}`;
  if (home === 'keep') return down;
  if (home === 'lose') return `${down} and lose its home`;
  const { isClaimDoomed, isHostKeyDoomed } = toBelongings(snapshot);
  const doomed = [...(isClaimDoomed || isHomeLost(snapshot) ? ['home'] : []), ...(isHostKeyDoomed ? ['host key'] : [])];
  if (doomed.length === 0) return down;
  return deployment === undefined
    ? `delete the ${doomed.join(' and the ')} of workspace ${name}`
    : `${down} and delete its ${doomed.join(' and its ')}`;
}

/** What nothing brings back, as `down` will delete it. */
function listLost(snapshot: WorkspaceSnapshot, home: HomeFate, isRetained: boolean): string[] {
  if (home === 'keep') return [];
  const { claim, isClaimDoomed, hostKey, isHostKeyDoomed } = toBelongings(snapshot);
  const isDeleted = home === 'delete';
  return [
    ...(isDeleted && isClaimDoomed && !isRetained ? [`all files in claim ${claim}${describeSize(snapshot)}`] : []),
    ...(isHomeLost(snapshot) ? ['all files of its home, which goes with its pod'] : []),
    ...(isDeleted && isHostKeyDoomed ? [`host key ${hostKey}`] : []),
  ];
}

/** What a person who agrees will never see again; undefined for nothing. */
export function describeLoss(lost: readonly string[]): string | undefined {
  return lost.length === 0 ? undefined : `Lost for good: ${enumerate(lost, 'and')}`;
}

/** The size of the home's claim in brackets; '' where it is not known. */
export function describeSize({ home }: WorkspaceSnapshot): string {
  const size = home.kind === 'claim' ? (home.claim.capacity ?? home.claim.requested) : undefined;
  return size === undefined ? '' : ` (${size})`;
}
