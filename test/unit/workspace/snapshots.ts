/** Snapshots of workspaces, healthy unless a test says otherwise. */
import type { NodeSight } from '../../../src/workspace/diagnosis/scene.ts';
import type {
  ClaimSnapshot,
  ContainerSnapshot,
  DeploymentSnapshot,
  EndingPod,
  EventSnapshot,
  PodSnapshot,
  WorkspaceSnapshot,
} from '../../../src/workspace/state/snapshot.ts';

export function deployment(overrides: Partial<DeploymentSnapshot> = {}): DeploymentSnapshot {
  return {
    name: 'ws-dev',
    createdAt: '2026-06-01T10:00:00Z',
    replicas: 1,
    image: 'ws-workspace:0.2.0',
    user: 'alice',
    uid: 1000,
    gid: 1000,
    hostKeySecret: 'ws-dev-host-key',
    authorizedKeysSecret: 'ws-dev-authorized-keys',
    sshPort: 2222,
    failure: undefined,
    ...overrides,
  };
}

export function container(overrides: Partial<ContainerSnapshot> = {}): ContainerSnapshot {
  return { state: 'running', reason: undefined, message: undefined, restarts: 0, lastEnd: undefined, ...overrides };
}

/** A container that waits, as the kubelet words it. */
export function waiting(reason: string, message?: string, rest: Partial<ContainerSnapshot> = {}): ContainerSnapshot {
  return container({ state: 'waiting', reason, message, ...rest });
}

export function pod(overrides: Partial<PodSnapshot> = {}): PodSnapshot {
  return {
    name: 'ws-dev-1',
    phase: 'Running',
    ready: true,
    node: 'node-1',
    image: 'ws-workspace:0.2.0',
    reason: undefined,
    message: undefined,
    unschedulable: undefined,
    container: container(),
    ...overrides,
  };
}

/** A pod that is not there yet. */
export function pendingPod(overrides: Partial<PodSnapshot> = {}): PodSnapshot {
  return pod({ phase: 'Pending', ready: false, container: undefined, ...overrides });
}

export function claim(overrides: Partial<ClaimSnapshot> = {}): ClaimSnapshot {
  return {
    name: 'ws-dev-home',
    phase: 'Bound',
    requested: '10Gi',
    capacity: '12Gi',
    storageClass: 'fast',
    createdAt: '2026-05-01T10:00:00Z',
    workspace: 'dev',
    user: 'alice',
    uid: undefined,
    gid: undefined,
    subPath: undefined,
    ...overrides,
  };
}

/** The home on a claim. */
export function claimHome(
  overrides: Partial<ClaimSnapshot> = {},
): Extract<WorkspaceSnapshot['home'], { kind: 'claim' }> {
  return { kind: 'claim', claim: claim(overrides), subPath: undefined };
}

export function endingPod(overrides: Partial<EndingPod> = {}): EndingPod {
  return {
    name: 'ws-dev-0',
    since: '2026-06-01T10:00:00Z',
    graceSeconds: 30,
    node: 'node-1',
    finalizers: [],
    isRunning: true,
    disruption: undefined,
    ...overrides,
  };
}

/** A node that takes anything. */
export function node(overrides: Partial<NodeSight> = {}): NodeSight {
  return {
    name: 'node-1',
    labels: { 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux' },
    taints: [],
    isCordoned: false,
    ready: 'yes',
    platform: 'linux/amd64',
    allocatable: { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110' },
    images: [],
    ...overrides,
  };
}

export function event(object: string, reason: string, message: string, type: EventSnapshot['type'] = 'Normal') {
  return { object, reason, message, type, at: '2026-06-01T10:00:02Z' } satisfies EventSnapshot;
}

export function snapshot(overrides: Partial<WorkspaceSnapshot> = {}): WorkspaceSnapshot {
  return {
    name: 'dev',
    namespace: 'team',
    release: 'ws-dev',
    deployment: deployment(),
    pod: pod(),
    endingPods: [],
    home: { kind: 'emptyDir' },
    service: { name: 'ws-dev', type: 'ClusterIP', port: 22 },
    events: [],
    ...overrides,
  };
}

/** What is left of a workspace that went down with its home kept. */
export function keptHome(overrides: Partial<ClaimSnapshot> = {}): WorkspaceSnapshot {
  return snapshot({ deployment: undefined, pod: undefined, service: undefined, home: claimHome(overrides) });
}
