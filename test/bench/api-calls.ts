import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, request as startRequest } from 'node:http';
import { type RequestOptions, request as startTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { parse } from 'yaml';
import type { Group } from './group.ts';
import { awaitLine, race } from './measure.ts';
import { toRow, type Unit } from './rows.ts';
import { CHART, type Stage } from './stage.ts';

const USERS = 10_000;

/** A day of one user: how often each command is run in its eight hours. A guess, to be replaced by one's own. */
const DAY: Record<string, number> = {
  '`ws up`, a workspace that is there': 3,
  '`ws ssh -- …`, no connection open': 20,
  '`ws ssh -- …`, a connection held': 400,
  '`ws forward`, start to end': 4,
  '`ws ls`': 10,
  '`ws status`': 4,
};

/** What `ws` asks the API server for, counted in front of it, and how listing grows. */
export const measureApiCalls: Group = async ({ stage }) => {
  const counter = await Counter.open(stage);
  const environment = { ...stage.environment, KUBECONFIG: counter.kubeconfig };
  const counted = Object.assign(Object.create(stage) as Stage, { environment });
  const count = async (run: () => Promise<unknown>) => {
    counter.calls.length = 0;
    await run();
    return [...counter.calls];
  };
  const ssh = (...more: string[]) => counted.run(counted.ws('ssh', ...more, 'dev', '--', 'true'));
  const found: [string, string[]][] = [];
  const add = async (name: string, run: () => Promise<unknown>) => void found.push([name, await count(run)]);
  await add('`ws up`, a new workspace', () => counted.up('counted'));
  await add('`ws up`, a workspace that is there', () => counted.run(counted.ws('up', 'counted', '--no-shell')));
  await add('`ws ssh -- …`, no connection open', () => ssh('--no-share'));
  await ssh();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await add('`ws ssh -- …`, a connection held', () => ssh());
  await add('`ws forward`, start to end', async () => {
    const child = counted.start(counted.ws('forward', '0:80', '--workspace', 'dev', '--progress', 'plain'));
    await awaitLine(child, /127\.0\.0\.1:\d+/);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    await counted.stop(child);
  });
  await add('`ws ls`', () => counted.run(counted.ws('ls')));
  await add('`ws status`', () => counted.run(counted.ws('status', 'dev')));
  await add('`ws down --delete-home`', () => counted.down('counted'));
  counter.close();
  const perDay = found.reduce((sum, [name, calls]) => sum + calls.length * (DAY[name] ?? 0), 0);
  const text = [
    '| command | requests to the API server | of these, lists of a namespace by label |',
    '| --- | --- | --- |',
    ...found.map(
      ([name, calls]) =>
        `| ${name} | ${calls.length} | ${calls.filter((call) => call.includes('labelSelector')).length} |`,
    ),
    '',
    `A forward that stands asks for nothing: the ten seconds it stood are in its count. With a day of ${Object.entries(
      DAY,
    )
      .map(([name, times]) => `${times} × ${name}`)
      .join(
        ', ',
      )}, a user costs ${(perDay / 8).toFixed(0)} requests an hour over eight hours, ${USERS.toLocaleString('en')} users ${((perDay / 8 / 3600) * USERS).toFixed(0)} a second on average. Without held connections the same day would cost ${(((perDay + (DAY['`ws ssh -- …`, a connection held'] ?? 0) * (found[2]?.[1].length ?? 0)) / 8 / 3600) * USERS).toFixed(0)}. Nothing lists a whole namespace, nothing polls, and no watch outlives the wait that opened it.`,
    '',
    await measureListing(stage),
  ].join('\n');
  return { rows: [], text };
};

/** `ws ls` with 1, 10 and 100 workspaces, against `kubectl get deployments`. Their Deployments have no replica: what is listed is the same. */
async function measureListing(stage: Stage): Promise<string> {
  const environment = { ...stage.environment, WS_NAMESPACE: 'bench-many' };
  const many = Object.assign(Object.create(stage) as Stage, { environment });
  const kubectl = (...words: string[]) => stage.kubectl('-n', 'bench-many', ...words);
  stage.kubectl('create', 'namespace', 'bench-many');
  const lines = ['| workspaces | `ws ls` | `kubectl get deployments` | ratio |', '| --- | --- | --- | --- |'];
  const unit: Unit = { suffix: ' ms', digits: 0 };
  let there = 0;
  try {
    for (const wanted of [1, 10, 100]) {
      for (; there < wanted; there += 1)
        await many.run([
          'sh',
          '-c',
          `helm template ws-many${there} ${CHART} -n bench-many --set-file 'authorizedKeys[0]=${stage.key}.pub' | sed 's/^  replicas: 1$/  replicas: 0/' | kubectl apply -n bench-many -f - >/dev/null`,
        ]);
      const listed = JSON.parse(kubectl('get', 'deploy', '-o', 'json')) as { items: unknown[] };
      if (listed.items.length !== wanted) throw new Error(`${listed.items.length} Deployments instead of ${wanted}`);
      const [own, peer] = await race(
        [
          { name: 'ws ls', run: () => many.run(many.ws('ls')) },
          { name: 'kubectl', run: () => many.run(['kubectl', 'get', 'deployments', '-n', 'bench-many']) },
        ],
        10,
      );
      const row = toRow(own, peer, undefined, { unit });
      lines.push(`| ${wanted} | ${row.own} | ${row.peer} | ${row.ratio.toFixed(2)} |`);
    }
  } finally {
    stage.kubectl('delete', 'namespace', 'bench-many', '--wait=false');
  }
  return lines.join('\n');
}

interface Kubeconfig {
  clusters: { cluster: Record<string, string> }[];
  users: { user: Record<string, string> }[];
}

/** A plain HTTP door to the API server that writes down what goes through. */
class Counter {
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
