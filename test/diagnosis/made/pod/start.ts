/** The container starts and its server does not. */
import { pick, type Scenario } from '../../stage/scenario.ts';
import { WORKSPACE } from '../../stage/stage.ts';

export const START: Scenario[] = [
  {
    code: 'START_MEMORY',
    how: 'less memory than the server needs',
    make(stage, n) {
      // Its program's own pages may count for another workspace, which has them already: with 20Mi it then starts.
      const memory = pick(['12Mi', '9Mi', '10Mi'], n);
      const resources = { requests: { memory: '8Mi' }, limits: { memory } };
      return { words: stage.upWith({ resources }), evidence: [memory], mend: 'ready', status: true };
    },
  },
  {
    code: 'START_VALUES',
    how: 'a shell that the image does not have',
    make(stage, n) {
      const shell = `/bin/${pick(['fish', 'zsh', 'nu'], n)}${n}`;
      return { words: stage.upWith({ user: { shell } }), evidence: [shell], status: true };
    },
  },
  {
    code: 'START_HOST_KEY',
    how: 'a host key that is none',
    async make(stage, n) {
      const name = `host-key-${n}`;
      const text = pick(
        ['no key', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n', ''],
        n,
      );
      await stage.kubectl(['create', 'secret', 'generic', name, `--from-literal=ssh_host_key=${text}`]);
      return { words: stage.upWith({ hostKey: { existingSecret: name } }), evidence: [name], status: true };
    },
  },
  {
    code: 'START_CONFIG',
    how: 'a variable of the values file comes from a Secret that nobody made',
    make(stage, n) {
      const name = `${pick(['api-token', 'database', 'llm'], n)}-${n}`;
      const extraEnv = [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name, key: 'token' } } }];
      return { words: stage.upWith({ extraEnv }), evidence: [name], status: true };
    },
  },
  {
    code: 'START_CONFIG',
    how: 'the authorized keys were deleted, and the pod was made again',
    async make(stage) {
      await stage.ready();
      await stage.kubectl(['delete', 'secret', `ws-${WORKSPACE}-authorized-keys`]);
      await stage.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=ws-workspace', '--grace-period=1']);
      return {
        words: ['forward', WORKSPACE, '0:22'],
        evidence: [`ws-${WORKSPACE}-authorized-keys`],
        mend: 'ready',
        status: true,
      };
    },
  },
];
