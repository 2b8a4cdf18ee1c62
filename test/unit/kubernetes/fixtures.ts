/** Objects as the API server gives them, cut to what a snapshot reads. */
import type { CoreV1Event, V1Deployment, V1PersistentVolumeClaim, V1Pod, V1Service } from '@kubernetes/client-node';
import type { WorkspaceObjects } from '../../../src/adapters/kubernetes/objects/snapshot.ts';

type Overrides = Record<string, unknown>;

export function labels(workspace: string) {
  return {
    'app.kubernetes.io/name': 'ws-workspace',
    'app.kubernetes.io/instance': `ws-${workspace}`,
    'ws.dev/workspace': workspace,
  };
}

export function deployment(workspace = 'dev', home = 'emptyDir', status: Overrides = {}): V1Deployment {
  const volume = home === 'emptyDir' ? { emptyDir: {} } : { persistentVolumeClaim: { claimName: home } };
  return {
    metadata: {
      name: `ws-${workspace}`,
      uid: `deployment-${workspace}`,
      labels: labels(workspace),
      annotations: { 'ws.dev/home': home, 'ws.dev/user': 'alice' },
      creationTimestamp: '2026-06-01T10:00:00Z',
    },
    spec: {
      replicas: 1,
      template: {
        metadata: { annotations: { 'ws.dev/user': 'alice' } },
        spec: {
          containers: [
            {
              name: 'workspace',
              image: 'ws-workspace:0.2.0',
              ports: [{ name: 'ssh', containerPort: 2200 }],
              volumeMounts: [
                { name: 'authorized-keys', mountPath: '/run/secrets/ws/authorized-keys' },
                { name: 'host-key', mountPath: '/run/secrets/ws/host-key' },
                { name: 'home', mountPath: '/home/alice', subPath: 'alice' },
                { name: 'home', mountPath: '/home/linuxbrew/.linuxbrew', subPath: 'alice/.linuxbrew' },
              ],
            },
          ],
          volumes: [
            { name: 'authorized-keys', secret: { secretName: 'keys' } },
            { name: 'host-key', secret: { secretName: `ws-${workspace}-host-key` } },
            { name: 'home', ...volume },
          ],
        },
      },
    },
    status,
  } as unknown as V1Deployment;
}

export function pod(
  name: string,
  overrides: { metadata?: Overrides; spec?: Overrides; status?: Overrides } = {},
): V1Pod {
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      labels: labels('dev'),
      creationTimestamp: '2026-06-01T10:00:01Z',
      ownerReferences: [{ kind: 'ReplicaSet', name: 'ws-dev-1', uid: 'uid-replicaset' }],
      ...overrides.metadata,
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'workspace', image: 'ws-workspace:0.2.0' }], ...overrides.spec },
    status: { phase: 'Pending', conditions: [], ...overrides.status },
  } as unknown as V1Pod;
}

export function claim(
  name: string,
  overrides: { metadata?: Overrides; status?: Overrides } = {},
): V1PersistentVolumeClaim {
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      labels: labels('dev'),
      annotations: { 'helm.sh/resource-policy': 'keep', 'ws.dev/user': 'alice' },
      creationTimestamp: '2026-06-01T09:00:00Z',
      ...overrides.metadata,
    },
    spec: { storageClassName: 'fast', resources: { requests: { storage: '10Gi' } } },
    status: { phase: 'Bound', capacity: { storage: '12Gi' }, ...overrides.status },
  } as unknown as V1PersistentVolumeClaim;
}

export function service(workspace = 'dev'): V1Service {
  return {
    metadata: { name: `ws-${workspace}`, labels: labels(workspace) },
    spec: {
      type: 'NodePort',
      ports: [
        { name: 'metrics', port: 9222 },
        { name: 'ssh', port: 22 },
      ],
    },
  } as unknown as V1Service;
}

export function event(kind: string, name: string, reason: string, at: string, overrides: Overrides = {}): CoreV1Event {
  return {
    metadata: {},
    involvedObject: { kind, name, uid: `uid-${name}` },
    type: 'Normal',
    reason,
    message: `${reason}!`,
    lastTimestamp: at,
    ...overrides,
  } as unknown as CoreV1Event;
}

export function objects(some: Partial<WorkspaceObjects>): WorkspaceObjects {
  return { deployments: [], pods: [], services: [], claims: [], events: [], ...some };
}

/** Container status in the one place where a pod carries it. */
export function containerStatus(state: Overrides, rest: Overrides = {}): Overrides {
  return { containerStatuses: [{ name: 'workspace', restartCount: 0, state, lastState: {}, ...rest }] };
}
