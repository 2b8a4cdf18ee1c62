/**
 * A supervisor's doors with a real SSH server behind them, an API server's outside that leads there, and what may
 * happen on the way. OpenSSH's own server stands for Dropbear: it serves one connection on its stdin, too.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { Door, OWN_LOOPBACK } from '../../../src/supervisor/connections/door.ts';
import { SshServer } from '../../../src/supervisor/connections/server.ts';
import { Metrics } from '../../../src/supervisor/measures/metrics.ts';
import { createLog } from '../../../src/supervisor/output/log.ts';
import { ResumeServer } from '../../../src/supervisor/resume/resume-server.ts';
import { startApiServer } from '../kubernetes/api-server.ts';
import { runOverSocket } from '../kubernetes/exec-runtime.ts';
import { configure, makeDirectory, makeKey, SSHD } from '../ssh/sshd.ts';

export interface Options {
  keptSeconds?: number;
  /** After so many bytes, in either direction, a pod stream is cut; undefined: never. */
  cutAfter?(): number | undefined;
  /** Port-forwards are forbidden, and `pods/exec` runs relays. */
  byExec?: boolean;
}

export type Workspace = Awaited<ReturnType<typeof startWorkspace>>;

export async function startWorkspace({ keptSeconds = 60, cutAfter = () => undefined, byExec = false }: Options = {}) {
  const directory = makeDirectory();
  const { config, authorized } = configure(directory, 1);
  const key = makeKey(`${directory}/key`, 'ed25519');
  writeFileSync(authorized, readFileSync(`${key}.pub`));
  const events: Record<string, unknown>[] = [];
  const log = createLog({ level: 'info', write: (line) => events.push(JSON.parse(line)), nowMs: Date.now });
  const metrics = new Metrics({ version: '1', home: '/', cgroupRoot: '/', startedAtMs: Date.now(), restarts: 0 });
  const command = { program: SSHD, arguments: ['-i', '-e', '-f', config], environment: { PATH: '/usr/bin:/bin' } };
  const limits = { uid: 4_294_967_294, maxConnections: 100, maxUnauthenticated: 50, loginGraceMs: 600_000 };
  const commands = { signal: () => undefined, leave: async () => 0 };
  const [door, resumeDoor] = [new Door(0), new Door(0, OWN_LOOPBACK)];
  await Promise.all([door.listening, resumeDoor.listening]);
  const server = new SshServer({ command, resumableCommand: command, commands, ...limits }, door, log, metrics);
  await server.serve();
  await new ResumeServer({ keptSeconds }, resumeDoor, server, log, metrics).serve();
  let isAway = false;
  let streams = 0;
  const carried = new Set<WebSocket>();
  const api = await startApiServer({
    refuse: () => (isAway ? { statusCode: 503, headers: {} } : undefined),
    request: (_request, response) => void response.writeHead(isAway ? 503 : 200).end('{"status":{"phase":"Running"}}'),
    ...(byExec
      ? {
          refuseForward: 'pods "p" is forbidden: User "u" cannot create resource "pods/portforward" in API group ""',
          exec: (socket: WebSocket, command: string[]) => {
            streams += 1;
            carried.add(socket);
            socket.on('close', () => carried.delete(socket));
            relayByExec(socket, command, cutAfter());
          },
        }
      : {}),
    forward: (socket, _raw, port) => {
      streams += 1;
      carried.add(socket);
      socket.on('close', () => carried.delete(socket));
      relay(socket, port, cutAfter());
    },
  });
  const cluster = api.open();
  const open = (options: { resumePort?: number | undefined } = { resumePort: resumeDoor.port }) =>
    cluster.openPodStream('p', door.port, AbortSignal.timeout(60_000), options);
  const cut = () => {
    for (const socket of carried) socket.terminate();
  };
  return {
    ...{ key, events, metrics, server, resumePort: resumeDoor.port, open, cut, directory },
    streams: () => streams,
    count: (event: string) => events.filter((one) => one['event'] === event).length,
    /** From now on nobody gets through, until the returned function is called. */
    leave: () => {
      isAway = true;
      cut();
      return () => {
        isAway = false;
      };
    },
    async [Symbol.asyncDispose]() {
      for (const session of server.sessions) session.terminate();
      door.close();
      resumeDoor.close();
      await api[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** What the API server, the kubelet and the runtime do between a WebSocket and the pod's loopback. */
function relay(socket: WebSocket, port: number, most: number | undefined): void {
  const target = connect({ port, host: '127.0.0.1', noDelay: true });
  let bytes = 0;
  const passes = (length: number) => {
    bytes += length;
    if (most === undefined || bytes <= most) return true;
    socket.terminate();
    target.destroy();
    return false;
  };
  target.on('error', () => socket.send(Buffer.from('\u0001connection refused'), () => socket.close()));
  target.on('data', (chunk: Buffer) => {
    if (!passes(chunk.length)) return;
    target.pause();
    socket.send(Buffer.concat([Buffer.from([0]), chunk]), () => target.resume());
  });
  target.on('close', () => socket.close());
  socket.on('message', (message: Buffer) => {
    if (!passes(message.length)) return;
    if (!target.write(message.subarray(1))) socket.pause();
  });
  target.on('drain', () => socket.resume());
  socket.on('close', () => target.destroy());
}

/** The same for a relay in the container. */
function relayByExec(socket: WebSocket, command: string[], most: number | undefined): void {
  let bytes = 0;
  const count = (chunk: Buffer) => {
    bytes += chunk.length;
    if (most !== undefined && bytes > most) socket.terminate();
  };
  socket.on('message', count);
  runOverSocket(socket, command).stdout?.on('data', count);
}

/** A local port that leads through resumable streams, one for each connection: for programs that know no `ws`. */
export async function listen(workspace: Pick<Workspace, 'open'>): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    workspace.open().then(
      (stream) => {
        stream.on('error', () => socket.destroy());
        socket.on('close', () => stream.destroy());
        socket.pipe(stream).pipe(socket);
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    close: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
