/** No node takes the pod. */
import { FakeNode } from '../stage/fake-node.ts';
import { pick, type Scenario } from '../stage/scenario.ts';

/** More than any machine has. */
const HUGE = {
  cpu: ['4000', '9000', '7500'],
  memory: ['900Ti', '70Ti', '300Ti'],
  disk: ['800Ti', '60Ti', '90Ti'],
} as const;

export const SCHEDULING: Scenario[] = [
  {
    code: 'NODE_CPU',
    how: 'asks for more than a node has',
    make(stage, n) {
      const cpu = pick(HUGE.cpu, n);
      const resources = { requests: { cpu }, limits: { cpu } };
      return {
        words: stage.upWith({ resources }),
        evidence: [pick(['4k', '9k', '7500'], n)],
        mend: 'ready',
        status: true,
      };
    },
  },
  {
    code: 'NODE_MEMORY',
    how: 'asks for more than a node has',
    make(stage, n) {
      const memory = pick(HUGE.memory, n);
      const resources = { requests: { memory }, limits: { memory } };
      return { words: stage.upWith({ resources }), evidence: [memory], mend: 'ready', status: true };
    },
  },
  {
    code: 'NODE_STORAGE',
    how: 'asks for more than a node has',
    make(stage, n) {
      const disk = pick(HUGE.disk, n);
      const resources = { requests: { 'ephemeral-storage': disk }, limits: { 'ephemeral-storage': disk } };
      return { words: stage.upWith({ resources }), evidence: [disk], status: true };
    },
  },
  {
    code: 'NODE_SELECTOR',
    how: 'a label that no node has',
    make(stage, n) {
      const label = pick(['kubernetes.io/os=linx', 'kubernetes.io/arch=amd46', 'disk=ssd'], n);
      return {
        words: stage.up('--node-selector', label),
        evidence: [label],
        mend: 'ready',
        status: true,
      };
    },
  },
  {
    code: 'NODE_AFFINITY',
    how: 'an affinity that no node meets',
    make(stage, n) {
      const [key, value] = pick<[string, string]>(
        [
          ['zone', 'moon-1'],
          ['pool', 'gpu-2'],
          ['rack', 'r3'],
        ],
        n,
      );
      const nodeSelectorTerms = [{ matchExpressions: [{ key, operator: 'In', values: [value] }] }];
      const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
      return { words: stage.upWith({ affinity }), evidence: [key, value], status: true };
    },
  },
  {
    code: 'NODE_TAINT',
    how: 'the only node with the label has a taint',
    async make(stage, n) {
      const taint = { key: pick(['dedicated', 'nvidia.com/gpu', 'team'], n), value: `v${n}`, effect: 'NoSchedule' };
      const node = await FakeNode.join(stage, { labels: { 'ws.test/made': stage.namespace }, taints: [taint] });
      return {
        words: stage.up('--node-selector', `ws.test/made=${stage.namespace}`, ...node.toleration),
        evidence: [`${taint.key}=${taint.value}:NoSchedule`, node.name],
        mend: 'removes',
        status: true,
      };
    },
  },
  {
    code: 'NODE_PODS',
    how: 'the only node with the label takes no more pods',
    async make(stage, n) {
      const node = await FakeNode.join(stage, { labels: { 'ws.test/made': stage.namespace }, pods: 0 });
      const words = stage.up('--node-selector', `ws.test/made=${stage.namespace}`, ...node.toleration);
      return { words, evidence: [node.name, pick(['0'], n)], status: true };
    },
  },
  {
    code: 'NODE_CORDONED',
    how: 'the only node with the label is cordoned',
    async make(stage) {
      const node = await FakeNode.join(stage, { labels: { 'ws.test/made': stage.namespace } });
      await stage.cluster(['cordon', node.name]);
      const words = stage.up('--node-selector', `ws.test/made=${stage.namespace}`, ...node.toleration);
      return { words, evidence: [node.name], mend: 'removes', status: true };
    },
  },
  {
    code: 'NODE_NOT_READY',
    how: 'the only node with the label does not report',
    async make(stage) {
      const node = await FakeNode.join(stage, { labels: { 'ws.test/made': stage.namespace }, ready: false });
      const words = stage.up('--node-selector', `ws.test/made=${stage.namespace}`, ...node.toleration);
      return { words, evidence: [node.name], status: true };
    },
  },
];
