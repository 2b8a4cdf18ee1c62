/** A pod that ran ends, or does not end. */
import { eventually } from '../../../e2e/operator/release.ts';
import { FakeNode } from '../../stage/fake-node.ts';
import { pick, type Scenario } from '../../stage/scenario.ts';
import { type DiagnosisStage, WORKSPACE } from '../../stage/stage.ts';

function getPod(stage: DiagnosisStage): Promise<string> {
  const words = ['get', 'pod', '-l', 'app.kubernetes.io/name=ws-workspace', '-o', 'jsonpath={.items[*].metadata.name}'];
  return eventually(
    () => stage.kubectl(words),
    (name) => name !== '',
    60_000,
  );
}

/** As the node's kubelet says it, which this node does not have. */
function toRunning(): string {
  const now = new Date().toISOString();
  const conditions = ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
    ...{ type, status: 'True', lastTransitionTime: now },
  }));
  const state = { running: { startedAt: now } };
  const container = { name: 'workspace', image: 'x', imageID: 'x', ready: true, restartCount: 0, started: true, state };
  return JSON.stringify({ status: { phase: 'Running', conditions, containerStatuses: [container], startTime: now } });
}

export const ENDING: Scenario[] = [
  {
    code: 'ENDING_NODE_LOST',
    how: 'its node does not report any more',
    async make(stage, n) {
      const labels = { pool: `${pick(['spot', 'gpu', 'big'], n)}-${n}` };
      const node = await FakeNode.join(stage, { labels });
      const words = stage.up(...node.toleration, '--node-selector', `pool=${labels.pool}`);
      const up = stage.person.start(words);
      const pod = await getPod(stage);
      await stage.kubectl(['wait', `pod/${pod}`, '--for=condition=PodScheduled', '--timeout=30s']);
      await stage.kubectl(['patch', 'pod', pod, '--subresource=status', '--type=merge', '-p', toRunning()]);
      up.kill('SIGINT');
      node.fallSilent();
      await eventually(
        () => stage.kubectl(['get', 'events', '-o', 'jsonpath={.items[*].reason}']),
        (reasons) => reasons.includes('NodeNotReady'),
        120_000,
      );
      await stage.person.ws(['down', WORKSPACE, '--home', 'lose', '--yes']);
      return { words: ['status', WORKSPACE], evidence: [pod, node.name], mend: 'runs' };
    },
  },
  {
    code: 'NAMESPACE_MISSING',
    how: 'the namespace is being deleted, and something holds it',
    async make(stage, n) {
      const name = `held-${n}`;
      const finalizers = [`${pick(['backup', 'audit', 'billing'], n)}.example.com/hold`];
      await stage.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, finalizers } });
      const patch = '{"metadata":{"finalizers":null}}';
      stage.defer(() => stage.kubectl(['patch', 'configmap', name, '--type=merge', '-p', patch]));
      await stage.cluster(['delete', 'namespace', stage.namespace, '--wait=false']);
      return { words: stage.up(), evidence: [stage.namespace] };
    },
  },
  {
    code: 'ENDING_FINALIZER',
    how: 'somebody waits for something before the pod may go',
    async make(stage, n) {
      const finalizer = `${pick(['backup', 'audit', 'billing'], n)}.example.com/hold-${n}`;
      await stage.ready();
      const pod = await getPod(stage);
      const patch = JSON.stringify({ metadata: { finalizers: [finalizer] } });
      await stage.kubectl(['patch', 'pod', pod, '--type=merge', '-p', patch]);
      stage.defer(() => stage.kubectl(['patch', 'pod', pod, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']));
      await stage.person.ws(['down', WORKSPACE, '--home', 'lose', '--yes']);
      return { words: ['status', WORKSPACE], evidence: [finalizer, pod], mend: 'runs' };
    },
  },
];
