/** A pod that ran ends, or does not end. */
import { eventually } from '../../e2e/operator/release.ts';
import { pick, type Scenario } from '../stage/scenario.ts';
import { type DiagnosisStage, WORKSPACE } from '../stage/stage.ts';

function getPod(stage: DiagnosisStage): Promise<string> {
  const words = ['get', 'pod', '-l', 'app.kubernetes.io/name=ws-workspace', '-o', 'jsonpath={.items[*].metadata.name}'];
  return eventually(
    () => stage.kubectl(words),
    (name) => name !== '',
    60_000,
  );
}

export const ENDING: Scenario[] = [
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
