/** Homes on claims, and the host keys beside them: whose they are, who uses them, and what may be deleted. Pure. */

import { compareTexts } from '../compare-texts.ts';
import { failure, type WorkspaceError } from '../errors/errors.ts';
import { kubectl, type Suggestion, ws } from '../errors/suggestion.ts';
import {
  type ClaimSnapshot,
  ENDING_CLAIM,
  findStayingClaim,
  type HomeSnapshot,
  type HostKeySecret,
  type VolumeUser,
  type WorkspaceSnapshot,
} from './snapshot.ts';

/** Another answer takes the place of the one that was typed. */
const ANEW = { without: ['home', 'keep-home', 'delete-home'] };

/** One claim that is, or was, a home; or a host key that was kept alone. */
export interface Home {
  /** Undefined when only the host key was kept. */
  claim: string | undefined;
  /** The Secret with the host key of its workspace, where the chart made it. */
  hostKey: string | undefined;
  /** The workspace it was made for; for an existing claim, one that uses it. */
  workspace: string;
  user: string | undefined;
  size: string | undefined;
  storageClass: string | undefined;
  createdAt: string | undefined;
  /** `ending`: it is being deleted, as soon as the last pod that has it is gone. */
  state: 'in use' | 'kept' | 'ending';
  /** Who mounts the claim: `workspace new`, `CronJob backup`. */
  usedBy: string[];
}

/** What a namespace holds, as far as homes go. */
export interface HomesSeen {
  workspaces: WorkspaceSnapshot[];
  users: VolumeUser[];
  hostKeys: HostKeySecret[];
}

/** Every claim once, whoever uses it; then the host keys whose workspace left nothing else. */
export function toHomes({ workspaces, users, hostKeys }: HomesSeen): Home[] {
  const claims = new Map<string, { claim: ClaimSnapshot; workspace: string }>();
  for (const { name, home } of workspaces) {
    // A chart without the claim in its values makes a pod beside it: that home is there, and nobody's.
    for (const claim of [home.kind === 'claim' ? home.claim : undefined, home.unused])
      if (claim !== undefined && !claims.has(claim.name))
        claims.set(claim.name, { claim, workspace: claim.workspace ?? name });
  }
  const findKey = (workspace: string) => hostKeys.find((key) => key.workspace === workspace);
  const onClaims = [...claims.values()].map(({ claim, workspace }): Home => {
    const usedBy = users.filter((user) => user.claims.includes(claim.name)).map(describeUser);
    return {
      claim: claim.name,
      hostKey: findKey(workspace)?.name,
      workspace,
      user: claim.user,
      size: claim.capacity ?? claim.requested,
      storageClass: claim.storageClass,
      createdAt: claim.createdAt,
      state: claim.phase === ENDING_CLAIM ? 'ending' : usedBy.length > 0 ? 'in use' : 'kept',
      usedBy: [...new Set(usedBy)],
    };
  });
  const named = new Set([
    ...onClaims.map(({ workspace }) => workspace),
    ...workspaces.filter(({ deployment }) => deployment !== undefined).map(({ name }) => name),
  ]);
  const alone = hostKeys.filter(
    (key) =>
      !named.has(key.workspace) && !users.some((user) => user.isEnding !== true && user.secrets.includes(key.name)),
  );
  return [...onClaims, ...alone.map(toKeyAlone)].toSorted((a, b) => compareTexts(a.workspace, b.workspace));
}

function toKeyAlone({ name, workspace, createdAt }: HostKeySecret): Home {
  return {
    claim: undefined,
    hostKey: name,
    workspace,
    user: undefined,
    size: undefined,
    storageClass: undefined,
    createdAt,
    state: 'kept',
    usedBy: [],
  };
}

/** The line that copies a home out, where a pod serves it. */
export function suggestCopy({ name, pod }: Pick<WorkspaceSnapshot, 'name' | 'pod'>): Suggestion[] {
  if (pod?.ready !== true) return [];
  return [{ ...ws`ssh -- tar cz .`, workspace: name, into: `${name}-home.tar.gz`, note: 'copies it out' }];
}

/** Why this home goes with its pod, whoever ends that; undefined for one that outlives it, or that is not there. */
export function whyGoesWithPod(home: HomeSnapshot): string | undefined {
  if (home.kind === 'emptyDir') return 'It is an emptyDir, which goes with its pod';
  if (home.kind !== 'claim' || home.claim.phase !== ENDING_CLAIM) return undefined;
  return `Somebody has deleted its claim ${home.claim.name}, which goes with its pod`;
}

/** What a workspace without its pod still has, in a clause, and what it has lost: nobody finds that out later. */
export function describeKept({ home, endingPods }: Pick<WorkspaceSnapshot, 'home' | 'endingPods'>): string {
  if (findStayingClaim(home) !== undefined) return 'its home, host key and keys are there';
  const rest = 'its host key and keys are there';
  if (whyGoesWithPod(home) !== undefined)
    return `${rest}; its home ${endingPods.length === 0 ? 'went' : 'goes'} with the pod`;
  const claim = home.kind === 'claim' ? home.claim.name : home.kind === 'missing-claim' ? home.name : '';
  return `${rest}; ${home.kind === 'claim' ? `the volume of its claim ${claim} is lost` : `its claim ${claim} is gone`}`;
}

/** `workspace new`, `CronJob backup`, `workspace old (ending)`. */
export function describeUser({ kind, name, workspace, isEnding = false }: VolumeUser): string {
  return `${workspace === undefined ? `${kind} ${name}` : `workspace ${workspace}`}${isEnding ? ' (ending)' : ''}`;
}

/** Whether a pod is there whose Deployment is gone: the cluster is about to delete it, and has not begun yet. */
export function isAnyLeft(users: VolumeUser[]): boolean {
  return users.some(
    ({ kind, workspace, isEnding }) =>
      kind === 'Pod' &&
      workspace !== undefined &&
      isEnding !== true &&
      !users.some((other) => other.kind === 'Deployment' && other.workspace === workspace),
  );
}

/**
 * Why a claim must stay, or undefined when it is the workspace's alone: somebody else mounts it, or it holds the home
 * of a workspace that was taken down and may come back. A pod that ends does not count: the cluster keeps the volume
 * until it is gone. `workspace` may mount it; `owner` is whose home it is.
 */
export function findClaimHold(
  claim: string,
  workspace: string | undefined,
  { users, hostKeys }: Pick<HomesSeen, 'users' | 'hostKeys'>,
  owner?: string,
): WorkspaceError | undefined {
  const others = users.filter(
    ({ claims, workspace: of, isEnding }) =>
      claims.includes(claim) && isEnding !== true && (of === undefined || of !== workspace),
  );
  if (others.length > 0) return toInUse(claim, others, owner);
  const kept = hostKeys.filter((key) => key.home?.claim === claim && key.workspace !== workspace);
  const [first] = kept;
  if (first === undefined) return undefined;
  const folder = first.home?.subPath === undefined ? '' : `, in its folder ${first.home.subPath}`;
  return failure('HOME_IN_USE', {
    message: `Claim ${claim} also holds the kept home of workspace ${first.workspace}${folder}`,
    reason: `Deleting the claim would delete both; of ${first.workspace}, ws homes ls has the host key alone`,
    suggestions: [
      { ...ws`homes rm ${first.workspace}`, note: 'gives that one up; then the same again' },
      ...(workspace === undefined ? [] : [{ ...ws`down --keep-home`, workspace, again: ANEW }]),
    ],
  });
}

function toInUse(claim: string, users: VolumeUser[], owner: string | undefined): WorkspaceError {
  const names = [...new Set(users.map(describeUser))];
  const workspace = users.find((user) => user.workspace !== undefined)?.workspace;
  // A claim that only its own workspace uses goes with it.
  const isOwn = workspace !== undefined && users.every((user) => user.workspace === owner);
  return failure('HOME_IN_USE', {
    message: `Claim ${claim} is in use by ${names.join(', ')}`,
    reason: isOwn ? 'That workspace is up, or stopped' : 'A home that something else uses is never deleted',
    suggestions: [
      ...(workspace === undefined
        ? []
        : [
            isOwn
              ? {
                  ...ws`down --delete-home`,
                  workspace,
                  again: ANEW,
                  note: 'takes it down, and deletes its home with it',
                }
              : { ...ws`down --keep-home`, workspace, again: ANEW },
          ]),
      { ...kubectl`describe pvc ${claim}`, note: 'see "Used By"' },
      ws`homes ls`,
    ],
  });
}

/** Whether something other than the workspace mounts the Secret, and goes on doing so. */
export function isSharedSecret(secret: string, workspace: string, users: VolumeUser[]): boolean {
  return users.some((user) => user.secrets.includes(secret) && user.workspace !== workspace && user.isEnding !== true);
}
