/** What commands print about a workspace: one shape for tables and `--json`. */
import { diagnose, type WorkspaceState } from '../diagnosis/diagnosis.ts';
import type { Trouble } from '../diagnosis/trouble.ts';
import type { Suggestion } from '../errors/suggestion.ts';
import { ENDING_CLAIM, type WorkspaceSnapshot } from './snapshot.ts';

export interface WorkspaceInfo {
  name: string;
  namespace: string;
  context: string;
  release: string;
  state: WorkspaceState;
  /** Kubernetes' own reason and a sentence, while something is wrong. */
  trouble: { reason: string; message: string; suggestion: Suggestion | undefined } | undefined;
  /** Login name; '' where it is not known. */
  user: string;
  createdAt: string | undefined;
  image: string | undefined;
  pod: string | undefined;
  node: string | undefined;
  restarts: number;
  home: HomeInfo;
}

export interface ListedWorkspace extends WorkspaceInfo {
  /** A command without a name means it. */
  current: boolean;
}

export interface HomeInfo {
  kind: 'emptyDir' | 'claim';
  claim: string | undefined;
  size: string | undefined;
  storageClass: string | undefined;
  subPath: string | undefined;
  /** True when the release is gone and only this is left. */
  kept: boolean;
  /** Of the file system it is on; only where it was asked for. */
  usedBytes?: number;
  totalBytes?: number;
}

export function toInfo(snapshot: WorkspaceSnapshot, context: string): WorkspaceInfo {
  const { state, trouble } = diagnose(snapshot);
  const { deployment, pod, home } = snapshot;
  return {
    name: snapshot.name,
    namespace: snapshot.namespace,
    context,
    release: snapshot.release,
    state,
    trouble: toPublicTrouble(trouble),
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

function toPublicTrouble(trouble: Trouble | undefined) {
  return trouble === undefined
    ? undefined
    : { reason: trouble.reason, message: trouble.message, suggestion: trouble.suggestion };
}

function toHomeInfo({ home, deployment }: WorkspaceSnapshot): HomeInfo {
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
        storageClass: home.claim.storageClass,
        subPath: home.subPath,
        kept: deployment === undefined && home.claim.phase !== ENDING_CLAIM,
      };
  }
}
