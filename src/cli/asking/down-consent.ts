import { type HomeFate, toBelongings } from '../../operations/down.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { Consent } from './consent.ts';

/** What `ws down` asks for this fate of the home; undefined when nothing is lost by it. */
export function toDownConsent(snapshot: WorkspaceSnapshot, home: HomeFate, facts: string[]): Consent | undefined {
  const deed = toDeed(snapshot, home);
  if (home === 'keep' && facts.length === 0) return undefined;
  const staying = home === 'delete' ? describeStaying(snapshot) : undefined;
  const all = staying === undefined ? facts : [...facts, staying];
  return { facts: all, deed, undone: describeUntouched(snapshot) };
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
  if (home === 'lose') return `${down}, and lose its home, which is on no volume`;
  const doomed = listDoomed(snapshot);
  if (doomed.length === 0) return down;
  return deployment === undefined
    ? `delete ${doomed.join(' and ')} of workspace ${name}, for good`
    : `${down} and delete ${doomed.join(' and ')}, for good`;
}

/** As `down` will delete them. */
function listDoomed(snapshot: WorkspaceSnapshot): string[] {
  const { claim, isClaimDoomed, hostKey, isHostKeyDoomed } = toBelongings(snapshot);
  const isLost = snapshot.deployment !== undefined && snapshot.home.kind === 'emptyDir';
  return [
    ...(isClaimDoomed ? [`its home, claim ${claim}${describeSize(snapshot)},`] : []),
    ...(isLost ? ['its home, which is on no volume,'] : []),
    ...(isHostKeyDoomed ? [`its host key ${hostKey}`] : []),
  ];
}

/** The size of the home's claim in brackets; '' where it is not known. */
export function describeSize({ home }: WorkspaceSnapshot): string {
  const size = home.kind === 'claim' ? (home.claim.capacity ?? home.claim.requested) : undefined;
  return size === undefined ? '' : ` (${size})`;
}
