/** A proxy in front of the cluster's API server, which may answer in its place. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as openRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { parse, stringify } from 'yaml';

export interface ApiProxy extends AsyncDisposable {
  /** Leads through the proxy, with the same rights. */
  kubeconfig: string;
}

interface Behaviour {
  /** Answers itself, and returns true; or lets the API server do it. */
  answer?(request: IncomingMessage, response: ServerResponse): boolean;
  /** What becomes of a request for a WebSocket or SPDY. What returns false is passed on, as without this. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): unknown;
  /** How much longer than the API server it takes. */
  delayMs?: number;
}

export async function startApiProxy(
  kubeconfig: string,
  { answer, upgrade, delayMs = 0 }: Behaviour,
): Promise<ApiProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-proxy-'));
  const upstream = readUpstream(kubeconfig);
  const server = createServer(makeCertificate(folder), (request, response) => {
    if (answer?.(request, response) === true) return;
    if (delayMs === 0) pass(request, response, upstream);
    else setTimeout(() => pass(request, response, upstream), delayMs);
  });
  const open = new Set<Duplex>();
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => undefined));
    if (upgrade === undefined || upgrade(request, socket, head) === false)
      setTimeout(() => passUpgrade(request, socket, upstream), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const file = path.join(folder, 'kubeconfig');
  writeFileSync(file, toKubeconfig(`https://127.0.0.1:${port}`, readFileSync(path.join(folder, 'cert.pem'))));
  return {
    kubeconfig: file,
    async [Symbol.asyncDispose]() {
      upstream.agent.destroy();
      server.closeAllConnections();
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type Upstream = ReturnType<typeof readUpstream>;

function openOnward(request: IncomingMessage, { server, agent }: Upstream) {
  const { host: _host, authorization: _authorization, ...headers } = request.headers;
  return openRequest(new URL(request.url ?? '/', server), { method: request.method, headers, agent });
}

function pass(request: IncomingMessage, response: ServerResponse, upstream: Upstream) {
  const onward = openOnward(request, upstream).on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

/** A WebSocket: bytes go both ways once the API server has agreed. */
function passUpgrade(request: IncomingMessage, socket: Duplex, upstream: Upstream) {
  const onward = openOnward(request, upstream);
  const say = ({ statusCode, statusMessage, rawHeaders }: IncomingMessage) => {
    const headers = rawHeaders.flatMap((name, at) => (at % 2 === 0 ? [`${name}: ${rawHeaders[at + 1]}`] : []));
    socket.write(`HTTP/1.1 ${statusCode} ${statusMessage}\r\n${headers.join('\r\n')}\r\n\r\n`);
  };
  onward.on('upgrade', (answer: IncomingMessage, far: Duplex, first: Buffer) => {
    say(answer);
    socket.write(first);
    far.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('close', () => far.destroy());
    far.pipe(socket).pipe(far);
  });
  onward.on('response', (answer) => {
    say(answer);
    answer.pipe(socket);
  });
  onward.on('error', () => socket.destroy()).end();
}

function readUpstream(kubeconfig: string) {
  const { clusters, users } = parse(readFileSync(kubeconfig, 'utf8')) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const read = (holder: Record<string, string> | undefined, name: string) => {
    const data = holder?.[`${name}-data`];
    return data === undefined
      ? readFileSync(path.resolve(path.dirname(kubeconfig), holder?.[name] ?? ''))
      : Buffer.from(data, 'base64');
  };
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  const agent = new Agent({
    keepAlive: true,
    ca: read(cluster, 'certificate-authority'),
    cert: read(user, 'client-certificate'),
    key: read(user, 'client-key'),
  });
  return { server: cluster?.['server'] ?? '', agent };
}

function makeCertificate(folder: string) {
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-keyout', key, '-out', cert, '-subj', '/CN=proxy.test', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ],
    { stdio: 'ignore' },
  );
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

function toKubeconfig(server: string, certificate: Buffer): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'proxy',
    contexts: [{ name: 'proxy', context: { cluster: 'proxy', user: 'proxy' } }],
    clusters: [{ name: 'proxy', cluster: { server, 'certificate-authority-data': certificate.toString('base64') } }],
    users: [{ name: 'proxy', user: { token: 'the proxy has its own' } }],
  });
}
