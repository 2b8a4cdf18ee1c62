import type { Stop } from '../sleep/stop.ts';
import type { Pending } from './cluster-words.ts';

/** A workspace as the cluster shows it at one moment: plain data, cut down from the API's objects by the adapter. */

export interface WorkspaceSnapshot {
  name: string;
  namespace: string;
  /** The Helm release, from the objects' instance label. */
  release: string;
  /** Releases beside it whose workspace has the same name: the chart refuses them, as far as it sees them. */
  otherReleases?: string[];
  deployment: DeploymentSnapshot | undefined;
  /** The newest pod; an older one that still terminates is in `endingPods`. */
  pod: PodSnapshot | undefined;
  /** The newest one that failed before it, while the cluster still has it. */
  failedPod?: PodSnapshot;
  /** Pods that are being deleted, the oldest first. */
  endingPods: EndingPod[];
  home: HomeSnapshot;
  service: { name: string; type: string; port: number } | undefined;
  /** Its Deployment is gone, but Helm's record of the release says that the uninstallation has not ended. */
  isHalfDown?: boolean;
  /** Helm's record says that making or changing it has not ended. Of a workspace that was named nobody has asked. */
  unended?: Pending;
  /** Newest last; of a pod in trouble, its replica set and the deployment, and of a claim that is not bound. */
  events: EventSnapshot[];
}

export interface DeploymentSnapshot {
  name: string;
  /** ISO 8601; undefined where the API server does not say. */
  createdAt: string | undefined;
  /** 0 or 1; 0 is a stopped workspace. */
  replicas: number;
  image: string | undefined;
  /** Login name of the workspace; undefined where nothing says it, or says what cannot be one. */
  user: string | undefined;
  /** Why nobody may log in: what the chart never writes. A clause, `its annotation … is no …`. */
  damage?: string;
  /** What the pod runs as; undefined where the template does not say. */
  uid: number | undefined;
  gid: number | undefined;
  /** Secret names as the pod template mounts them; undefined for one that it does not mount. */
  hostKeySecret: string | undefined;
  authorizedKeysSecret: string | undefined;
  /** How much /dev/shm may hold; undefined where nothing is mounted there, as in workspaces of 0.1. */
  sharedMemory?: string;
  /** TCP port of the SSH server in the pod. */
  sshPort: number;
  /** Where its supervisor resumes streams; absent where it does not, as in workspaces of 0.1. */
  resumePort?: number;
  /** What its ReplicaFailure condition says when no pod can be made: a quota, an admission rule. */
  failure: string | undefined;
  /** A change in place was begun and not ended: it makes no other pod until then. */
  isHeld?: boolean;
  /** Helm has not installed it, as far as it says itself: `ws up` and `ws down` leave it alone. */
  isForeign?: boolean;
  /** While it is stopped, and says of itself how. */
  stop?: Stop;
  /** What its pods ask for. */
  wants?: PodWants;
}

/** What a pod asks of the cluster. The amounts are Kubernetes quantities by resource, of the workspace's container. */
export interface PodWants {
  requests: Record<string, string>;
  limits: Record<string, string>;
  nodeSelector: Record<string, string>;
  /** The rules about labels of nodes that have to hold, as `disktype In ssd, nvme`: one of them at least. */
  affinity: string[];
  tolerations: { key?: string; operator: 'Equal' | 'Exists'; value?: string; effect?: string }[];
  pullSecrets: string[];
}

export interface PodSnapshot {
  name: string;
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  /** The Ready condition, not the phase. */
  ready: boolean;
  node: string | undefined;
  image: string | undefined;
  /** Why the kubelet or the eviction manager ended it (`Evicted`, say). */
  reason: string | undefined;
  message: string | undefined;
  /** The PodScheduled condition's words while it is false. */
  unschedulable: string | undefined;
  /** Of the workspace's container. */
  container: ContainerSnapshot | undefined;
  wants?: PodWants;
  /** What its Ready condition says while it is false. */
  unready?: string;
  /** Its other containers that are not ready, in a clause each: `sidecar waits: CrashLoopBackOff`. */
  others?: string[];
  /** A container of somebody else's that runs before the workspace's own, which waits for its end. */
  init?: string;
  /** What else its template makes it wait for, in a clause each: `resource claim gpu`. The chart writes none of it. */
  conditions?: string[];
}

/** A pod that was deleted and is still there. */
export interface EndingPod {
  name: string;
  /** When it was deleted, by the API server's clock, as ISO 8601; undefined where that does not say. */
  since: string | undefined;
  /** How long its programs may take from then on. */
  graceSeconds: number;
  node: string | undefined;
  finalizers: string[];
  /** Whether a container of it runs, as far as its node has told. */
  isRunning: boolean;
  /** Who took the pod away, where that was not its owner (`DeletionByTaintManager`, `NodeLost`). */
  disruption: string | undefined;
  /** What it has until it is gone. Absent where that is not known. */
  wants?: PodWants;
}

export interface ContainerSnapshot {
  state: 'waiting' | 'running' | 'terminated';
  /** `ContainerCreating`, `ImagePullBackOff`, `CrashLoopBackOff`, … */
  reason: string | undefined;
  message: string | undefined;
  restarts: number;
  /** Its own readiness: the pod's may wait for others. */
  isReady?: boolean;
  /** It runs, and has not been ready since it started. */
  isOnTrial?: boolean;
  /** While it runs: since when, by its node's clock. */
  startedAt?: string;
  /** The kubelet could not make or enter a folder of a volume (`subPath`). */
  isSubPathRefused?: boolean;
  /** The last end, before this state or this state itself. `message` is what a program of the pod left behind. */
  lastEnd: ContainerEnd | undefined;
}

/** Whether its container has run, now or before: until then there is no log of it. */
export function hasLog({ container }: Pick<PodSnapshot, 'container'>): boolean {
  return container !== undefined && (container.restarts > 0 || container.state !== 'waiting');
}

export interface ContainerEnd {
  reason: string;
  exitCode: number;
  message: string | undefined;
  /** By its node's clock; undefined where that does not say. */
  ranSeconds?: number;
}

export type HomeSnapshot = (
  | { kind: 'emptyDir' }
  | { kind: 'claim'; claim: ClaimSnapshot; subPath: string | undefined }
  /** The pod template names a claim that is not there. */
  | { kind: 'missing-claim'; name: string }
) & {
  /** The workspace's own claim of an earlier time, which its pod does not mount. */
  unused?: ClaimSnapshot;
};

/** The phase of a claim that was deleted and that a pod still holds. */
export const ENDING_CLAIM = 'Terminating';

/** The phase of a claim whose volume is gone, and with it all files. */
const LOST_CLAIM = 'Lost';

/** The claim of a home that outlives its workspace: one that is there with its volume, and not being deleted. */
export function findStayingClaim(home: HomeSnapshot): ClaimSnapshot | undefined {
  if (home.kind !== 'claim' || [ENDING_CLAIM, LOST_CLAIM].includes(home.claim.phase)) return undefined;
  return home.claim;
}

export interface ClaimSnapshot {
  name: string;
  /** `Bound`, `Pending`, `Lost`, or `ENDING_CLAIM`. */
  phase: string;
  /** Kubernetes quantities: what was asked for and what the volume has. */
  requested: string | undefined;
  capacity: string | undefined;
  storageClass: string | undefined;
  /** The volume that it is bound to. */
  volume?: string;
  createdAt: string | undefined;
  /** The workspace it was made for, from its label. */
  workspace: string | undefined;
  /** The login name, the IDs and the folder of the home, which its maker wrote into annotations. */
  user: string | undefined;
  uid: number | undefined;
  gid: number | undefined;
  subPath: string | undefined;
}

/** What mounts claims and Secrets: a Deployment, StatefulSet, CronJob, or a pod. */
export interface VolumeUser {
  kind: string;
  name: string;
  /** The workspace that it is of; undefined for what is no workspace. */
  workspace: string | undefined;
  claims: string[];
  secrets: string[];
  /** A pod that was deleted, and that nothing makes again: it lets go of all that by itself. */
  isEnding?: boolean;
}

/** A Secret that the chart made for a workspace's host key. It outlives the workspace, and remembers its home. */
export interface HostKeySecret {
  name: string;
  workspace: string;
  createdAt: string | undefined;
  /** The claim, and the folder of it, that the workspace had as its home when the Secret was written last. */
  home: { claim: string; subPath: string | undefined } | undefined;
}

/** A Secret's data, decoded, and the metadata that says who manages it. */
export interface MarkedSecret {
  data: Map<string, Buffer>;
  /** When somebody changed it last, by the API server's clock, as ISO 8601. */
  changedAt: string | undefined;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

export interface EventSnapshot {
  type: 'Normal' | 'Warning';
  /** `FailedScheduling`, …; undefined where it is no word. */
  reason: string | undefined;
  message: string | undefined;
  /** `Pod/ws-dev-abc`. */
  object: string;
  /** Of a pod: the container that it is about; undefined for the pod as a whole. */
  container?: string;
  at: string | undefined;
}

/**
 * The warnings that say something. The hook of the chart only waits and never fails, so its failure says that the
 * container ended meanwhile, as every end of a server does that has hardly begun; or that the image is no workspace's,
 * which has a cause of its own.
 */
export function listWarnings(events: EventSnapshot[]): EventSnapshot[] {
  return events.filter(({ type, reason }) => type === 'Warning' && reason !== 'FailedPostStartHook');
}

export interface StorageClassSnapshot {
  name: string;
  provisioner: string;
  isDefault: boolean;
  bindingMode: 'Immediate' | 'WaitForFirstConsumer';
  canGrow: boolean;
}
