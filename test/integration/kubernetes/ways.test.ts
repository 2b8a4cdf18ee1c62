/** Which way leads to a pod, and the one by `pods/exec`, whose relay runs here for real. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import type { RememberedWay, WayMemory } from '../../../src/adapters/kubernetes/ways/ladder.ts';
import { openDirect } from '../../../src/adapters/kubernetes/ways/open-direct.ts';
import type { WayTaken } from '../../../src/workspace/ways/ways.ts';
import { answer, type Handlers, startApiServer } from './api-server.ts';
import { countProcesses, runOverSocket } from './exec-runtime.ts';

const SIGNAL = new AbortController().signal;
const MIB = 1024 * 1024;
const FORBIDDEN = 'pods "p" is forbidden: User "u" cannot create resource "pods/portforward" in API group ""';

/** A server in the pod: here, on this machine's loopback. */
async function serve(onConnection: (socket: Socket) => void) {
  const server = createServer((socket) => onConnection(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.dispose]: () => void server.close() };
}

/** Its queue is full, so the kernel leaves the next connection without an answer. */
async function listenWithoutAnswer() {
  const script = `import socket, sys
full = socket.create_server(('127.0.0.1', 0), backlog=0)
print(full.getsockname()[1], flush=True)
sys.stdin.read()`;
  const child = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const port = Number(String((await once(child.stdout, 'data'))[0]));
  const waiting = connect(port, '127.0.0.1');
  await once(waiting, 'connect');
  const dispose = () => {
    waiting.destroy();
    child.kill();
  };
  return { port, [Symbol.dispose]: dispose };
}

function remember(): WayMemory & { kept: Map<string, RememberedWay> } {
  const kept = new Map<string, RememberedWay>();
  return {
    kept,
    find: (key) => kept.get(key),
    keep: (key, way) => void kept.set(key, way),
    forget: (key) => void kept.delete(key),
  };
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/** Waits until so many relays to this port run on this machine. */
function awaitRelays(port: number, number: number): Promise<void> {
  const count = () => expect(countProcesses(`/dev/tcp/127.0.0.1/${port}`)).toBe(number);
  return vi.waitFor(count, { timeout: 30_000 });
}

const execs: Pick<Handlers, 'exec'> = { exec: (socket, command) => void runOverSocket(socket, command) };

describe('by pods/exec', () => {
  test('bytes go through unchanged both ways, and the relay is gone when the server hangs up', async () => {
    using pod = await serve((socket) => {
      let received = 0;
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        socket.write(chunk);
        if (received === MIB) socket.end();
      });
    });
    let container: string | null = null;
    await using server = await startApiServer({
      refuseForward: FORBIDDEN,
      exec: (socket, command, named) => {
        container = named;
        runOverSocket(socket, command);
      },
    });
    const stream = await server.open().openPodStream('p', pod.port, SIGNAL);
    const sent = Buffer.from(Array.from({ length: MIB }, (_, index) => (index * 7 + (index >> 8)) % 256));
    stream.write(sent);
    expect((await collect(stream)).equals(sent)).toBe(true);
    expect(container).toBe('workspace');
    await awaitRelays(pod.port, 0);
  });

  test('ending the writing side delivers what was written and what comes back, then the relay ends', async () => {
    let heard = '';
    using pod = await serve((socket) => {
      socket.on('data', (chunk) => {
        heard += String(chunk);
        socket.write('late words');
      });
    });
    await using server = await startApiServer({ refuseForward: FORBIDDEN, ...execs });
    const stream = await server.open().openPodStream('p', pod.port, SIGNAL);
    stream.end('last words');
    expect([String(await collect(stream)), heard]).toEqual(['late words', 'last words']);
    await awaitRelays(pod.port, 0);
  });

  test('a stream that is destroyed, and one that is cut, leave no relay behind', async () => {
    using pod = await serve((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(64 * 1024)));
      };
      socket.on('drain', flood);
      flood();
    });
    await using server = await startApiServer({ refuseForward: FORBIDDEN, ...execs });
    const cluster = server.open();
    const [first, second] = await Promise.all([1, 2].map(() => cluster.openPodStream('p', pod.port, SIGNAL)));
    await once(first as NodeJS.EventEmitter, 'readable');
    second?.on('error', () => undefined);
    await awaitRelays(pod.port, 2);
    first?.destroy();
    await awaitRelays(pod.port, 1);
    server.cutConnections();
    await awaitRelays(pod.port, 0);
  });

  test('a slow reader holds the server back', async () => {
    let sent = 0;
    using pod = await serve((socket) => {
      const flood = () => {
        while (!socket.destroyed && sent < 512 * MIB) {
          sent += 64 * 1024;
          if (!socket.write(Buffer.alloc(64 * 1024))) return;
        }
      };
      socket.on('drain', flood);
      flood();
    });
    await using server = await startApiServer({ refuseForward: FORBIDDEN, ...execs });
    const stream = await server.open().openPodStream('p', pod.port, SIGNAL);
    await once(stream, 'readable');
    let before = -1;
    await vi.waitFor(
      () => {
        const isStill = sent === before;
        before = sent;
        expect(isStill).toBe(true);
      },
      { interval: 500, timeout: 30_000 },
    );
    expect(sent).toBeLessThan(64 * MIB);
    stream.on('error', () => undefined).destroy();
  });

  test("the relay's words become the stream's error", async () => {
    using pod = await serve(() => undefined);
    const { port } = pod;
    pod[Symbol.dispose]();
    await using server = await startApiServer({ refuseForward: FORBIDDEN, ...execs });
    const stream = await server.open().openPodStream('p', port, SIGNAL);
    await expect(collect(stream)).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      reason: `nothing listens on port ${port} in the pod`,
    });
  });

  test('a status without words of the relay is told as it is', async () => {
    const status = { status: 'Failure', message: 'container not found ("workspace")' };
    await using server = await startApiServer({
      refuseForward: FORBIDDEN,
      exec: (socket) => socket.send(`\u0003${JSON.stringify(status)}`, { binary: true }),
    });
    const stream = await server.open().openPodStream('p', 2222, SIGNAL);
    await expect(collect(stream)).rejects.toMatchObject({ code: 'CONNECTION_FAILED', reason: status.message });
  });
});

describe('the choice', () => {
  const greet = (socket: WebSocket) => socket.send(Buffer.from('\u0000SSH-2.0-forward\r\n'));
  const greetByExec: Pick<Handlers, 'exec'> = { exec: (socket) => socket.send(Buffer.from('\u0001SSH-2.0-exec\r\n')) };
  const sayReady = (status: 'True' | 'False'): Pick<Handlers, 'request'> => ({
    request: (_request, response) => answer(response, { status: { conditions: [{ type: 'Ready', status }] } }),
  });

  /** The ways of two streams, one behind the other, and what was asked for. */
  async function choose(handlers: Handlers, memory = remember()) {
    const asked: string[] = [];
    const note = (what: string) => asked.push(what);
    await using server = await startApiServer({
      ...handlers,
      request: (request, response) => {
        note('pod');
        (handlers.request ?? (() => response.writeHead(404).end()))(request, response);
      },
      ...(handlers.forward === undefined
        ? {}
        : {
            forward: (...words: Parameters<NonNullable<Handlers['forward']>>) => {
              note('forward');
              handlers.forward?.(...words);
            },
          }),
      ...(handlers.exec === undefined
        ? {}
        : {
            exec: (...words: Parameters<NonNullable<Handlers['exec']>>) => {
              note('exec');
              handlers.exec?.(...words);
            },
          }),
    });
    const open = async () => {
      asked.length = 0;
      let taken: WayTaken | undefined;
      const onWay = (way: WayTaken) => {
        taken = way;
      };
      const cluster = server.open({ ways: memory, environment: { PATH: '' } });
      const stream = await cluster.openPodStream('p', 2222, SIGNAL, { speaksFirst: true, onWay });
      stream.on('error', () => undefined).destroy();
      return { taken, asked: [...asked] };
    };
    return { first: await open(), second: await open(), memory };
  }

  test('a port-forward that greets asks for nothing else, and nothing is remembered', async () => {
    const { first, second, memory } = await choose({ forward: greet });
    for (const { taken, asked } of [first, second]) {
      expect(taken).toEqual({ way: 'websocket', instead: [], isRemembered: false });
      expect(asked).toEqual(['forward']);
    }
    expect(memory.kept.size).toBe(0);
  });

  test('one that is forbidden leads to an exec, and the next stream goes there at once', async () => {
    const { first, second } = await choose({ refuseForward: FORBIDDEN, ...greetByExec });
    const instead = [{ way: 'websocket', why: 'You may not create pods/portforward in namespace team' }];
    expect(first.taken).toEqual({ way: 'exec', instead, isRemembered: false });
    expect(second).toEqual({ taken: { way: 'exec', instead, isRemembered: true }, asked: ['exec'] });
  });

  test('what one user needs is not remembered for another one', async () => {
    const memory = remember();
    await using server = await startApiServer({ refuseForward: FORBIDDEN, ...greetByExec });
    const kubeconfig = `${server.folder}/other`;
    const text = readFileSync(server.kubeconfig, 'utf8');
    writeFileSync(kubeconfig, text.replace('user: {', 'user: {as: other, '));
    const taken: WayTaken[] = [];
    for (const options of [{}, { kubeconfig }, {}]) {
      const cluster = server.open({ ways: memory, onWay: (way) => taken.push(way), ...options });
      (await cluster.openPodStream('p', 2222, SIGNAL, { speaksFirst: true })).on('error', () => undefined).destroy();
    }
    expect(taken.map(({ isRemembered }) => isRemembered)).toEqual([false, false, true]);
    expect(memory.kept.size).toBe(2);
  });

  test('one that opens and says nothing leads to an exec where the pod says that it is ready', async () => {
    const { first, second } = await choose({ forward: () => undefined, ...sayReady('True'), ...greetByExec });
    expect(first).toMatchObject({ taken: { way: 'exec' }, asked: ['forward', 'pod', 'exec'] });
    expect(first.taken?.instead).toEqual([{ way: 'websocket', why: 'it opens, and nothing comes' }]);
    expect(second.asked).toEqual(['exec']);
  });

  test('a pod that is not ready is not tried on another way', async () => {
    const { memory, second } = await choose({ forward: () => undefined, ...sayReady('False'), ...greetByExec });
    expect(second.asked).toEqual(['forward', 'pod', 'forward']);
    expect(memory.kept.size).toBe(0);
  });

  test('one that is cut once is tried again, and nothing else is', async () => {
    let cuts = 0;
    const { first, memory } = await choose({
      forward: (socket, raw) => {
        cuts += 1;
        if (cuts === 1) raw.destroy();
        else greet(socket);
      },
      ...greetByExec,
    });
    expect(first).toMatchObject({ taken: { way: 'websocket' }, asked: ['forward', 'forward'] });
    expect(memory.kept.size).toBe(0);
  });

  test('a port at which nothing listens is no reason for another way', async () => {
    const refuse = (socket: WebSocket) => socket.send(Buffer.from('\u0001connect: connection refused'));
    await expect(choose({ forward: refuse, ...greetByExec })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      reason: 'nothing listens on port 2222 in the pod',
    });
  });

  test('what is remembered and fails is forgotten, and the first way is tried again', async () => {
    const memory = remember();
    const refused = { code: 403, message: 'pods "p" is forbidden: cannot create resource "pods/exec"' };
    await using server = await startApiServer({
      refuse: () => undefined,
      request: (_request, response) => answer(response, refused, 403),
      forward: greet,
    });
    await using execless = await startApiServer({
      refuseForward: FORBIDDEN,
      ...greetByExec,
    });
    const learn = execless.open({ ways: memory });
    (await learn.openPodStream('p', 2222, SIGNAL, { speaksFirst: true })).destroy();
    const [[, way] = []] = [...memory.kept];
    memory.find = () => (memory.kept.size === 0 ? undefined : way);
    memory.forget = () => memory.kept.clear();
    let taken: WayTaken | undefined;
    const options = { speaksFirst: true, onWay: (found: WayTaken) => void (taken = found) };
    const stream = await server.open({ ways: memory }).openPodStream('p', 2222, SIGNAL, options);
    stream.destroy();
    expect(taken).toEqual({ way: 'websocket', instead: [], isRemembered: false });
    expect(memory.kept.size).toBe(0);
  });

  test('where no way leads, the error is that of the first one, and names the others', async () => {
    await using server = await startApiServer({ refuseForward: FORBIDDEN });
    await expect(server.open().openPodStream('p', 1, SIGNAL)).rejects.toMatchObject({
      code: 'NOT_PERMITTED',
      message: 'You may not create pods/portforward in namespace team',
      reason: `${FORBIDDEN}\npods/exec was tried instead: You may not create pods/exec in namespace team`,
    });
  });

  test('a proxy that lets no WebSocket through is told as before, with what else was tried', async () => {
    await using server = await startApiServer({ refuse: () => ({ statusCode: 403, headers: {} }), refusalText: 'no' });
    const cluster = server.open({ environment: { PATH: '' } });
    await expect(cluster.openPodStream('p', 1, SIGNAL)).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      reason: 'HTTP status 403: no\nSPDY was tried instead: kubectl is not on PATH',
    });
  });
});

describe('past the API server', () => {
  test('the SSH server is reached at the address, and other ports of the pod as always', async () => {
    using pod = await serve((socket) => socket.end('SSH-2.0-direct\r\n'));
    await using server = await startApiServer({ forward: (socket) => socket.send(Buffer.from('\u0000forwarded')) });
    const cluster = server.open({ direct: { host: '127.0.0.1', port: pod.port } });
    const resumePort = 2223;
    const ssh = await cluster.openPodStream('p', 2222, SIGNAL, { speaksFirst: true, resumePort });
    expect(String(await collect(ssh))).toBe('SSH-2.0-direct\r\n');
    expect(server.connections()).toBe(0);
    const metrics = await cluster.openPodStream('p', 9222, SIGNAL);
    expect(String((await once(metrics, 'data'))[0])).toBe('forwarded');
    metrics.on('error', () => undefined).destroy();
  });

  test('an address at which nothing answers is named, and an interrupt is one', async () => {
    const { port, [Symbol.dispose]: close } = await serve(() => undefined);
    close();
    await using server = await startApiServer({});
    const open = (signal: AbortSignal) =>
      server.open({ direct: { host: '::1', port } }).openPodStream('p', 2222, signal, { speaksFirst: true });
    await expect(open(SIGNAL)).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      message: `Nothing is reached at [::1]:${port}`,
    });
    await expect(open(AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });

  // As on a way that is gone: a new try finds it again much sooner than the repeated packets of an old one.
  test('an address that is silent costs no more than connecting may take', async () => {
    using silent = await listenWithoutAnswer();
    const address = { host: '127.0.0.1', port: silent.port };
    await expect(openDirect(address, SIGNAL, { openLimitMs: 60_000, connectLimitMs: 300 })).rejects.toMatchObject({
      code: 'CONNECTION_FAILED',
      reason: 'it has not answered within 0.3 s',
    });
  });
});
