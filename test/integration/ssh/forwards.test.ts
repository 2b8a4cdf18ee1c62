import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket, type Server as TcpServer } from 'node:net';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createListeners } from '../../../src/adapters/ports/listeners.ts';
import { createConnector } from '../../../src/adapters/ssh/connector.ts';
import { readKeyFile } from '../../../src/adapters/ssh/keys/key-files.ts';
import { advice } from '../../../src/workspace/errors/suggestion.ts';
import type { ListenOptions, LocalListener, SshConnection } from '../../../src/workspace/world.ts';
import { dial, findMissing, makeKey, type Server, startServer } from './sshd.ts';

const missing = findMissing();
if (missing !== undefined) console.warn(`skipped: ${missing}`);

const never = new AbortController().signal;
const run = promisify(execFile);

describe.skipIf(missing !== undefined)('forwards', () => {
  const listeners = createListeners();
  let server: Server;
  let connection: SshConnection;
  let echo: TcpServer;
  let echoPort: number;

  beforeAll(async () => {
    server = await startServer();
    const path = makeKey(join(server.directory, 'key'), 'ed25519');
    server.authorize(readFileSync(`${path}.pub`, 'utf8'));
    connection = await open();
    // Answers only after the client has ended its half: it must arrive.
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      const chunks: Buffer[] = [];
      socket.on('error', () => undefined);
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('end', () => socket.end(Buffer.concat(chunks)));
    });
    echoPort = await listen(echo);
  });
  afterAll(async () => {
    echo?.close();
    await connection?.close();
    await server?.[Symbol.asyncDispose]();
  });

  async function open(openStream = () => dial(server.port)): Promise<SshConnection> {
    const identities = [await readKeyFile(join(server.directory, 'key'))];
    return createConnector({ agentSocket: undefined }).connect(server.target(identities, { openStream }), never);
  }

  /** What leads a local port to one of the server, each test with its own differences. */
  function toward(port: number, differences: Partial<ListenOptions> = {}): ListenOptions {
    return {
      address: '127.0.0.1',
      port: 0,
      anyFreePort: false,
      target: { host: '127.0.0.1', port },
      open: (host, to) => connection.openChannel(host, to),
      onFailure: () => undefined,
      suggest: (other) => advice(`try ${other}`),
      ...differences,
    };
  }

  function forward(port: number, local = 0, failures: Error[] = [], through = connection): Promise<LocalListener> {
    const open = (host: string, to: number) => through.openChannel(host, to);
    return listeners.listen(toward(port, { port: local, open, onFailure: (error) => failures.push(error) }), never);
  }

  it('carries bytes both ways, half-closed, and counts them', async () => {
    await using listener = await forward(echoPort);
    const data = randomBytes(5_000_000);
    expect(hash(await exchange(listener.port, data))).toBe(hash(data));
    await settle();
    expect({ ...pick(listener) }).toEqual({ open: 0, total: 1, bytesUp: 5_000_000, bytesDown: 5_000_000, failures: 0 });
  });

  it('carries 100 connections at once', async () => {
    await using listener = await forward(echoPort);
    const sent = Array.from({ length: 100 }, () => randomBytes(20_000));
    const received = await Promise.all(sent.map((data) => exchange(listener.port, data)));
    expect(received.map(hash)).toEqual(sent.map(hash));
    await settle();
    expect(pick(listener)).toMatchObject({ open: 0, total: 100, failures: 0 });
  });

  it('survives a reset of one connection', async () => {
    await using listener = await forward(echoPort);
    for (let round = 0; round < 8; round += 1) {
      const socket = connect(listener.port, '127.0.0.1');
      await new Promise((resolve) => socket.once('connect', resolve));
      socket.write('x');
      socket.resetAndDestroy();
    }
    expect((await exchange(listener.port, Buffer.from('alive'))).toString()).toBe('alive');
  });

  it('resets a connection that leads nowhere and says why', async () => {
    const failures: Error[] = [];
    await using listener = await forward(1, 0, failures);
    await expect(exchange(listener.port, Buffer.from('x'))).rejects.toThrow();
    expect(failures[0]).toMatchObject({ code: 'FORWARD_FAILED' });
    expect(listener.counters.failures).toBe(1);
  });

  it('says of another host that it cannot be reached, and of a name that it may be unknown', async () => {
    const open = (host: string) => connection.openChannel(host, 1);
    await expect(open('no.such.host.invalid')).rejects.toThrow(
      /cannot reach no\.such\.host\.invalid:1: it does not know/,
    );
    await expect(open('127.0.0.1')).rejects.toThrow('Nothing in the workspace answers at 127.0.0.1:1');
  });

  it('resets its connections when the SSH connection is lost: half a download never looks whole', async () => {
    const source = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.write('the first half');
    });
    const port = await listen(source);
    const stream = await dial(server.port);
    const lost = await open(async () => stream);
    await using listener = await forward(port, 0, [], lost);
    const socket = connect(listener.port, '127.0.0.1');
    const ended: string[] = [];
    socket.on('end', () => ended.push('end'));
    const failed = new Promise((resolve) => socket.once('error', resolve));
    await new Promise((resolve) => socket.once('data', resolve));
    stream.destroy();
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
    expect(ended).toEqual([]);
    await expect(lost.openChannel('127.0.0.1', port)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
    source.close();
  });

  it('ends a download that is given up, and says nothing of it to the server afterwards', async () => {
    const source = createServer((socket) => {
      socket.on('error', () => undefined);
      const pour = () => {
        while (socket.writable && socket.write(Buffer.alloc(65_536)));
      };
      socket.on('drain', pour);
      pour();
    });
    const port = await listen(source);
    await using listener = await forward(port);
    for (let round = 0; round < 8; round += 1) {
      const socket = connect(listener.port, '127.0.0.1').on('error', () => undefined);
      await new Promise((resolve) => socket.once('data', resolve));
      // Until more than a window has come, at another moment each time.
      await new Promise((resolve) => setTimeout(resolve, round * 10));
      socket.destroy();
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
    // Dropbear would end the whole connection over it.
    expect(server.log()).not.toMatch(/non-?(?:open|existent) channel/);
    source.close();
  });

  it('is no crash when the connection is lost before anybody carries what came from the workspace', async () => {
    const stream = await dial(server.port);
    const lost = await open(async () => stream);
    const came = Promise.withResolvers<void>();
    const remote = await lost.forwardRemote('localhost', 0, () => came.resolve());
    const socket = connect(remote.port, '127.0.0.1').on('error', () => undefined);
    await came.promise;
    stream.destroy();
    expect(await lost.ended).toMatchObject({ code: 'CONNECTION_LOST' });
    socket.destroy();
  });

  it('gives everything to a slow reader that keeps its own half open, though the server is gone', async () => {
    const source = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      socket.end(Buffer.alloc(1_500_000), () => setTimeout(() => socket.destroy(), 50));
    });
    const port = await listen(source);
    await using listener = await forward(port);
    const socket = connect({ port: listener.port, host: '127.0.0.1', allowHalfOpen: true }).pause();
    // By now all of it is in SSH's window; what is written from here on meets a closed port.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const writing = setInterval(() => socket.write('more '.repeat(1000)), 20);
    await new Promise((resolve) => setTimeout(resolve, 500));
    let received = 0;
    socket.on('data', (chunk) => {
      received += chunk.length;
    });
    socket.resume();
    await new Promise((resolve) => socket.once('end', resolve));
    expect(received).toBe(1_500_000);
    clearInterval(writing);
    socket.destroy();
    await settle();
    expect(listener.counters.open).toBe(0);
    source.close();
  });

  it('does not read ahead of a slow reader', async () => {
    let sent = 0;
    const source = createServer((socket) => {
      socket.on('error', () => undefined);
      const chunk = Buffer.alloc(65_536);
      const fill = () => {
        do sent += chunk.length;
        while (socket.write(chunk));
      };
      socket.on('drain', fill);
      fill();
    });
    const port = await listen(source);
    await using listener = await forward(port);
    const socket = connect(listener.port, '127.0.0.1').pause();
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(sent).toBeLessThan(40_000_000);
    socket.destroy();
    source.close();
  });

  it('names a port that is taken, or takes the next free one when asked', async () => {
    await using first = await forward(echoPort);
    await expect(forward(echoPort, first.port)).rejects.toMatchObject({
      code: 'LOCAL_PORT_TAKEN',
      message: `Port ${first.port} on 127.0.0.1 is taken`,
    });
    const options = toward(echoPort, { port: first.port, anyFreePort: true });
    await using second = await listeners.listen(options, never);
    expect(second.port).toBeGreaterThan(first.port);
    expect((await exchange(second.port, Buffer.from('moved'))).toString()).toBe('moved');
    await expect(listeners.listen({ ...options, address: '192.0.2.1' }, never)).rejects.toMatchObject({
      code: 'LOCAL_PORT_TAKEN',
      reason: '192.0.2.1 is no address of this machine',
    });
    expect(first.close()).toBe(first.close());
  });

  it('forwards a port of the server to here', async () => {
    const seen: string[] = [];
    const failures: Error[] = [];
    let port = echoPort;
    const remote = await connection.forwardRemote('127.0.0.1', 0, (stream) => {
      seen.push('connection');
      listeners.join(stream, '127.0.0.1', port).catch((error: Error) => failures.push(error));
    });
    expect(remote.port).toBeGreaterThan(0);
    expect((await exchange(remote.port, Buffer.from('from there'))).toString()).toBe('from there');
    await expect(connection.forwardRemote('127.0.0.1', remote.port, () => undefined)).rejects.toMatchObject({
      code: 'FORWARD_FAILED',
    });
    // Nothing listens there: the far end sees an end, and it is told here.
    port = 1;
    await exchange(remote.port, Buffer.from('x')).catch(() => undefined);
    expect(failures).toMatchObject([{ code: 'FORWARD_FAILED' }]);
    await remote.close();
    await remote.close();
    await expect(exchange(remote.port, Buffer.from('x'))).rejects.toThrow(/ECONNREFUSED/);
    expect(seen).toEqual(['connection', 'connection']);
  });

  it('resets what it joined when the SSH connection is lost: half an upload never looks whole', async () => {
    const stream = await dial(server.port);
    const lost = await open(async () => stream);
    const ends: string[] = [];
    const came = Promise.withResolvers<void>();
    const sink = createServer((socket) => {
      socket.on('data', () => came.resolve());
      socket.on('end', () => ends.push('end'));
      socket.on('error', (error: NodeJS.ErrnoException) => ends.push(error.code ?? ''));
      socket.on('close', () => ends.push('close'));
    });
    const port = await listen(sink);
    const remote = await lost.forwardRemote(
      '127.0.0.1',
      0,
      (channel) => void listeners.join(channel, '127.0.0.1', port),
    );
    const socket = connect(remote.port, '127.0.0.1').on('error', () => undefined);
    socket.write('the first half');
    await came.promise;
    stream.destroy();
    await vi.waitFor(() => expect(ends).toEqual(['ECONNRESET', 'close']), 60_000);
    socket.destroy();
    sink.close();
  });

  it('connects to nobody for a stream that is lost meanwhile', async () => {
    const [a] = duplexPair();
    a.on('error', () => undefined).destroy(new Error('lost'));
    const ends: string[] = [];
    const sink = createServer(
      (socket) => void socket.on('error', () => undefined).on('close', () => ends.push('close')),
    );
    const port = await listen(sink);
    await listeners.join(a, '127.0.0.1', port);
    await vi.waitFor(() => expect(ends).toEqual(['close']), 60_000);
    sink.close();
  });

  it('is a SOCKS proxy for curl, in version 5, 4 and 4a', async () => {
    const web = createHttpServer((_request, response) => response.end('hello'));
    const port = await listen(web);
    const asked: string[] = [];
    const failures: Error[] = [];
    const open = (host: string, to: number) => {
      asked.push(host);
      return connection.openChannel(host, to);
    };
    const options = toward(0, { target: 'socks', open, onFailure: (error) => failures.push(error) });
    await using proxy = await listeners.listen(options, never);
    for (const kind of ['--socks5', '--socks5-hostname', '--socks4', '--socks4a']) {
      const { stdout } = await run('curl', [
        '-sS',
        '--max-time',
        '5',
        kind,
        `127.0.0.1:${proxy.port}`,
        `http://localhost:${port}/`,
      ]);
      expect(stdout).toBe('hello');
    }
    expect(asked).toEqual(expect.arrayContaining(['localhost', '127.0.0.1']));
    await expect(
      run('curl', ['-sS', '--max-time', '5', '--socks5-hostname', `127.0.0.1:${proxy.port}`, 'http://localhost:1/']),
    ).rejects.toThrow(/SOCKS5|refused|complete/);
    await expect(run('curl', ['-sS', '--max-time', '5', `http://127.0.0.1:${proxy.port}/`])).rejects.toThrow();
    expect(failures).toHaveLength(2);
    web.close();
  });
});

function pick(listener: LocalListener) {
  const { open, total, bytesUp, bytesDown, failures } = listener.counters;
  return { open, total, bytesUp, bytesDown, failures };
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 100));
}

async function listen(server: TcpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as { port: number }).port;
}

/** Sends everything, ends its half, and gives back everything that came. */
async function exchange(port: number, data: Buffer): Promise<Buffer> {
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(data);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function hash(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}
