import { expect, test } from 'vitest';
import { answer, startApiServer } from './api-server.ts';

const SIGNAL = new AbortController().signal;

const meta = (name: string, more = {}) => ({ name, ...more });
const resources = (cpu: string, memory: string) => ({ requests: { cpu, memory } });

/** Lists by path. `RUNNING` are the pods of all namespaces. */
const LISTS: Record<string, object[]> = {
  '/api/v1/nodes': [
    {
      metadata: meta('node-1', { labels: { disktype: 'ssd', 'bad key': 'x', other: '\u001b[2J' } }),
      spec: {
        unschedulable: true,
        taints: [
          { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' },
          { key: 'x\ny', value: '', effect: 'NoSchedule' },
          { key: 'y', effect: 'Whatever' },
        ],
      },
      status: {
        conditions: [{ type: 'Ready', status: 'Unknown' }],
        nodeInfo: { operatingSystem: 'linux', architecture: 'arm64' },
        allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
        images: [{ names: ['registry.test/ws:1', 'bad name'] }, { names: null }],
      },
    },
    { metadata: {} },
  ],
  '/api/v1/pods': [
    { metadata: meta('a'), spec: { nodeName: 'node-1', containers: [{ resources: resources('500m', '1Gi') }] } },
    {
      metadata: meta('b'),
      spec: {
        nodeName: 'node-1',
        initContainers: [
          { resources: resources('2', '1Mi') },
          { restartPolicy: 'Always', resources: resources('100m', '1Gi') },
        ],
        containers: [{ resources: resources('1', '1Gi') }, {}],
        overhead: { cpu: '10m' },
      },
    },
    { metadata: meta('c'), spec: { containers: [{ resources: resources('9', '9Gi') }] } },
  ],
  '/api/v1/namespaces/team/resourcequotas': [
    {
      metadata: meta('q'),
      spec: { scopes: ['BestEffort'], hard: {} },
      status: { hard: { 'limits.cpu': '2' }, used: { 'limits.cpu': 1 } },
    },
  ],
  '/api/v1/namespaces/team/limitranges': [
    { metadata: meta('lr'), spec: { limits: [{ type: 'Container', max: { memory: '1Gi' } }, { type: 'no type' }] } },
  ],
  '/api/v1/namespaces/team/persistentvolumeclaims': [
    { metadata: meta('data'), spec: { volumeName: 'pv-1' }, status: { phase: 'Bound' } },
  ],
  '/api/v1/namespaces/team/pods': [
    {
      metadata: meta('p', { labels: { 'ws.dev/workspace': 'dev' } }),
      spec: { volumes: [{ persistentVolumeClaim: { claimName: 'data' } }, { emptyDir: {} }] },
      status: { phase: 'Succeeded' },
    },
  ],
  '/apis/storage.k8s.io/v1/storageclasses': [{ metadata: meta('fast'), provisioner: 'x', allowVolumeExpansion: true }],
  '/api/v1/persistentvolumes': [
    {
      metadata: meta('pv-1'),
      spec: {
        claimRef: { namespace: 'team', name: 'data' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'zone', operator: 'In', values: ['a', 'b'] },
                  { key: 'x', operator: 'Exists' },
                ],
              },
            ],
          },
        },
      },
    },
  ],
};

const pathOf = (url = '') => new URL(url, 'https://x').pathname;

test('what is around is seen, cut to what a cause needs, and nothing of it can be obeyed', async () => {
  await using server = await startApiServer({
    request: (request, response) => answer(response, { items: LISTS[pathOf(request.url)] ?? null }),
  });
  expect(await server.open().lookAround(SIGNAL)).toEqual({
    nodes: {
      kind: 'seen',
      items: [
        {
          name: 'node-1',
          labels: { disktype: 'ssd' },
          taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }],
          isCordoned: true,
          ready: 'unknown',
          platform: 'linux/arm64',
          allocatable: { cpu: '4', memory: '16Gi', pods: '110' },
          images: ['registry.test/ws:1'],
        },
      ],
    },
    // The first containers of b want more CPU than the others, and its sidecar stays beside both.
    loads: { kind: 'seen', items: [{ node: 'node-1', pods: 2, cpu: 0.5 + 2.11, memory: 3 * 2 ** 30, storage: 0 }] },
    quotas: {
      kind: 'seen',
      items: [{ name: 'q', isScoped: true, hard: { 'limits.cpu': '2' }, used: { 'limits.cpu': '1' } }],
    },
    limitRanges: { kind: 'seen', items: [{ name: 'lr', type: 'Container', min: {}, max: { memory: '1Gi' } }] },
    claims: { kind: 'seen', items: [expect.objectContaining({ name: 'data', phase: 'Bound', volume: 'pv-1' })] },
    pods: {
      kind: 'seen',
      items: [{ name: 'p', node: undefined, workspace: 'dev', claims: ['data'], hasEnded: true }],
    },
    classes: { kind: 'seen', items: [expect.objectContaining({ name: 'fast', canGrow: true })] },
    volumes: {
      kind: 'seen',
      items: [{ name: 'pv-1', claim: { namespace: 'team', name: 'data' }, nodeLabels: ['zone=a', 'zone=b'] }],
    },
  });
});

test('nothing there, not allowed to look, and no answer in time are three answers', async () => {
  await using server = await startApiServer({
    request: (request, response) => {
      const path = pathOf(request.url);
      if (path === '/api/v1/nodes') return answer(response, { message: 'no' }, 403);
      if (path === '/api/v1/persistentvolumes') return answer(response, { message: 'what?' }, 400);
      // Nobody answers for the pods of all namespaces.
      if (path !== '/api/v1/pods') answer(response, { items: [] });
      return undefined;
    },
  });
  const begunMs = performance.now();
  const around = await server.open().lookAround(SIGNAL);
  expect(performance.now() - begunMs).toBeLessThan(20_000);
  const kinds = Object.fromEntries(Object.entries(around).map(([name, { kind }]) => [name, kind]));
  expect(kinds).toEqual({
    ...{ nodes: 'refused', loads: 'late', volumes: 'late' },
    ...{ quotas: 'seen', limitRanges: 'seen', claims: 'seen', pods: 'seen', classes: 'seen' },
  });
});

test('who is interrupted hears of that', async () => {
  await using server = await startApiServer({ request: () => undefined });
  const interrupt = new AbortController();
  const looking = server.open().lookAround(interrupt.signal);
  interrupt.abort();
  await expect(looking).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
