import { describe, expect, it } from 'vitest';
import { UNASKED } from '../../../src/workspace/diagnosis/scene.ts';
import { claimHome, endingPod, node, pendingPod, snapshot } from '../workspace/snapshots.ts';
import { codesOf, explain, seen, unschedulable, wants } from './scenes.ts';

const of = (why: string, nodes = 1) =>
  `0/${nodes} nodes are available: ${why}. preemption: 0/${nodes} nodes are available: ${nodes} Preemption is not helpful for scheduling.`;
const load = (name: string, parts = {}) => ({ node: name, pods: 3, cpu: 0, memory: 0, storage: 0, ...parts });

describe('no room on a node', () => {
  const huge = wants({ requests: { cpu: '64', memory: '256Mi', 'ephemeral-storage': '1Gi' } });

  it('of CPU: what is asked for, taken and left, and the command that fits', () => {
    const around = { nodes: seen(node()), loads: seen(load('node-1', { cpu: 1.5, memory: 2 ** 30 })) };
    expect(explain(unschedulable(of('1 Insufficient cpu'), around, huge))).toEqual([
      {
        code: 'NODE_CPU',
        reason: 'Unschedulable',
        message: 'There is no room for 64 of CPU on the only node; most is left on node-1: 2500m',
        evidence: [
          'node-1: 4 in all, 1500m taken, 2500m left',
          'Scheduler: 0/1 nodes are available: 1 Insufficient cpu',
        ],
        unseen: [],
        waiting: 'helps',
        tries: ['ws up dev --cpu 2500m', 'kubectl describe nodes'],
      },
    ]);
  });

  it('is no trouble while the pod before gives back as much on its node', () => {
    const tight = (asked: string, ending: string) => {
      const before = endingPod({ node: 'node-1', wants: wants({ requests: { cpu: ending } }) });
      const pod = pendingPod({
        node: undefined,
        unschedulable: of('1 Insufficient cpu'),
        wants: wants({ requests: { cpu: asked } }),
      });
      const around = { ...UNASKED, nodes: seen(node()), loads: seen(load('node-1', { cpu: 3 })) };
      return codesOf({ snapshot: snapshot({ pod, endingPods: [before] }), around });
    };
    expect(tight('2', '1')).toEqual([]);
    expect(tight('3', '1')).toEqual(['NODE_CPU']);
  });

  it('of memory, and of both', () => {
    const around = { nodes: seen(node()), loads: seen(load('node-1', { cpu: 3, memory: 2 * 2 ** 30 })) };
    const memory = wants({ requests: { cpu: '100m', memory: '64Gi' } });
    expect(explain(unschedulable(of('1 Insufficient memory'), around, memory))[0]).toMatchObject({
      code: 'NODE_MEMORY',
      tries: ['ws up dev --memory 6Gi', 'kubectl describe nodes'],
    });
    const both = wants({ requests: { cpu: '64', memory: '64Gi' } });
    expect(
      explain(unschedulable(of('1 Insufficient cpu, 1 Insufficient memory'), around, both)).map(({ code, tries }) => [
        code,
        tries[0],
      ]),
    ).toEqual([
      ['NODE_CPU', 'ws up dev --cpu 1 --memory 6Gi'],
      ['NODE_MEMORY', 'ws up dev --cpu 1 --memory 6Gi'],
    ]);
  });

  it('of temporary storage, for which there is no flag', () => {
    const around = { nodes: seen(node()), loads: seen(load('node-1', { storage: 40 * 2 ** 30 })) };
    expect(explain(unschedulable(of('1 Insufficient ephemeral-storage'), around))[0]).toMatchObject({
      code: 'NODE_STORAGE',
      tries: [
        'Ask for at most 60Gi by resources.requests.ephemeral-storage in a values file',
        'kubectl describe nodes',
      ],
    });
  });

  it('whose load may not be read is not guessed', () => {
    const around = { nodes: seen(node()), loads: { kind: 'refused' } as const };
    expect(explain(unschedulable(of('1 Insufficient cpu'), around, huge))[0]).toMatchObject({
      message: 'There is no room for 64 of CPU on the only node',
      tries: ['kubectl describe nodes'],
      unseen: ['what other pods ask for may not be read'],
    });
  });

  it('for one more pod', () => {
    const around = { nodes: seen(node({ allocatable: { pods: '3' } })), loads: seen(load('node-1')) };
    expect(explain(unschedulable(of('1 Too many pods'), around))[0]).toMatchObject({
      code: 'NODE_PODS',
      evidence: ['node-1: takes 3 pods, has 3', expect.anything()],
    });
  });
});

describe('a node selector', () => {
  const words = of("1 node(s) didn't match Pod's node affinity/selector");
  const selecting = (nodeSelector: Record<string, string>) => wants({ nodeSelector });
  const labelled = (labels: Record<string, string>) => ({ nodes: seen(node({ labels })) });

  it.each([
    [
      'a value that is like it',
      { disktype: 'ssd2' },
      { disktype: 'sdd2', zone: 'a' },
      'ws up dev --node-selector disktype=sdd2',
    ],
    ['the only value of the key', { disktype: 'nvme' }, { disktype: 'hdd' }, 'ws up dev --node-selector disktype=hdd'],
    ['a key that is like it', { 'disk-type': 'ssd' }, { disktype: 'ssd' }, 'ws up dev --node-selector disktype=ssd'],
    ['nothing like it', { gpu: 'yes' }, { 'kubernetes.io/os': 'linux' }, "ws up dev --node-selector ''"],
    ['several labels', { gpu: 'yes', disktype: 'ssd' }, { disktype: 'hdd' }, "ws up dev --node-selector ''"],
  ])('where a node has %s', (_name, selector, labels, first) => {
    const [found, ...others] = explain(unschedulable(words, labelled(labels), selecting(selector)));
    expect([found?.code, found?.tries[0], others]).toEqual(['NODE_SELECTOR', first, []]);
  });

  it('is told with the labels that nodes do have', () => {
    const [found] = explain(unschedulable(words, labelled({ disktype: 'hdd' }), selecting({ disktype: 'ssd' })));
    expect(found?.message).toBe('The workspace goes only to nodes with disktype=ssd, which leaves out the only node');
    expect(found?.evidence[0]).toBe('disktype=hdd is on node-1');
  });

  it.each([
    ['nothing of its own', { 'kubernetes.io/os': 'linux' }, ['no node has a label gpu']],
    ['another label', { disktype: 'hdd' }, ['no node has a label gpu', 'disktype=hdd is on node-1']],
    ['the label with another value', { gpu: 'no', disktype: 'hdd' }, ['gpu=no is on node-1']],
  ])('is told with the label that no node has, where a node has %s', (_, labels, evidence) => {
    const [selected] = explain(unschedulable(words, labelled(labels), selecting({ gpu: 'true' })));
    expect(selected?.evidence.slice(0, -1)).toEqual(evidence);
    const rules = ['gpu In true', 'disktype NotIn hdd', 'metadata.name In node-7'];
    const [ruled] = explain(unschedulable(words, labelled(labels), wants({ affinity: rules })));
    expect(ruled?.evidence.filter((line) => line.startsWith('no node'))).toEqual(
      evidence.filter((line) => line.startsWith('no node')),
    );
  });

  it('is told apart from an affinity', () => {
    const affinity = wants({ affinity: ['disktype In nvme'] });
    const [found] = explain(unschedulable(words, labelled({ disktype: 'hdd' }), affinity));
    expect(found).toMatchObject({ code: 'NODE_AFFINITY', evidence: ['disktype=hdd is on node-1', expect.anything()] });
    const both = wants({ nodeSelector: { disktype: 'hdd' }, affinity: ['gpu Exists'] });
    expect(codesOf(unschedulable(words, labelled({ disktype: 'hdd' }), both))).toEqual(['NODE_AFFINITY']);
    expect(codesOf(unschedulable(of("1 node(s) didn't match pod anti-affinity rules")))).toEqual(['NODE_AFFINITY']);
  });
});

describe('a taint', () => {
  const words = of('1 node(s) had untolerated taint(s)');
  const taint = (key: string, value = '', effect: 'NoSchedule' | 'NoExecute' = 'NoSchedule') => ({
    key,
    value,
    effect,
  });

  it.each([
    [[taint('dedicated', 'gpu')], 'ws up dev --toleration dedicated=gpu:NoSchedule'],
    [[taint('example.com/special')], 'ws up dev --toleration example.com/special:NoSchedule'],
    [
      [taint('a', 'b', 'NoExecute'), taint('c', 'd')],
      'ws up dev --toleration a=b:NoExecute --toleration c=d:NoSchedule',
    ],
  ])('%j is named with its node, and the flag has it', (taints, first) => {
    const [found, ...others] = explain(unschedulable(words, { nodes: seen(node({ taints })) }));
    expect([found?.code, found?.tries[0], others]).toEqual(['NODE_TAINT', first, []]);
    expect(found?.evidence[0]).toMatch(/^node-1: /);
  });

  it('that is tolerated already is not named', () => {
    const tolerations = [{ key: 'dedicated', operator: 'Equal' as const, value: 'gpu' }];
    const taints = [taint('dedicated', 'gpu'), taint('dedicated', 'tpu')];
    const [found] = explain(unschedulable(words, { nodes: seen(node({ taints })) }, wants({ tolerations })));
    expect(found?.tries[0]).toBe('ws up dev --toleration dedicated=tpu:NoSchedule');
  });

  it('of the control plane is not for a workspace where other nodes are', () => {
    const control = node({ name: 'cp', taints: [taint('node-role.kubernetes.io/control-plane')] });
    const worker = node({ name: 'w', taints: [taint('x', 'y')] });
    const two = of('2 node(s) had untolerated taint(s)', 2);
    expect(explain(unschedulable(two, { nodes: seen(control, worker) }))[0]?.tries[0]).toBe(
      'ws up dev --toleration x=y:NoSchedule',
    );
    const full = of('1 Insufficient cpu, 1 node(s) had untolerated taint(s)', 2);
    expect(codesOf(unschedulable(full, { nodes: seen(control, node({ name: 'w' })) }))).toEqual(['NODE_CPU']);
    expect(codesOf(unschedulable(words, { nodes: seen(control) }))).toEqual(['NODE_TAINT']);
  });

  it('that the node has by its state is not to be tolerated', () => {
    const sick = node({ ready: 'unknown', taints: [taint('node.kubernetes.io/unreachable')] });
    expect(explain(unschedulable(words, { nodes: seen(sick) }))[0]).toMatchObject({
      code: 'NODE_NOT_READY',
      message: 'Node node-1 cannot take pods now: it does not report, unreachable',
      tries: ['kubectl describe node node-1'],
    });
    const pressed = node({ taints: [taint('node.kubernetes.io/disk-pressure')] });
    expect(codesOf(unschedulable(words, { nodes: seen(pressed) }))).toEqual(['NODE_NOT_READY']);
  });

  it('that nobody may see is not guessed, unless an older scheduler names it', () => {
    const nodes = { kind: 'refused' } as const;
    expect(explain(unschedulable(words, { nodes }))[0]).toMatchObject({
      code: 'NODE_TAINT',
      tries: ['kubectl describe nodes'],
      unseen: ['the nodes may not be read'],
    });
    const named = of('1 node(s) had untolerated taint {dedicated: gpu}');
    expect(explain(unschedulable(named, { nodes }))[0]?.tries[0]).toBe(
      'ws up dev --toleration dedicated=gpu:NoSchedule',
    );
    const own = of('1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }');
    expect(codesOf(unschedulable(own, { nodes }))).toEqual(['NODE_NOT_READY']);
  });
});

it('a cordoned node is named, with the command that ends it', () => {
  const cordoned = node({
    isCordoned: true,
    taints: [{ key: 'node.kubernetes.io/unschedulable', value: '', effect: 'NoSchedule' }],
  });
  expect(explain(unschedulable(of('1 node(s) were unschedulable'), { nodes: seen(cordoned) }))).toMatchObject([
    {
      code: 'NODE_CORDONED',
      tries: ['kubectl uncordon node-1'],
      message: 'Node node-1 takes no new pods: somebody has cordoned it',
    },
  ]);
});

it('the volume is on another node: which, and what keeps the pod from it', () => {
  const volume = {
    name: 'pv-1',
    claim: { namespace: 'team', name: 'ws-dev-home' },
    nodeLabels: ['kubernetes.io/hostname=node-1'],
  };
  const asked = wants({ nodeSelector: { disktype: 'ssd' } });
  const pod = pendingPod({
    node: undefined,
    unschedulable: of("1 node(s) didn't match PersistentVolume's node affinity"),
    wants: asked,
  });
  const around = { ...UNASKED, nodes: seen(node()), volumes: seen(volume) };
  expect(explain({ snapshot: snapshot({ pod, home: claimHome() }), around })).toMatchObject([
    {
      code: 'NODE_VOLUME',
      message: expect.stringMatching(/only be used on node-1.*the node selector leaves that node out$/),
      tries: ["ws up dev --node-selector ''"],
    },
  ]);
});

it('a selector that some node meets is not the cause, whatever other nodes have', () => {
  const around = {
    nodes: seen(
      node({ labels: { disktype: 'hdd' } }),
      node({ name: 'b', taints: [{ key: 'x', value: 'y', effect: 'NoSchedule' as const }] }),
    ),
  };
  const words = of("1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s)", 2);
  expect(codesOf(unschedulable(words, around, wants({ nodeSelector: { disktype: 'ssd' } })))).toEqual([
    'NODE_SELECTOR',
  ]);
  const tainted = {
    nodes: seen(
      node({ labels: { disktype: 'hdd' } }),
      node({
        name: 'b',
        labels: { disktype: 'ssd' },
        taints: [{ key: 'x', value: 'y', effect: 'NoSchedule' as const }],
      }),
    ),
  };
  expect(codesOf(unschedulable(words, tainted, wants({ nodeSelector: { disktype: 'ssd' } })))).toEqual(['NODE_TAINT']);
});

it('what is said of nodes that the workspace is not meant for is no cause', () => {
  const meant = { labels: { pool: 'mine' }, taints: [{ key: 'x', value: 'y', effect: 'NoSchedule' as const }] };
  const around = { nodes: seen(node({ name: 'full' }), node({ name: 'cordoned', isCordoned: true }), node(meant)) };
  const words = of('1 Too many pods, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable', 3);
  expect(codesOf(unschedulable(words, around, wants({ nodeSelector: { pool: 'mine' } })))).toEqual(['NODE_TAINT']);
});

it('what is no trouble yet, and what nobody knows', () => {
  const unbound =
    '0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.';
  expect(codesOf(unschedulable(unbound))).toEqual([]);
  expect(explain(unschedulable(of('1 node(s) had the wrong colour')))[0]).toMatchObject({
    code: 'UNKNOWN',
    reason: 'Unschedulable',
  });
  expect(codesOf(unschedulable('something else'))).toEqual(['UNKNOWN']);
});
