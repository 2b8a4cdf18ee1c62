import { execFileSync } from 'node:child_process';
import type { Group } from '../group.ts';
import { race } from '../measure.ts';
import { awaitLine } from '../programs.ts';
import { toLimitRow, toRow, type Unit } from '../rows.ts';
import type { Stage } from '../stage.ts';

const SECONDS: Unit = { suffix: ' s', digits: 2 };
const MIB: Unit = { suffix: ' MiB', digits: 1 };
const IDLE_LIMIT_MIB = 60;
const SESSIONS = 10;

interface PodSpec {
  containers: Record<string, unknown>[];
}

function readSpec(stage: Stage): PodSpec {
  const deployment = JSON.parse(stage.kubectl('get', 'deploy', 'ws-dev', '-o', 'json')) as {
    spec: { template: { spec: PodSpec } };
  };
  return deployment.spec.template.spec;
}

/** The same pod, but that it does nothing. */
function toIdle(spec: PodSpec): PodSpec {
  const containers = spec.containers.map(({ livenessProbe, readinessProbe, lifecycle, ...rest }) => ({
    ...rest,
    command: ['sleep', 'infinity'],
  }));
  return { ...spec, containers };
}

/** From the request to Ready, and what a pod and a session take of memory. */
export const measurePods: Group = async ({ stage, rounds }) => {
  const spec = readSpec(stage);
  const contender = (name: string, pod: string, podSpec: PodSpec) => ({
    name,
    run: async () => {
      const begun = performance.now();
      stage.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: pod }, spec: podSpec });
      stage.kubectl('wait', '--for=condition=Ready', `pod/${pod}`, '--timeout=60s');
      return (performance.now() - begun) / 1000;
    },
    after: async () => void stage.kubectl('delete', 'pod', pod, '--grace-period=1'),
  });
  const [own, bare] = await race(
    [
      contender("the workspace's pod, apply to Ready", 'bench-own', spec),
      contender('a bare pod of the same image, `sleep`', 'bench-bare', toIdle(spec)),
    ],
    rounds,
  );
  const memory = await measureMemory(stage, spec);
  return {
    rows: [
      toRow(own, bare, 1.3, {
        unit: SECONDS,
        note: 'A pod without probes is ready as soon as it runs. The chart’s hook makes the kubelet ask as soon as the workspace’s server answers, not at the next full second.',
      }),
      toLimitRow({ name: "memory of the workspace's pod, idle", values: [memory.ownIdle] }, IDLE_LIMIT_MIB, MIB),
      toRow(memory.ownSession, memory.peerSession, 1, { unit: MIB }),
    ],
    text: `Memory means what the container's processes hold themselves. Most of the idle pod's is the supervisor's Node. Debian's sshd holds ${memory.peerIdle.toFixed(1)} MiB idle. It ran without root in a pod of the same image, so it separated no privileges and took less than one that root runs. A session is one \`sleep\` through OpenSSH's client; ${SESSIONS} were open.`,
  };
};

async function measureMemory(stage: Stage, spec: PodSpec) {
  stage.apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bench-sshd' }, spec: toIdle(spec) });
  stage.kubectl('wait', '--for=condition=Ready', 'pod/bench-sshd', '--timeout=60s');
  startDebiansServer(stage);
  const pods = {
    own: stage.kubectl('get', 'pod', '-l', 'ws.dev/workspace=dev', '-o', 'jsonpath={.items[0].metadata.name}'),
    peer: 'bench-sshd',
  };
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const idle = { own: readMemory(stage, pods.own), peer: readMemory(stage, pods.peer) };
  const tunnels = [await forward(stage, pods.own, 2222), await forward(stage, pods.peer, 2022)];
  const sessions = tunnels.flatMap(({ port }) =>
    Array.from({ length: SESSIONS }, () =>
      stage.start([...stage.ssh(port), '-o', 'UserKnownHostsFile=/dev/null', 'sleep 60']),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 6000));
  const count = (pod: string) => stage.kubectl('exec', pod, '--', 'pgrep', '-cfx', 'sleep 60').trim();
  if (count(pods.own) !== String(SESSIONS) || count(pods.peer) !== String(SESSIONS))
    throw new Error('not all sessions are open');
  const busy = { own: readMemory(stage, pods.own), peer: readMemory(stage, pods.peer) };
  for (const child of [...sessions, ...tunnels.map(({ child }) => child)]) await stage.stop(child);
  stage.kubectl('delete', 'pod', 'bench-sshd', '--grace-period=1');
  const each = (of: 'own' | 'peer') => [(busy[of] - idle[of]) / SESSIONS];
  return {
    ownIdle: idle.own,
    peerIdle: idle.peer,
    ownSession: { name: 'memory of a session', values: each('own') },
    peerSession: { name: "Debian's sshd, a session", values: each('peer') },
  };
}

/** MiB that the container's processes hold themselves, files left out; cgroup v1 or v2. */
function readMemory(stage: Stage, pod: string): number {
  const script = 'cat /sys/fs/cgroup/memory/memory.stat /sys/fs/cgroup/memory.stat 2>/dev/null';
  const text = stage.kubectl('exec', pod, '--', 'sh', '-c', `${script}; true`);
  const bytes = /^(?:total_rss|anon) (\d+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw new Error('the container does not tell its memory');
  return Number(bytes) / 2 ** 20;
}

/** This machine's own sshd with the libraries that the image lacks, as the pod's user. */
function startDebiansServer(stage: Stage): void {
  const libraries = execFileSync('ldd', ['/usr/sbin/sshd'], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => /=> (\/\S+)/.exec(line)?.[1] ?? [])
    .filter((file) => !/\/(libc|libm|libdl|libpthread|librt|libresolv)\.so/.test(file));
  const files = ['/usr/sbin/sshd', ...libraries];
  const archive = execFileSync('tar', ['-C', '/', '-chf', '-', ...files.map((file) => file.slice(1))], {
    maxBuffer: 1 << 28,
  });
  const key = execFileSync('cat', [`${stage.key}.pub`], { encoding: 'utf8' }).trim();
  const script = [
    'set -e; mkdir -p ~/peer; cd ~/peer; tar xf -',
    'ssh-keygen -q -t ed25519 -N "" -f host_key',
    `echo '${key}' > keys; chmod 600 keys`,
    'libraries=$(find . -name "*.so*" -printf "%h\\n" | sort -u | sed "s#^.#$PWD#" | paste -sd:)',
    'LD_LIBRARY_PATH=$libraries usr/sbin/sshd -V 2>/dev/null || true',
    `LD_LIBRARY_PATH=$libraries setsid "$PWD/usr/sbin/sshd" -f /dev/null -p 2022 -h "$PWD/host_key" -o AuthorizedKeysFile="$PWD/keys" -o UsePAM=no -o StrictModes=no -o PidFile=none -o MaxSessions=50 -o MaxStartups=50 -E "$PWD/log" < /dev/null > out 2>&1`,
    'sleep 1; pgrep -f sshd >/dev/null || { cat log out; exit 1; }',
  ].join('\n');
  execFileSync('kubectl', ['exec', '-i', 'bench-sshd', '--', 'bash', '-c', script], {
    env: stage.environment,
    input: archive,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

async function forward(stage: Stage, pod: string, remote: number) {
  const child = stage.start(['kubectl', 'port-forward', `pod/${pod}`, `:${remote}`]);
  const [, local] = await awaitLine(child, /127\.0\.0\.1:(\d+) ->/);
  return { port: Number(local), child };
}
