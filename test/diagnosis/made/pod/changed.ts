/** A workspace as somebody changed it by hand. */
import { mountReadOnly } from '../../stage/node-mounts.ts';
import { pick, type Scenario } from '../../stage/scenario.ts';
import { WORKSPACE } from '../../stage/stage.ts';
import { makeHome } from '../../stage/volumes.ts';

const DEPLOYMENT = `ws-${WORKSPACE}`;
const FORWARD = ['forward', WORKSPACE, '0:22'];

export const CHANGED: Scenario[] = [
  {
    code: 'START_CRASH',
    how: 'another command in the Deployment, which ends at once',
    async make(stage, n) {
      const command = ['/bin/sh', '-c', `exit ${n + 10}`];
      await stage.changePod({ containers: [{ name: 'workspace', command }] });
      return { words: FORWARD, evidence: [`exit code ${n + 10}`], status: true };
    },
  },
  {
    code: 'START_PORT',
    how: 'a container beside it has the port',
    async make(stage) {
      const command = ['/bin/sh', '-c', 'while :; do nc -l -p 2222; done'];
      const beside = { name: 'beside', image: 'localhost/shell:1', imagePullPolicy: 'Never', command };
      await stage.changePod({ initContainers: [{ ...beside, restartPolicy: 'Always' }] });
      return { words: FORWARD, evidence: ['2222'], status: true };
    },
  },
  {
    code: 'HOME_READ_ONLY',
    how: 'the file system of the volume is read-only',
    async make(stage, n) {
      const { claim, folder } = await makeHome(stage, `home-${n}`);
      await mountReadOnly(stage, folder, ['home', 'home/developer', 'developer']);
      return { words: stage.up('--home', claim), evidence: [/read-only/], status: true };
    },
  },
  {
    code: 'DAMAGED',
    how: 'an annotation of the Deployment was overwritten',
    async make(stage, n) {
      const user = pick(['x\nHost *', 'Root User', '../etc'], n);
      await stage.ready();
      const template = { metadata: { annotations: { 'ws.dev/user': user } } };
      await stage.kubectl(['patch', 'deployment', DEPLOYMENT, '-p', JSON.stringify({ spec: { template } })]);
      return { words: ['status', WORKSPACE], evidence: ['ws.dev/user'], mend: 'runs' };
    },
  },
];
