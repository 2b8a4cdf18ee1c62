import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { eventually, freePort, Release, run } from './release.ts';

let place: TestNamespace;
let release: Release;

beforeAll(async () => {
  place = makeNamespace('op');
  release = new Release(place.name, 'ws-main');
  await release.apply();
});

afterAll(() => {
  release.dispose();
  place[Symbol.dispose]();
});

describe('the shell', () => {
  it('P3R8-SHELL: OpenSSH logs in and gets status, output and error output', () => {
    expect(release.ssh('echo out; echo err >&2; exit 5')).toEqual({ status: 5, stdout: 'out\n', stderr: 'err\n' });
  });

  it('P3R8-SHELL: a terminal of its own, with its size', () => {
    const done = run(
      'script',
      [
        '-qec',
        `stty rows 40 cols 132; ssh ${release.options.join(' ')} -tt ${release.address} 'stty size; tty; locale charmap'`,
        '/dev/null',
      ],
      '',
    );
    expect(done.stdout).toMatch(/40 132[\s\S]*\/dev\/pts\/\d+[\s\S]*UTF-8/);
  });

  it('P3R8-SHELL: nobody else can log in', () => {
    for (const name of ['root', 'nobody', 'somebody'])
      expect(release.ssh('id', { address: `${name}@127.0.0.1` }).status).toBe(255);
  });

  it('Y4F1-USER G8W5-USERNAME Z2S7-UID A9T3-GID: developer, 1000 and 1000 by default', () => {
    expect(release.ssh('id; pwd').stdout).toBe(
      'uid=1000(developer) gid=1000(developer) groups=1000(developer)\n/home/developer\n',
    );
  });

  it('P3R8-SHELL: a command of 20 kB arrives whole', () => {
    expect(release.ssh(`printf %s ${'x'.repeat(20_000)} | wc -c`).stdout.trim()).toBe('20000');
  });

  const tools = [
    'git --version',
    'ssh -V',
    'rsync --version',
    'curl --version',
    'wget --version',
    'tmux -V',
    'vim --version',
    'nano --version',
    'less --version',
    'jq --version',
    'rg --version',
    'fd --version',
    'fzf --version',
    'make --version',
    'cc --version',
    'c++ --version',
    'python3 --version',
    'pip --version',
    'python3 -m venv --help',
    'uv --version',
    'node --version',
    'npm --version',
    'npx --version',
    'sqlite3 --version',
    'unzip -v',
    'file --version',
    'ps --version',
    'test -x /usr/lib/openssh/sftp-server',
    'locale -a | grep -i c.utf',
    'test -r /usr/share/bash-completion/bash_completion',
  ];

  it('Q2N5-TOOLS: every tool is there, also for `ssh host command`', () => {
    const script = tools
      .map((tool) => `{ ${tool}; } >/dev/null 2>&1 </dev/null || echo ${JSON.stringify(tool)}`)
      .join('\n');
    expect(release.ssh('bash -s', { input: script })).toMatchObject({ status: 0, stdout: '' });
  });

  it('Q2N5-TOOLS: scp, sftp, rsync and git go over SSH', () => {
    const file = path.join(release.folder, 'file');
    writeFileSync(file, 'content\n');
    expect(run('scp', [...release.options, file, `${release.address}:by-scp`])).toMatchObject({ status: 0 });
    expect(run('sftp', [...release.options, '-b', '-', release.address], `put ${file} by-sftp\n`)).toMatchObject({
      status: 0,
    });
    expect(run('rsync', ['-e', `ssh ${release.options.join(' ')}`, file, `${release.address}:by-rsync`])).toMatchObject(
      { status: 0 },
    );
    expect(release.ssh('cat by-scp by-sftp by-rsync; git init -q --bare repository.git').stdout).toBe(
      'content\n'.repeat(3),
    );
    const clone = run('git', [
      '-c',
      `core.sshCommand=ssh ${release.options.join(' ')}`,
      'ls-remote',
      `ssh://${release.address}/home/developer/repository.git`,
    ]);
    expect(clone).toMatchObject({ status: 0 });
  });
});

describe('forwarding', () => {
  it('P7M2-FORWARD N4C7-NETPOL: local, remote, dynamic and unix-socket forwards work, and nothing in the release limits them', async () => {
    const [local, socks, remoteTarget] = [await freePort(), await freePort(), await freePort()];
    const socket = path.join(release.folder, 'remote.sock');
    const server = spawn(
      'python3',
      ['-m', 'http.server', String(remoteTarget), '--bind', '127.0.0.1', '--directory', release.folder],
      { stdio: 'ignore' },
    );
    const session = release.open([
      '-L',
      `127.0.0.1:${local}:localhost:3000`,
      '-D',
      `127.0.0.1:${socks}`,
      '-R',
      `3001:127.0.0.1:${remoteTarget}`,
      '-L',
      `${socket}:/tmp/in-pod.sock`,
      release.address,
      "mkdir -p www && echo from-pod > www/index.html && (cd www && exec python3 -m http.server 3000 >/dev/null 2>&1) & python3 -c \"import socket,os\ns=socket.socket(socket.AF_UNIX)\ntry: os.unlink('/tmp/in-pod.sock')\nexcept OSError: pass\ns.bind('/tmp/in-pod.sock'); s.listen(1); print('up',flush=True); c,_=s.accept(); c.sendall(b'from-socket'); c.close()\" ; sleep 60",
    ]);
    try {
      await new Promise<void>((resolve) => session.stdout?.once('data', () => resolve()));
      await eventually(
        () => run('curl', ['-s', `http://127.0.0.1:${local}/`]).stdout,
        (text) => text === 'from-pod\n',
      );
      expect(run('curl', ['-s', '--socks5-hostname', `127.0.0.1:${socks}`, 'http://localhost:3000/']).stdout).toBe(
        'from-pod\n',
      );
      expect(release.ssh('curl -s http://localhost:3001/known_hosts').stdout).toContain('ssh-ed25519');
      expect(await readAll(socket)).toBe('from-socket');
    } finally {
      session.kill();
      server.kill();
    }
    expect(kindsOf(release)).not.toContain('NetworkPolicy');
  });

  it('P7M2-FORWARD: an agent is lent only to who asks for it', () => {
    const agent = execFileSync('ssh-agent', ['-s'], { encoding: 'utf8' });
    const socket = /SSH_AUTH_SOCK=([^;]+)/.exec(agent)?.[1] ?? '';
    const pid = Number(/SSH_AGENT_PID=(\d+)/.exec(agent)?.[1]);
    try {
      execFileSync('ssh-add', ['-q', release.key], { env: { ...process.env, SSH_AUTH_SOCK: socket } });
      const lending = release.options
        .filter((word) => !word.startsWith('IdentityAgent'))
        .join(' ')
        .replaceAll('-o -o', '-o')
        .split(' ');
      expect(
        run('env', [`SSH_AUTH_SOCK=${socket}`, 'ssh', ...lending, '-A', release.address, 'ssh-add -l']).stdout,
      ).toContain('operator');
      expect(release.ssh('ssh-add -l').status).toBe(2);
    } finally {
      process.kill(pid);
    }
  });
});

describe('what is deployed', () => {
  it('S6R1-EXTERNAL U8N4-INGRESS I2M6-NETPOL H1C6-NOING B7X5-NONP Z4T5-NOPROV: only what a workspace is', () => {
    expect(kindsOf(release).toSorted()).toEqual(['ConfigMap', 'Deployment', 'Secret', 'Secret', 'Service']);
  });

  it('J8R2-DEPLOY Y3S2-DOWN: one replica, and never two at once', () => {
    const spec = JSON.parse(release.kubectl(['get', 'deployment', release.name, '-o', 'json'])).spec;
    expect(spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
    expect(release.kubectl(['get', 'hpa', '-o', 'name'])).toBe('');
  });

  it('W9F5-SERVICE N4V9-SVC E4L7-CLUSTER B3Q8-PORT: a ClusterIP Service on 2222 that reaches SSH', () => {
    const spec = JSON.parse(release.kubectl(['get', 'service', release.name, '-o', 'json'])).spec as {
      type: string;
      clusterIP: string;
      ports: { name: string; port: number }[];
    };
    expect(spec.type).toBe('ClusterIP');
    expect(spec.ports).toContainEqual(expect.objectContaining({ name: 'ssh', port: 2222 }));
    expect(release.ssh(`exec 3<>/dev/tcp/${spec.clusterIP}/2222; head -c 8 <&3`).stdout).toBe('SSH-2.0-');
  });

  it('V5Q3-HOME T1H8-EMPTY: the home is an emptyDir by default, filled from the skeleton', () => {
    const volumes = JSON.parse(release.kubectl(['get', 'pod', release.pod, '-o', 'json'])).spec.volumes as {
      name: string;
      emptyDir?: object;
    }[];
    expect(volumes.find((volume) => volume.name === 'home')?.emptyDir).toBeDefined();
    expect(release.ssh('ls -A').stdout).toContain('.bashrc');
  });

  it('X2K7-RESTRICT: no process has UID 0 or a capability, and the root file system is read-only', () => {
    const script =
      'for p in /proc/[0-9]*; do awk \'/^Uid:/ {print "uid " $2} /^Cap(Prm|Eff|Bnd):/ {print "cap " $2}\' $p/status 2>/dev/null; done | sort -u; touch /etc/x 2>&1; echo $?';
    expect(release.ssh(script).stdout).toMatch(/^cap 0000000000000000\nuid 1000\n[^\n]*Read-only file system\n1\n$/);
    expect(release.ssh('ls /var/run/secrets/kubernetes.io 2>&1; env | grep -c KUBERNETES').stdout).toMatch(
      /No such file[\s\S]*\n0\n/,
    );
  });

  it('L6H3-KEYAUTH: public keys are the only way in', () => {
    const options = release.options.map((word) => (word === 'LogLevel=ERROR' ? 'LogLevel=DEBUG' : word));
    const done = run('ssh', [...options, '-o', 'PubkeyAuthentication=no', release.address, 'true']);
    expect(done.status).toBe(255);
    expect(done.stderr).toMatch(/Authentications that can continue: publickey\r?\n/);
  });

  it("J1X6-LIMIT: the limits of the values are the container's", () => {
    const limits = JSON.parse(release.kubectl(['get', 'pod', release.pod, '-o', 'json'])).spec.containers[0].resources
      .limits as { memory: string };
    expect(limits.memory).toBe('4Gi');
    expect(
      release
        .ssh('cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes')
        .stdout.trim(),
    ).toBe(String(4 * 2 ** 30));
  });
});

describe('logs, metrics and load', () => {
  it('F7C8-METRICS: connections are counted as they come and go', async () => {
    await eventually(
      () => release.metric('ws_sessions'),
      (value) => value === 0,
    );
    const sessions = Array.from({ length: 3 }, () => release.open([release.address, 'sleep 60']));
    await eventually(
      () => release.metric('ws_sessions'),
      (value) => value === 3,
    );
    for (const session of sessions) session.kill();
    await eventually(
      () => release.metric('ws_sessions'),
      (value) => value === 0,
    );
    expect(release.metric('ws_memory_bytes')).toBeGreaterThan(1e6);
    expect(release.metric('ws_cpu_seconds_total')).toBeGreaterThan(0);
    expect(release.metric('ws_home_free_bytes')).toBeGreaterThan(0);
  });

  it('P3R8-SHELL: sixty log in at once from one address', async () => {
    const runs = Array.from({ length: 60 }, (_, index) => {
      const session = release.open([release.address, `echo ${index}`]);
      return new Promise<number | null>((resolve) => session.once('close', resolve));
    });
    expect((await Promise.all(runs)).filter((status) => status !== 0)).toEqual([]);
  });

  it('P3R8-SHELL: a hundred idle connections keep nobody out, and are closed after the login grace', async () => {
    const port = await release.connect();
    const idle = Array.from({ length: 100 }, () => connect(port, '127.0.0.1'));
    for (const socket of idle) socket.on('error', () => undefined);
    await eventually(
      () => release.metric('ws_connections'),
      (value) => value >= 90,
    );
    expect(release.ssh('echo in').stdout).toBe('in\n');
    // It has not waited for the login grace, which closes them.
    expect(release.metric('ws_connections')).toBeGreaterThanOrEqual(90);
    await eventually(
      () => release.metric('ws_connections'),
      (value) => value === 0,
      60_000,
    );
    for (const socket of idle) socket.destroy();
    expect(release.metric('ws_connections_ended_total{reason="login_timeout"}')).toBeGreaterThanOrEqual(90);
  });

  it('L6H3-KEYAUTH: a new key opens the workspace without a restart, and a removed one does not', async () => {
    const before = release.pod;
    const other = path.join(release.folder, 'other');
    execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', other]);
    const text = `${release.publicKey}\n${execFileSync('ssh-keygen', ['-y', '-f', other], { encoding: 'utf8' })}`;
    const options = release.options.map((word) => word.replace(`IdentityFile=${release.key}`, `IdentityFile=${other}`));
    const login = () => run('ssh', [...options, release.address, 'echo other']).stdout;
    expect(login()).toBe('');
    setKeys(release, text);
    await eventually(login, (out) => out === 'other\n', 100_000);
    setKeys(release, `${release.publicKey}\n`);
    await eventually(login, (out) => out === '', 100_000);
    expect(release.pod).toBe(before);
  });

  it('K5G2-STRUCT Q1P4-HEALTH: a killed server is seen, restarted and ready again, and every line of its log is JSON', async () => {
    release.ssh('pkill -9 -f supervisor.mjs');
    await eventually(
      () =>
        JSON.parse(release.kubectl(['get', 'pod', release.pod, '-o', 'json'])).status.containerStatuses[0] as {
          restartCount: number;
          ready: boolean;
        },
      (status) => status.restartCount >= 1 && status.ready,
      60_000,
    );
    await release.connect();
    expect(release.ssh('echo back').stdout).toBe('back\n');
    // Right after the restart, the node may not have the log of before yet.
    const readPrevious = () => release.kubectl(['logs', release.pod, '--previous']);
    await eventually(readPrevious, (text) => text.startsWith('{'));
    const previous = release.log(['--previous']).map((line) => line['event']);
    expect(previous).toEqual(expect.arrayContaining(['server.ready', 'connection.opened', 'auth.succeeded']));
    expect(release.log().map((line) => line['event'])).toContain('server.ready');
    expect(release.metric('ws_container_restarts_total')).toBe(1);
  });

  it('Q1P4-HEALTH: an orderly end tells the terminals and hangs up the shells', async () => {
    const session = release.open([
      '-tt',
      release.address,
      'trap "echo hung-up > /tmp/x; exit" HUP; echo ready; sleep 600',
    ]);
    let screen = '';
    session.stdout?.on('data', (data: Buffer) => {
      screen += data.toString();
    });
    await eventually(
      () => screen,
      (text) => text.includes('ready'),
    );
    const pod = release.pod;
    release.kubectl(['delete', 'pod', pod, '--wait=false']);
    await eventually(
      () => screen,
      (text) => text.includes('[ws] This workspace is stopping now'),
      20_000,
    );
    await new Promise((resolve) => session.once('close', resolve));
    release.kubectl(['rollout', 'status', `deployment/${release.name}`, '--timeout=120s']);
    await eventually(
      () => release.pod,
      (name) => name !== '' && name !== pod,
    );
    await release.connect();
    expect(release.ssh('echo again').stdout).toBe('again\n');
  });
});

function setKeys(of: Release, text: string): void {
  of.kubectl([
    'patch',
    'secret',
    `${of.name}-authorized-keys`,
    '--type=merge',
    '-p',
    JSON.stringify({ stringData: { authorized_keys: text } }),
  ]);
}

function kindsOf(of: Release): string[] {
  return [...of.helm(['get', 'manifest', of.name]).matchAll(/^kind: (\w+)$/gm)].map((match) => match[1] ?? '');
}

function readAll(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(socketPath);
    socket.on('data', (data) => {
      text += data.toString();
    });
    socket.once('end', () => resolve(text));
    socket.once('error', reject);
  });
}
