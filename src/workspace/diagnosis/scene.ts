/**
 * All that a diagnosis is made from: the workspace, what is around it in the cluster, and an error where one was
 * thrown.
 */
import type { WorkspaceError } from '../errors/errors.ts';
import type { Amounts } from '../state/cluster-pods.ts';
import type { ClaimSnapshot, StorageClassSnapshot, WorkspaceSnapshot } from '../state/snapshot.ts';

export interface Scene {
  snapshot: WorkspaceSnapshot | undefined;
  around: Surroundings;
  /** What an adapter made of a failure. */
  failure?: WorkspaceError;
  /**
   * Other amounts for the pod that runs, or those of a first one. Without a failure, nobody has refused them yet: then
   * quotas and limits are judged as they were seen. What the pod has counts no more once it has made way.
   */
  change?: AmountChange;
  /** What whoever watches has seen with its own clock. */
  watched?: Watched;
}

export interface AmountChange {
  from: Amounts;
  to: Amounts;
  /** What is to be made besides, as quotas count it: `pods`, `count/deployments.apps`, `requests.storage`. */
  counts?: Quantities;
}

export interface Watched {
  /** How long the workspace has been doing the same. */
  sameForMs: number;
  /** The pod that has been ending for longer than it may. */
  overduePod?: string | undefined;
}

/** Nothing, not allowed to look, no answer, and not looked at are four answers. */
export type Look<T> =
  | { kind: 'seen'; items: T[] }
  | { kind: 'refused' }
  /** No answer came in time, or none that can be used. */
  | { kind: 'late' }
  | { kind: 'unasked' };

export interface Surroundings {
  nodes: Look<NodeSight>;
  /** What the pods on each node ask for together. */
  loads: Look<LoadSight>;
  /** Of the namespace, as all that follow down to the pods. */
  quotas: Look<QuotaSight>;
  limitRanges: Look<LimitSight>;
  claims: Look<ClaimSnapshot>;
  pods: Look<PodSight>;
  classes: Look<StorageClassSnapshot>;
  volumes: Look<VolumeSight>;
}

const unasked = { kind: 'unasked' } as const;

/** Nobody looked around. */
export const UNASKED: Surroundings = {
  nodes: unasked,
  loads: unasked,
  quotas: unasked,
  limitRanges: unasked,
  claims: unasked,
  pods: unasked,
  classes: unasked,
  volumes: unasked,
};

/** Kubernetes quantities by resource: `cpu`, `memory`, `limits.cpu`. */
export type Quantities = Record<string, string>;

export interface TaintSight {
  key: string;
  /** '' where there is none. */
  value: string;
  effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface NodeSight {
  name: string;
  labels: Record<string, string>;
  taints: TaintSight[];
  isCordoned: boolean;
  /** `unknown` when the node has stopped reporting. */
  ready: 'yes' | 'no' | 'unknown';
  /** `linux/amd64` */
  platform: string | undefined;
  /** What pods may have of it together. */
  allocatable: Quantities;
  /** Names of images that it has, as far as it reports them: fifty of each node. */
  images: string[];
}

export interface LoadSight {
  node: string;
  pods: number;
  /** Cores. */
  cpu: number;
  /** Bytes, as the next. */
  memory: number;
  storage: number;
}

export interface QuotaSight {
  name: string;
  /** It counts some pods only. */
  isScoped: boolean;
  hard: Quantities;
  used: Quantities;
}

/** One rule of a LimitRange. */
export interface LimitSight {
  name: string;
  /** `Container`, `Pod` or `PersistentVolumeClaim`. */
  type: string;
  min: Quantities;
  max: Quantities;
}

export interface PodSight {
  name: string;
  node: string | undefined;
  /** The workspace that it is of. */
  workspace: string | undefined;
  claims: string[];
  hasEnded: boolean;
}

export interface VolumeSight {
  name: string;
  /** The claim that has it, in whatever namespace. */
  claim: { namespace: string; name: string } | undefined;
  /** Labels that a node must have to mount it, each `KEY=VALUE`: one of them at least. Empty for any node. */
  nodeLabels: string[];
}

/** What was seen; nothing where nobody could look. */
export function listSeen<T>(look: Look<T>): T[] {
  return look.kind === 'seen' ? look.items : [];
}

/** What a person should know about a look that showed nothing, as a clause: `the quotas may not be read`. */
export function listUnseen(...looks: [what: string, look: Look<unknown>][]): string[] {
  return looks.flatMap(([what, { kind }]) => {
    if (kind === 'refused') return [`${what} may not be read`];
    return kind === 'late' ? [`${what} could not be read in time`] : [];
  });
}
