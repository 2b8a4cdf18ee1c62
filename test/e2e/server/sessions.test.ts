/** What a session is to who uses it, seen with OpenSSH alone. */
import { createServer } from 'node:net';
import path from 'node:path';
import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish, Terminal } from '../app/running/run-ws.ts';
import { eventually, type Release, run } from '../operator/release.ts';
import { listAuditFailures } from '../support/ssh-audit.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
let release: Release;
let port: number;

beforeAll(async () => {
  stage = new Stage('server');
  release = stage.release('ws-session');
  await release.apply({
    ssh: { keepaliveSeconds: 3 },
    extraEnv: [{ name: 'GREETING', value: 'good morning, "you"' }],
  });
  port = await release.connect();
});
afterAll(() => stage?.[Symbol.dispose]());

function openTerminal(columns: number, rows: number): Terminal {
  const words = [...release.options, '-tt', release.address];
  return new Terminal(spawnPty('ssh', words, { cols: columns, rows, name: 'xterm-256color' }));
}

describe('a terminal', () => {
  it('P3R8-SHELL: has the size of the window, and follows it', async () => {
    const terminal = openTerminal(90, 30);
    try {
      await terminal.see(/\$ $/);
      terminal.type("stty size; trap 'stty size' WINCH; echo now\r");
      await terminal.see(/30 90\s+now/);
      terminal.resize(111, 44);
      await terminal.see(/44 111/);
      terminal.type('exit 7\r');
      expect(await terminal.exit()).toBe(7);
    } finally {
      terminal.kill('SIGKILL');
    }
  });

  it('P3R8-SHELL: serves a command whose input has ended, and one that comes by a pipe', () => {
    const inTerminal = (input: string, ...command: string[]) =>
      run('ssh', [...release.options, '-tt', release.address, ...command], input);
    expect(inTerminal('', 'sleep 0.5; tty; exit 3')).toMatchObject({
      status: 3,
      stdout: expect.stringMatching(/^\/dev\/pts\/\d+\r\n/),
    });
    const piped = inTerminal('echo by $((40 + 2)); exit 4\n');
    expect(piped).toMatchObject({ status: 4, stdout: expect.stringContaining('by 42\r\n') });
  });

  it('P3R8-SHELL: has all that a command printed, up to its last line', () => {
    const lines = Array.from({ length: 12 }, () => {
      const { stdout } = run('ssh', [...release.options, '-tt', release.address, 'seq 1 20000']);
      return stdout.trimEnd().split('\r\n').at(-1);
    });
    expect(new Set(lines)).toEqual(new Set(['20000']));
  });

  it('P3R8-SHELL: an end of the connection hangs up what ran on it', async () => {
    const terminal = openTerminal(80, 24);
    await terminal.see(/\$ $/);
    terminal.type("bash -c 'trap \"echo hung-up > ~/trace; exit\" HUP; echo wait''ing; sleep 300 & wait'\r");
    await terminal.see(/waiting/);
    terminal.kill('SIGKILL');
    await eventually(
      () => release.ssh('cat trace').stdout,
      (text) => text === 'hung-up\n',
    );
  });

  it('Q2N5-TOOLS: a login shell and a bare command find the same programs, each folder once', () => {
    const bare = release.ssh('echo $PATH').stdout.trim().split(':');
    const login = release.ssh('bash -lc \'echo "$PATH"\'').stdout.trim().split(':');
    expect(new Set(bare).size).toBe(bare.length);
    expect(login.slice(0, bare.length)).toEqual(bare);
    expect(bare.slice(0, 2)).toEqual(['/home/developer/.local/bin', '/home/developer/.cargo/bin']);
  });
});

describe('the environment of a session', () => {
  it("Y4F1-USER: is the user's, with the variables of the values and none of the pod's own", () => {
    const names = release.ssh('env -0 | tr "\\0\\n" "\\n " | cut -d= -f1').stdout.trim().split('\n');
    expect(names).toEqual(expect.arrayContaining(['HOME', 'USER', 'SHELL', 'LANG', 'GREETING', 'WS_WORKSPACE']));
    expect(names.filter((name) => /^(KUBERNETES|WS_(?!WORKSPACE))|_SERVICE_HOST$/.test(name))).toEqual([]);
    expect(release.ssh('echo "$GREETING"').stdout).toBe('good morning, "you"\n');
  });

  it('P3R8-SHELL: tells an IPv4 peer as IPv4', () => {
    expect(release.ssh('echo $SSH_CLIENT').stdout).toMatch(/^127\.0\.0\.1 \d+ 2222\n$/);
  });
});

describe('forwards', () => {
  it("P7M2-FORWARD: a unix socket of the laptop's is reached from the pod", async () => {
    const local = path.join(release.folder, 'laptop.sock');
    const server = createServer((socket) => socket.end('from the laptop')).listen(local);
    const session = stage.keep(release.open(['-R', `/tmp/laptop.sock:${local}`, release.address, 'echo up; sleep 60']));
    try {
      await new Promise((resolve) => session.stdout?.once('data', resolve));
      const client =
        'import socket; s=socket.socket(socket.AF_UNIX); s.connect("/tmp/laptop.sock"); print(s.recv(99).decode())';
      // Not waited for in a blocking way: the answer comes from this process.
      const reader = stage.keep(release.open([release.address, `python3 -c '${client}'`]));
      expect(await finish(reader)).toMatchObject({ status: 0, stdout: 'from the laptop\n' });
    } finally {
      session.kill();
      server.close();
    }
  });
});

describe('the server', () => {
  it('L6H3-KEYAUTH: ssh-audit fails nothing that it offers', () => {
    expect(listAuditFailures(port)).toEqual([]);
  });

  it('F7C8-METRICS P3R8-SHELL: a peer that has gone silent is let go, and the count is right', async () => {
    await eventually(
      () => release.metric('ws_sessions'),
      (value) => value === 0,
    );
    const session = stage.keep(release.open([release.address, 'sleep 300']));
    await eventually(
      () => release.metric('ws_sessions'),
      (value) => value === 1,
    );
    session.kill('SIGSTOP');
    await eventually(
      () => release.metric('ws_sessions'),
      (value) => value === 0,
      40_000,
    );
    session.kill('SIGKILL');
    expect(release.log().findLast(({ event }) => event === 'session.closed')).toMatchObject({
      reason: 'keepalive_timeout',
    });
  });

  it('K5G2-STRUCT: the log tells who came from where with which key, and who was refused', () => {
    const fingerprint = run('ssh-keygen', ['-lf', release.key]).stdout.split(' ')[1];
    release.ssh('true');
    const login = release.log().findLast(({ event }) => event === 'auth.succeeded');
    expect(login).toMatchObject({ level: 'info', user: 'developer', fingerprint });
    expect(login).toMatchObject({ peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/), session: expect.any(String) });
    expect(Date.now() - Date.parse(String(login?.['time']))).toBeLessThan(60_000);
    expect(release.ssh('true', { address: 'nobody@127.0.0.1' }).status).toBe(255);
    expect(release.log()).toContainEqual(
      expect.objectContaining({ level: 'warn', event: 'auth.failed', user: 'nobody', reason: 'wrong_user' }),
    );
  });

  it('F7C8-METRICS K5G2-STRUCT: each connection that is no login counts once, by what it came to', async () => {
    const reasons = ['wrong_user', 'no_key_accepted', 'no_attempt', 'timeout'];
    const read = () =>
      reasons.map((reason) => release.metric(`ws_auth_failures_total{reason="${reason}"}`)).map((count) => count || 0);
    // A rejected connection of the test before this one ends a second after its client.
    await eventually(
      () => release.metric('ws_connections'),
      (value) => value === 0,
    );
    const before = read();
    const since = () => read().map((count, index) => count - (before[index] ?? 0));
    const stranger = path.join(release.folder, 'stranger');
    run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger]);
    const options = release.options.map((word) => word.replace(`=${release.key}`, `=${stranger}`));
    expect(run('ssh', [...options, release.address, 'true']).status).toBe(255);
    await eventually(since, (counts) => counts.join() === '0,1,0,0');
    expect(release.log().findLast(({ event }) => event === 'connection.closed')).toMatchObject({ user: 'developer' });
    expect(release.ssh('true', { address: 'nobody@127.0.0.1' }).status).toBe(255);
    await eventually(since, (counts) => counts.join() === '1,1,0,0');
    // As a load balancer sees whether anybody is there.
    release.ssh('exec 3<>/dev/tcp/127.0.0.1/2222; head -c 8 <&3');
    await eventually(since, (counts) => counts.join() === '1,1,1,0');
  });

  it('K5G2-STRUCT F7C8-METRICS: a flood is a few lines in the log, and exact in the counters', async () => {
    const count = () =>
      ['accepted', 'too_many_connections', 'too_many_unauthenticated']
        .map((result) => release.metric(`ws_connections_total{result="${result}"}`))
        .reduce((sum, value) => sum + value);
    const lines = () => release.log();
    const before = { count: count(), lines: lines().length };
    const flood =
      'import socket\nfor i in range(300):\n s=socket.create_connection(("127.0.0.1",2222)); s.sendall(b"GET / HTTP/1.1\\r\\n\\r\\n"); s.close()';
    // The connection that brings the flood is one more.
    expect(release.ssh('python3 -', { input: flood })).toMatchObject({ status: 0 });
    await eventually(count, (value) => value >= before.count + 301);
    expect(count() - before.count).toBe(301);
    // Those that were refused because the ones before them had not ended yet are lines and counts of their own.
    const events = ['connection.opened', 'connection.refused'];
    const flooded = await eventually(
      () => {
        const fresh = lines().slice(before.lines);
        const left = fresh
          .filter((line) => line['event'] === 'log.suppressed' && events.includes(String(line['of'])))
          .reduce((sum, line) => sum + Number(line['suppressed']), 0);
        const written = fresh.filter(({ event }) => events.includes(String(event))).length;
        return { written, all: written + left };
      },
      ({ all }) => all >= 250,
    );
    expect(flooded.written).toBeLessThan(150);
    expect(release.ssh('echo still').stdout).toBe('still\n');
  });

  it('Q1P4-HEALTH: while the server stands still the pod is unready and open sessions go on; then all is well again', async () => {
    const session = stage.keep(release.open([release.address, 'bash']));
    let out = '';
    session.stdout?.on('data', (data: Buffer) => {
      out += data.toString();
    });
    session.stdin?.write('pkill -STOP -f supervisor.mjs && echo frozen\n');
    const sees = (text: string) =>
      eventually(
        () => out,
        (screen) => screen.includes(text),
      );
    await sees('frozen');
    try {
      await eventually(isReady, (ready) => !ready, 60_000);
      session.stdin?.write('echo I am $((40 + 2))\n');
      await sees('I am 42');
    } finally {
      session.stdin?.write('pkill -CONT -f supervisor.mjs\n');
    }
    await eventually(isReady, (ready) => ready, 60_000);
    session.kill();
    expect(release.ssh('echo back').stdout).toBe('back\n');
  });
});

/** What the Service's clients are told. */
function isReady(): boolean {
  const slices = JSON.parse(
    stage.kubectl(['get', 'endpointslice', '-l', 'kubernetes.io/service-name=ws-session', '-o', 'json']),
  ) as { items: { endpoints: { conditions: { ready: boolean } }[] | null }[] };
  return slices.items.some((slice) => slice.endpoints?.some(({ conditions }) => conditions.ready) ?? false);
}
