/** The workspace runs, and nobody gets in. */
import { createServer } from 'node:net';
import path from 'node:path';
import { bindRole } from '../stage/kubeconfigs.ts';
import { pick, type Scenario } from '../stage/scenario.ts';
import { type DiagnosisStage, runProgram, WORKSPACE } from '../stage/stage.ts';

/** Logs in, and says as JSON why it cannot. */
const FORWARD = ['forward', WORKSPACE, '0:22'];

async function makeKey(stage: DiagnosisStage, name: string): Promise<string> {
  const file = path.join(stage.person.home, name);
  const done = await runProgram('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  if (done.status !== 0) throw new Error(done.stderr);
  return file;
}

async function inPod(stage: DiagnosisStage, script: string): Promise<string> {
  return stage.kubectl(['exec', `deployment/ws-${WORKSPACE}`, '--', 'sh', '-c', script]);
}

export const LOGIN: Scenario[] = [
  {
    code: 'KEY_NOT_AUTHORIZED',
    how: 'a key that nobody authorized',
    async make(stage, n) {
      await stage.ready();
      const key = await makeKey(stage, `${pick(['laptop', 'old', 'ci'], n)}-${n}`);
      return { words: [...FORWARD, '--identity', key], evidence: [/SHA256:/] };
    },
  },
  {
    code: 'USER_WRONG',
    how: 'another user than the workspace has',
    async make(stage, n) {
      await stage.ready('--user', `dev${n}`);
      const user = pick(['root', 'ubuntu', 'admin'], n);
      return { words: ['forward', '--workspace', `${user}@${WORKSPACE}`, '0:22'], evidence: [user, `dev${n}`] };
    },
  },
  {
    code: 'AGENT_SILENT',
    how: 'the agent of SSH_AUTH_SOCK says nothing',
    async make(stage, n) {
      const socket = path.join(stage.person.home, `agent-${n}`);
      const server = createServer(() => undefined);
      await new Promise<void>((resolve) => server.listen(socket, resolve));
      stage.defer(() => server.close());
      const environment = { SSH_AUTH_SOCK: socket, HOME: await makeEmptyHome(stage) };
      const words = ['up', WORKSPACE, '--yes', '--no-shell', '--storage-class', 'none'];
      return { words, environment, evidence: [socket] };
    },
  },
  {
    code: 'KEYS_TOO_MANY',
    how: 'the agent offers more keys than the server hears',
    async make(stage, n) {
      await stage.ready();
      // Who may read the Secret offers no key in vain.
      const rules = [
        { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [''], resources: ['pods/portforward'], verbs: ['get', 'create'] },
        { apiGroups: [''], resources: ['secrets'], resourceNames: [`ws-${WORKSPACE}-host-key`], verbs: ['get'] },
      ];
      const environment = { ...(await bindRole(stage, 'guest', rules)), HOME: await makeEmptyHome(stage) };
      const agent = await startAgent(stage);
      for (let key = 0; key < 20 + n; key += 1) {
        const done = await runProgram('ssh-add', ['-q', await makeKey(stage, `k${key}`)], {
          environment: { ...stage.person.environment, SSH_AUTH_SOCK: agent },
        });
        if (done.status !== 0) throw new Error(done.stderr);
      }
      // The one that opens it would come last.
      await stage.person.ws(['keys', 'add', WORKSPACE, path.join(stage.person.home, `k${19 + n}.pub`)]);
      return { words: FORWARD, environment: { ...environment, SSH_AUTH_SOCK: agent }, evidence: [String(20 + n)] };
    },
  },
  {
    code: 'AUTHORIZED_KEYS_UNUSABLE',
    how: 'somebody put other text into the Secret',
    async make(stage, n) {
      await stage.ready();
      const text = pick(['# nobody yet', 'ssh-ed25519 AAAA', '-----BEGIN OPENSSH PRIVATE KEY-----'], n);
      const secret = `ws-${WORKSPACE}-authorized-keys`;
      const data = { authorized_keys: Buffer.from(`${text}\n`).toString('base64') };
      await stage.kubectl(['patch', 'secret', secret, '--type=merge', '-p', JSON.stringify({ data })]);
      // The pod that runs has the old ones for a while yet.
      const pod = ['pod', '-l', 'app.kubernetes.io/name=ws-workspace'];
      await stage.kubectl(['delete', ...pod, '--grace-period=1']);
      await stage.kubectl(['wait', ...pod, '--for=condition=Ready', '--timeout=60s']);
      return { words: FORWARD, evidence: [secret] };
    },
  },
  {
    code: 'HOST_KEY_CHANGED',
    how: 'somebody put another key into the Secret',
    async make(stage, n) {
      await stage.ready();
      // Pins the key that is there.
      await stage.person.ws(['ssh', WORKSPACE, '--', 'true']);
      const key = await makeKey(stage, `host-${n}`);
      const data = { ssh_host_key: Buffer.from(await readKey(key)).toString('base64') };
      await stage.kubectl([
        'patch',
        'secret',
        `ws-${WORKSPACE}-host-key`,
        '--type=merge',
        '-p',
        JSON.stringify({ data }),
      ]);
      // The pod that runs has the old one for a while yet.
      await stage.kubectl(['delete', 'pod', '-l', 'app.kubernetes.io/name=ws-workspace', '--grace-period=1']);
      return { words: stage.up(), evidence: [/SHA256:.*SHA256:/s], mend: 'runs' };
    },
  },
  {
    code: 'SERVER_SILENT',
    how: 'the server stands still',
    async make(stage) {
      await stage.ready();
      await inPod(
        stage,
        'for p in /proc/[0-9]*; do grep -q superviso[r] $p/cmdline && kill -STOP ${p#/proc/}; done; true',
      );
      const pod = ['pod', '-l', 'app.kubernetes.io/name=ws-workspace'];
      await stage.kubectl(['wait', ...pod, '--for=condition=Ready=false', '--timeout=100s']);
      return { words: FORWARD, evidence: [`ws-${WORKSPACE}`], status: true };
    },
  },
];

/** A home without keys, so that only the agent has some. */
async function makeEmptyHome(stage: DiagnosisStage): Promise<string> {
  const home = path.join(stage.person.home, 'empty');
  await runProgram('mkdir', ['-p', home]);
  return home;
}

async function readKey(file: string): Promise<string> {
  return (await runProgram('cat', [file])).stdout;
}

async function startAgent(stage: DiagnosisStage): Promise<string> {
  const socket = path.join(stage.person.home, 'agent');
  const done = await runProgram('ssh-agent', ['-a', socket]);
  const pid = /SSH_AGENT_PID=(\d+)/.exec(done.stdout)?.[1];
  stage.defer(() => process.kill(Number(pid)));
  return socket;
}
