import type { ChildProcess } from 'node:child_process';
import { execFile } from 'node:child_process';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { findFreePorts } from '../running/free-ports.ts';
import { finish, makePerson, type Person, type Run } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;
const running: Forward[] = [];

beforeAll(async () => {
  place = makeNamespace('app-forward');
  person = makePerson(place.name);
  await person.make('dev');
  for (const port of [8000, 8001, 8002]) await serve(port);
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((forward) => forward.end('SIGKILL')));
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

/** A `ws forward` without a terminal. */
class Forward {
  readonly #child: ChildProcess;
  readonly #ended: Promise<Run>;
  text = '';

  constructor(words: string[]) {
    this.#child = person.start(['forward', ...words]);
    this.#ended = finish(this.#child);
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.text += chunk.toString();
    });
    running.push(this);
  }

  async see(pattern: RegExp, timeoutMs = 30_000): Promise<RegExpExecArray> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const match = pattern.exec(this.text);
      if (match !== null) return match;
      if (Date.now() > deadline || this.#child.exitCode !== null)
        throw new Error(`never saw ${pattern}; status ${this.#child.exitCode}:\n${this.text}`);
      await pause(25);
    }
  }

  end(signal: NodeJS.Signals): Promise<Run> {
    this.#child.kill(signal);
    return this.#ended;
  }

  get ended(): Promise<Run> {
    return this.#ended;
  }
}

/** A web server in the pod that answers with its own port, and outlives the session that started it. */
async function serve(port: number): Promise<void> {
  const script = `mkdir -p web${port}; cd web${port}; echo port ${port} > index.html; nohup python3 -m http.server ${port} >/dev/null 2>&1 & for i in 1 2 3 4 5 6 7 8 9; do curl -sf localhost:${port} && break; sleep 0.3; done`;
  const run = await person.ws(['ssh', 'dev', '--', script]);
  expect(run.stdout, run.stderr).toBe(`port ${port}\n`);
}

function curl(...words: string[]): Promise<string> {
  return new Promise((resolve, reject) =>
    execFile('curl', ['-sS', '--max-time', '20', '--noproxy', '', ...words], (error, stdout) =>
      error === null ? resolve(stdout) : reject(error),
    ),
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const findFreePort = () => findFreePorts(1);

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('ws forward', () => {
  it('P7M2-FORWARD carries a mapping and a range, in plain lines without a terminal, until Ctrl-C, which is no failure', async () => {
    const [first, base] = [await findFreePort(), await findFreePorts(2)];
    const forward = new Forward([`${first}:8000`, `${base}-${base + 1}:8001-8002`]);
    await forward.see(/Forwards open/);
    expect(forward.text).toContain(`127.0.0.1:${first} → localhost:8000\n`);
    expect(await curl(`http://127.0.0.1:${first}/`)).toBe('port 8000\n');
    expect(await curl(`http://127.0.0.1:${base}/`)).toBe('port 8001\n');
    expect(await curl(`http://127.0.0.1:${base + 1}/`)).toBe('port 8002\n');
    const run = await forward.end('SIGINT');
    expect(run).toMatchObject({ status: 0, stdout: '' });
    expect(run.stderr).not.toMatch(/\x1b|✗/);
    expect(await isOpen(first)).toBe(false);
  });

  it('carries many connections at once, whole', async () => {
    const local = await findFreePort();
    await person.ws([
      'ssh',
      'dev',
      '--',
      'head -c 5000000 /dev/urandom > web8000/bytes; sha256sum < web8000/bytes > web8000/sum',
    ]);
    const forward = new Forward([`${local}:8000`]);
    await forward.see(/Forwards open/);
    const sum = (await curl(`http://127.0.0.1:${local}/sum`)).trim();
    const url = `http://127.0.0.1:${local}/bytes`;
    const sums = await Promise.all(
      Array.from(
        { length: 10 },
        () =>
          new Promise((resolve) =>
            execFile('sh', ['-c', `curl -sS ${url} | sha256sum`], (_error, stdout) => resolve(stdout.trim())),
          ),
      ),
    );
    expect(sums).toEqual(Array.from({ length: 10 }, () => sum));
  });

  it('reaches what the workspace reaches: LOCAL:HOST:REMOTE, and any host by --socks', async () => {
    const ip = kubectl([
      '-n',
      place.name,
      'get',
      'pod',
      '-l',
      'ws.dev/workspace=dev',
      '-o',
      'jsonpath={.items[0].status.podIP}',
    ]);
    const [local, socks] = [await findFreePort(), await findFreePort()];
    const forward = new Forward([`${local}:${ip}:8000`, '--socks', String(socks)]);
    await forward.see(/Forwards open/);
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8000\n');
    // The name is looked up in the workspace: this machine's `localhost` has no such server.
    expect(await curl('--proxy', `socks5h://127.0.0.1:${socks}`, 'http://localhost:8001/')).toBe('port 8001\n');
    expect(await curl('--proxy', `socks4a://127.0.0.1:${socks}`, `http://${ip}:8002/`)).toBe('port 8002\n');
    await expect(curl('--proxy', `socks5h://127.0.0.1:${socks}`, 'http://localhost:9/')).rejects.toThrow();
    await forward.see(/SOCKS: Nothing in the workspace answers at localhost:9/);
    expect((await forward.end('SIGINT')).status).toBe(0);
  });

  it('makes a port of this machine one of the workspace with --remote, beside a mapping', async () => {
    const server = createHttpServer((_request, response) => response.end('from here\n'));
    const [port, local] = [await listen(server), await findFreePort()];
    const forward = new Forward(['--remote', `${port}:7000`, `${local}:8000`]);
    await forward.see(/Forwards open/);
    expect(forward.text).toContain(`workspace port 7000 → 127.0.0.1:${port}\n`);
    const run = await person.ws(['ssh', 'dev', '--', 'curl -sS localhost:7000']);
    expect(run).toMatchObject({ status: 0, stdout: 'from here\n' });
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8000\n');
    server.close();
    // What cannot be reached here is told there by an end, and here by a line.
    expect((await person.ws(['ssh', 'dev', '--', 'curl -sS localhost:7000'])).status).not.toBe(0);
    await forward.see(/workspace port 7000 → .*: Nothing on this machine answers/);
    expect((await forward.end('SIGINT')).status).toBe(0);
  });

  it('says so when the port in the workspace is taken', async () => {
    const run = await new Forward(['--remote', '9:2222']).ended;
    expect(run.status).toBe(5);
    expect(run.stderr).toMatch(/cannot listen on port 2222[\s\S]*FORWARD_FAILED/);
  });

  it('takes the next free local port and says so, but not with --strict', async () => {
    const server = createServer();
    const taken = await listen(server);
    const forward = new Forward([`${taken}:8000`]);
    const [, got] = await forward.see(new RegExp(`Local port ${taken} is taken; using (\\d+)`));
    await forward.see(/Forwards open/);
    expect(await curl(`http://127.0.0.1:${got}/`)).toBe('port 8000\n');
    const strict = await new Forward([`${taken}:8000`, '--strict']).ended;
    expect(strict.status).toBe(3);
    expect(strict.stderr).toContain('LOCAL_PORT_TAKEN');
    server.close();
  });

  it('names a server that does not answer, once for each try, and goes on', async () => {
    const [local, other] = [await findFreePort(), await findFreePort()];
    const forward = new Forward([`${local}:8765`, `${other}:8000`]);
    await forward.see(/Forwards open/);
    await expect(curl(`http://127.0.0.1:${local}/`)).rejects.toThrow();
    await forward.see(/Nothing in the workspace answers at localhost:8765/);
    expect(await curl(`http://127.0.0.1:${other}/`)).toBe('port 8000\n');
  });

  it('comes back by itself when the pod is deleted, and the listener stays', async () => {
    const local = await findFreePort();
    const forward = new Forward([`${local}:8000`]);
    await forward.see(/Forwards open/);
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8000\n');
    kubectl(['-n', place.name, 'delete', 'pod', '-l', 'ws.dev/workspace=dev', '--wait=false']);
    await forward.see(/Connection lost/);
    // Accepted at once, carried when the connection is back; nothing serves there yet.
    expect(await isOpen(local)).toBe(true);
    await forward.see(/Connected again after \d+ s/, 120_000);
    for (const port of [8000, 8001, 8002]) await serve(port);
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8000\n');
    expect((await forward.end('SIGINT')).status).toBe(0);
  });

  it('ends when the workspace is stopped, and says how to start it', async () => {
    const forward = new Forward([`${await findFreePort()}:8000`]);
    await forward.see(/Forwards open/);
    kubectl(['-n', place.name, 'scale', 'deploy/ws-dev', '--replicas=0']);
    const run = await forward.ended;
    expect(run.status).toBe(5);
    expect(run.stderr).toMatch(/Workspace dev is stopped[\s\S]*ws up dev/);
    expect((await person.ws(['up', 'dev', '--no-shell'])).status).toBe(0);
    for (const port of [8000, 8001, 8002]) await serve(port);
  });

  it('draws a live table of connections and bytes on a terminal', async () => {
    const local = await findFreePort();
    const terminal = person.onTerminal(['forward', `${local}:8000`]);
    await terminal.see(new RegExp(`127\\.0\\.0\\.1:${local} → localhost:8000 +no connection yet`));
    expect(terminal.text).toMatch(/✓ Connected/);
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8000\n');
    await terminal.see(/1 connection, 0 open +↑ \d+ B ↓ \d+ B/);
    terminal.type('\x03');
    expect(await terminal.exit()).toBe(0);
    expect(terminal.raw.lastIndexOf('\x1b[?25h')).toBeGreaterThan(terminal.raw.lastIndexOf('\x1b[?25l'));
  });
});

describe('ws forward --auto', () => {
  it('announces and forwards new ports of the user, and stops when they are gone; never those of the server', async () => {
    const forward = new Forward(['--auto', '--ignore', '8001,8002']);
    const [, local] = await forward.see(/127\.0\.0\.1:(\d+) → localhost:8000\n/);
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8000\n');
    await serve(8090);
    const [, next] = await forward.see(/127\.0\.0\.1:(\d+) → localhost:8090\n/);
    expect(await curl(`http://127.0.0.1:${next}/`)).toBe('port 8090\n');
    await person.ws(['ssh', 'dev', '--', "pkill -f 'http.server 8090'"]);
    await forward.see(/→ localhost:8090 closed: nothing listens there any more/);
    expect(await isOpen(Number(next))).toBe(false);
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8000\n');
    // Not 2222, 9222 and what else the server listens on.
    const opened = [...forward.text.matchAll(/→ localhost:(\d+)$/gm)].map((match) => match[1]);
    expect(opened).toEqual(['8000', '8090']);
    expect((await forward.end('SIGINT')).status).toBe(0);
  });

  it('leaves no loop behind in the workspace, also when it is killed', async () => {
    // What can be resumed waits for a client that is killed, as for one whose network is gone.
    const forward = new Forward(['--auto', '--no-resume']);
    await forward.see(/→ localhost:8000\n/);
    const count = async () => (await person.ws(['ssh', 'dev', '--', "pgrep -cf '[w]s-ports'"])).stdout.trim();
    expect(Number(await count())).toBeGreaterThan(0);
    await forward.end('SIGKILL');
    const deadline = Date.now() + 60_000;
    while ((await count()) !== '0') {
      if (Date.now() > deadline) throw new Error('the loop is still there');
      await pause(500);
    }
  });

  it('finds the ports again after the connection was lost', async () => {
    const forward = new Forward(['--auto', '--ignore', '8001', '--ignore', '8002']);
    await forward.see(/→ localhost:8000\n/);
    kubectl(['-n', place.name, 'delete', 'pod', '-l', 'ws.dev/workspace=dev', '--wait=false']);
    await forward.see(/Connected again/, 120_000);
    await forward.see(/→ localhost:8000 closed/);
    await serve(8003);
    const [, local] = await forward.see(/127\.0\.0\.1:(\d+) → localhost:8003\n/);
    expect(await curl(`http://127.0.0.1:${local}/`)).toBe('port 8003\n');
    // As the others expect it.
    await person.ws(['ssh', 'dev', '--', "pkill -f 'http.server 8003'"]);
    for (const port of [8000, 8001, 8002]) await serve(port);
  });

  it('shows them in the table on a terminal', async () => {
    const terminal = person.onTerminal(['forward', '--auto']);
    await terminal.see(/→ localhost:8000 +no connection yet/);
    terminal.type('\x03');
    expect(await terminal.exit()).toBe(0);
  });
});
