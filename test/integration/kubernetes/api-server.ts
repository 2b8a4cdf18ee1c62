/**
 * An API server's outside for tests: HTTPS with a certificate of its own, JSON answers, and port-forward WebSockets.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { openCluster } from '../../../src/adapters/kubernetes/cluster.ts';
import type { ClusterOptions } from '../../../src/adapters/kubernetes/cluster-options.ts';

export interface FakeApiServer extends AsyncDisposable {
  port: number;
  kubeconfig: string;
  folder: string;
  open(options?: Partial<ClusterOptions>): ReturnType<typeof openCluster>;
  /** TCP connections so far. */
  connections(): number;
  cutConnections(): void;
}

export interface Handlers {
  request?(request: IncomingMessage, response: ServerResponse): void;
  /** Refuses port-forwards with this message of a 403. */
  refuseForward?: string;
  /** Refuses a port-forward in another way. */
  refuse?(): { statusCode: number; headers: Record<string, string> } | undefined;
  /** What `refuse` says: by default a document, as an API server, and otherwise a text, as a proxy. */
  refusalText?: string;
  /** Answers no port-forward, as for a node that does not answer. */
  isSilent?: boolean;
  /** TLS groups, as OpenSSL names them; its own choice by default. */
  groups?: string;
  /** An exec: the words of its command, and which container runs them. None is refused for `refuseForward`. */
  exec?(socket: WebSocket, command: string[], container: string | null): void;
  /** A port-forward, both channels' port messages already sent. */
  forward?(socket: WebSocket, raw: Socket, port: number): void;
}

/** `user` is the kubeconfig user's YAML body. */
export async function startApiServer(
  handlers: Handlers,
  user = 'token: secret',
  address = '127.0.0.1',
): Promise<FakeApiServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-api-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...[
        '-keyout',
        key,
        '-out',
        cert,
        '-subj',
        '/CN=api.test',
        '-addext',
        'subjectAltName=DNS:api.test,IP:10.9.8.7,IP:fd00::7',
      ],
    ],
    { stdio: 'ignore' },
  );
  const tls = { key: readFileSync(key), cert: readFileSync(cert), ecdhCurve: handlers.groups ?? 'auto' };
  const server: Server = createServer(tls, (request, response) => {
    if (handlers.request === undefined) response.writeHead(404).end();
    else handlers.request(request, response);
  });
  const raw = new Set<Socket>();
  let connections = 0;
  server.on('secureConnection', (socket: Socket) => {
    connections += 1;
    raw.add(socket.on('close', () => raw.delete(socket)).on('error', () => undefined));
  });
  const { refuseForward } = handlers;
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered) => [...offered][0] ?? false,
    verifyClient: ({ req }, decide) => {
      if (handlers.exec !== undefined && isExec(req)) return decide(true);
      if (handlers.isSilent === true) return;
      const refused = handlers.refuse?.();
      if (refused !== undefined) decide(false, refused.statusCode, handlers.refusalText ?? '{}', refused.headers);
      else if (refuseForward === undefined) decide(true);
      else decide(false, 403, JSON.stringify({ message: refuseForward }));
    },
  });
  sockets.on('connection', (socket, request) => {
    const target = new URL(request.url ?? '', 'https://x');
    const { searchParams: query } = target;
    if (isExec(request)) return handlers.exec?.(socket, query.getAll('command'), query.get('container'));
    const port = Number(target.searchParams.get('ports'));
    const greeting = Buffer.alloc(3);
    greeting.writeUInt16LE(port, 1);
    for (const channel of [0, 1]) {
      greeting[0] = channel;
      socket.send(Buffer.from(greeting));
    }
    handlers.forward?.(socket, request.socket, port);
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = path.join(folder, 'config');
  writeFileSync(
    kubeconfig,
    `current-context: t
clusters: [{name: t, cluster: {server: "https://${address.includes(':') ? `[${address}]` : address}:${port}", tls-server-name: api.test, certificate-authority: cert.pem}}]
users: [{name: t, user: {${user}}}]
contexts: [{name: t, context: {cluster: t, user: t, namespace: team}}]
`,
  );
  const cutConnections = () => {
    for (const socket of raw) socket.destroy();
  };
  return {
    port,
    kubeconfig,
    folder,
    open: (options = {}) => openCluster({ kubeconfig, environment: { PATH: process.env['PATH'] }, ...options }),
    connections: () => connections,
    cutConnections,
    async [Symbol.asyncDispose]() {
      cutConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
}

function isExec({ url = '' }: IncomingMessage): boolean {
  return url.split('?')[0]?.endsWith('/exec') === true;
}

export function answer(response: ServerResponse, document: object, statusCode = 200, headers = {}): void {
  response.writeHead(statusCode, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(document));
}
