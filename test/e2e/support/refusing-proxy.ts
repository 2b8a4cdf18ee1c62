/** A proxy in front of the cluster's API server that refuses one write, the n-th, and lets all else through. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as openRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';

export interface RefusingProxy extends AsyncDisposable {
  /** Leads through the proxy, with the same rights. */
  kubeconfig: string;
  /** From now on the n-th write is refused; 0 is none. */
  refuse(nth: number): void;
  /** Writes since `refuse`, as `POST secrets`. */
  writes: string[];
}

/** Questions that are asked by a POST. */
const QUESTION = /\/(selfsubject\w+|subjectaccessreviews|tokenreviews)$/;

export async function startRefusingProxy(kubeconfig: string): Promise<RefusingProxy> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ws-refuse-'));
  const upstream = readUpstream(kubeconfig);
  const writes: string[] = [];
  let nth = 0;
  const server = createServer(makeCertificate(folder), (request, response) => {
    const isWrite = request.method !== 'GET' && !QUESTION.test(request.url?.split('?')[0] ?? '');
    if (isWrite) writes.push(`${request.method} ${request.url?.split('?')[0]?.split('/').slice(-2).join('/')}`);
    if (isWrite && writes.length === nth) refuse(request, response);
    else pass(request, response, upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const file = path.join(folder, 'kubeconfig');
  writeFileSync(file, toKubeconfig(`https://127.0.0.1:${port}`, readFileSync(path.join(folder, 'cert.pem'))));
  return {
    kubeconfig: file,
    writes,
    refuse(number) {
      nth = number;
      writes.length = 0;
    },
    async [Symbol.asyncDispose]() {
      upstream.agent.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function pass(request: IncomingMessage, response: ServerResponse, { server, agent }: ReturnType<typeof readUpstream>) {
  const { host: _host, authorization: _authorization, ...headers } = request.headers;
  const onward = openRequest(
    new URL(request.url ?? '/', server),
    { method: request.method, headers, agent },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    code: 403,
    reason: 'Forbidden',
    message: `${request.url?.split('/').at(-1)} is forbidden: exceeded quota: refused on purpose`,
  };
  response.writeHead(403, { 'content-type': 'application/json' }).end(JSON.stringify(status));
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
