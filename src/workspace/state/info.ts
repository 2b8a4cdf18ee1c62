/** What commands print about a workspace: one shape for tables and `--json`. */
import type { Found } from '../diagnosis/cause.ts';
import { diagnose, type WorkspaceState } from '../diagnosis/diagnosis.ts';
import { type Scene, UNASKED } from '../diagnosis/scene.ts';
import type { Suggestion } from '../errors/suggestion.ts';
import type { Stop } from '../sleep/stop.ts';
import { findGrowth } from './claim-size.ts';
import type { Pending } from './cluster-words.ts';
import { type ClaimSnapshot, ENDING_CLAIM, type WorkspaceSnapshot } from './snapshot.ts';

export interface WorkspaceInfo {
  name: string;
  namespace: string;
  context: string;
  release: string;
  /** Releases beside it whose workspace has the same name. */
  otherReleases?: string[];
  state: WorkspaceState;
  /** Taking it down has begun and not ended: `ws down` finishes it. */
  halfDown?: true;
  /** Helm has begun to make or change it and not ended: it is at work, or was killed. */
  unended?: Pending;
  /** Helm has not installed it: `ws up` and `ws down` leave it alone. */
  foreign?: true;
  /** How it was stopped, as far as that is written down. */
  stopped?: Stop;
  /** The nearest of the causes, while something is wrong. */
  trouble: Trouble | undefined;
  /** All of them, the nearest first; undefined while nothing is wrong. */
  causes: CauseInfo[] | undefined;
  /** Login name; '' where it is not known. */
  user: string;
  createdAt: string | undefined;
  image: string | undefined;
  pod: string | undefined;
  node: string | undefined;
  restarts: number;
  home: HomeInfo;
}

export interface Trouble {
  /** The cause's code. */
  code: string;
  /** Kubernetes' own word. */
  reason: string;
  message: string;
  /** What it is known by. */
  evidence: string[];
  suggestion: Suggestion | undefined;
}

export interface CauseInfo extends Omit<Trouble, 'suggestion'> {
  suggestions: Suggestion[];
  /** What would have said more and could not be read. */
  unseen: string[];
  /** Whether waiting alone can help. */
  waiting: 'helps' | 'useless';
}

export interface ListedWorkspace extends WorkspaceInfo {
  /** A command without a name means it. */
  current: boolean;
}

export interface HomeInfo {
  kind: 'emptyDir' | 'claim';
  claim: string | undefined;
  size: string | undefined;
  /** What its claim asks for, while the volume has less. */
  asked?: string;
  storageClass: string | undefined;
  subPath: string | undefined;
  /** True when the release is gone and only this is left. */
  kept: boolean;
  /** The workspace's own claim of an earlier time, kept though its home is another one now. */
  earlierClaim?: string;
  /** Of the file system it is on; only where it was asked for. */
  usedBytes?: number;
  totalBytes?: number;
}

/** With what was seen besides, by whoever has looked. */
export function toInfo(
  snapshot: WorkspaceSnapshot,
  context: string,
  seen: Partial<Pick<Scene, 'around' | 'failure'>> = {},
): WorkspaceInfo {
  const { state, causes } = diagnose({ around: UNASKED, ...seen, snapshot });
  const [nearest] = causes;
  const { deployment, pod, home } = snapshot;
  return {
    name: snapshot.name,
    namespace: snapshot.namespace,
    context,
    release: snapshot.release,
    ...(snapshot.otherReleases === undefined ? {} : { otherReleases: snapshot.otherReleases }),
    state,
    ...(snapshot.isHalfDown === true ? { halfDown: true as const } : {}),
    ...(snapshot.unended === undefined ? {} : { unended: snapshot.unended }),
    ...(deployment?.isForeign === true ? { foreign: true as const } : {}),
    ...(state === 'stopped' && deployment?.stop !== undefined ? { stopped: deployment.stop } : {}),
    trouble: nearest === undefined ? undefined : toTrouble(nearest),
    causes: nearest === undefined ? undefined : causes.map(toCauseInfo),
    user: findUser(snapshot) ?? '',
    createdAt: deployment?.createdAt ?? (home.kind === 'claim' ? home.claim.createdAt : undefined),
    image: pod?.image ?? deployment?.image,
    pod: pod?.name,
    node: pod?.node,
    restarts: pod?.container?.restarts ?? 0,
    home: toHomeInfo(snapshot),
  };
}

/** The claim of a kept home remembers the user. We do not believe the claim of a damaged workspace. */
function findUser({ deployment, home }: WorkspaceSnapshot): string | undefined {
  if (deployment !== undefined) return deployment.user;
  return home.kind === 'claim' ? home.claim.user : undefined;
}

/** A cause with the one suggestion that is to be run. */
export function toTrouble({ code, reason, message, evidence, suggestions: [suggestion] }: Found): Trouble {
  return { code, reason, message, evidence, suggestion };
}

/** Of a cause that was told and is gone. */
export function toPassed({ code, reason, message }: Pick<Found, 'code' | 'reason' | 'message'>) {
  return { kind: 'trouble-passed' as const, code, reason, message };
}

function toCauseInfo({ code, reason, message, evidence, suggestions, unseen, waiting }: Found): CauseInfo {
  return { code, reason, message, evidence, suggestions, unseen, waiting };
}

function toHomeInfo(snapshot: WorkspaceSnapshot): HomeInfo {
  const { unused } = snapshot.home;
  const isThere = unused !== undefined && unused.phase !== ENDING_CLAIM;
  return { ...toMountedHome(snapshot), ...(isThere ? { earlierClaim: unused.name } : {}) };
}

function toMountedHome({ home, deployment }: WorkspaceSnapshot): HomeInfo {
  switch (home.kind) {
    case 'emptyDir':
      return {
        kind: 'emptyDir',
        claim: undefined,
        size: undefined,
        storageClass: undefined,
        subPath: undefined,
        kept: false,
      };
    case 'missing-claim':
      return {
        kind: 'claim',
        claim: home.name,
        size: undefined,
        storageClass: undefined,
        subPath: undefined,
        kept: false,
      };
    case 'claim':
      return {
        kind: 'claim',
        claim: home.claim.name,
        size: home.claim.capacity ?? home.claim.requested,
        ...toAsked(home.claim),
        storageClass: home.claim.storageClass,
        subPath: home.subPath,
        kept: deployment === undefined && home.claim.phase !== ENDING_CLAIM,
      };
  }
}

function toAsked(claim: ClaimSnapshot): { asked?: string } {
  const growth = findGrowth(claim);
  return growth === undefined ? {} : { asked: growth.asked };
}
