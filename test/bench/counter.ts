/** A door in front of the API server that writes down what goes through it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, request as startRequest } from 'node:http';
import { type RequestOptions, request as startTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { parse } from 'yaml';
import type { Stage } from './stage.ts';

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
  users: { user: Record<string, string> }[];
}

/** Plain HTTP, so that every client can be counted with a kubeconfig of its own. */
export class Counter {
  readonly calls: string[] = [];
  readonly kubeconfig: string;
  readonly #server: Server;

  static async open(stage: Stage): Promise<Counter> {
    const config = parse(readFileSync(stage.environment['KUBECONFIG'] ?? '', 'utf8')) as Kubeconfig;
    const cluster = config.clusters[0]?.cluster ?? {};
    const user = config.users[0]?.user ?? {};
    const decode = (text: string | undefined) => Buffer.from(text ?? '', 'base64');
    const target: RequestOptions = {
      ca: decode(cluster['certificate-authority-data']),
      cert: decode(user['client-certificate-data']),
      key: decode(user['client-key-data']),
    };
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const file = path.join(stage.folder, 'counted.kubeconfig');
    const { port } = server.address() as AddressInfo;
    const door = {
      ...config,
      clusters: config.clusters.map((entry) => ({ ...entry, cluster: { server: `http://127.0.0.1:${port}` } })),
    };
    writeFileSync(file, JSON.stringify(door));
    return new Counter(server, new URL(cluster['server'] ?? ''), target, file);
  }

  constructor(server: Server, upstream: URL, target: RequestOptions, kubeconfig: string) {
    this.#server = server;
    this.kubeconfig = kubeconfig;
    const send = (request: IncomingMessage) => {
      this.calls.push(`${request.method} ${request.url}`);
      const start = upstream.protocol === 'https:' ? startTls : startRequest;
      const { method, headers } = request;
      return start(new URL(request.url ?? '/', upstream), {
        ...target,
        ...(method === undefined ? {} : { method }),
        headers,
      });
    };
    server.on('request', (request, response) => {
      const onward = send(request);
      onward.on('response', (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => response.destroy());
      response.on('close', () => onward.destroy());
      request.pipe(onward);
    });
    server.on('upgrade', (request, socket: Socket, early) => {
      const onward = send(request);
      onward.on('upgrade', (answer, far: Socket, first) => {
        const head = Object.entries(answer.headers)
          .map(([name, value]) => `${name}: ${String(value)}\r\n`)
          .join('');
        socket.write(`HTTP/1.1 101 Switching Protocols\r\n${head}\r\n`);
        // What came with the handshake already.
        socket.write(first);
        far.write(early);
        far.pipe(socket).pipe(far);
        socket.on('close', () => far.destroy());
        far.on('close', () => socket.destroy());
        far.on('error', () => socket.destroy());
        socket.on('error', () => far.destroy());
      });
      onward.on('error', () => socket.destroy());
      onward.end();
    });
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
