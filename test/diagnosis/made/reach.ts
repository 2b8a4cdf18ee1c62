/** The API server is not reached, or does not take the credentials. */
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import path from 'node:path';
import { getKubeconfig } from '../../e2e/cluster-under-test.ts';
import { freePort } from '../../e2e/operator/release.ts';
import { startApiProxy } from '../../e2e/support/api-proxy.ts';
import { type Days, makeCertificate } from '../stage/certificates.ts';
import { readText, writeKubeconfig } from '../stage/kubeconfigs.ts';
import { pick, type Scenario } from '../stage/scenario.ts';
import { type DiagnosisStage, WORKSPACE } from '../stage/stage.ts';

const LOOK = ['ls'];

async function listen(stage: DiagnosisStage, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stage.defer(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A server of its own that answers nothing useful: who connects never comes so far. */
async function serve(
  stage: DiagnosisStage,
  names: string[],
  days: Days,
  subject?: string,
  answer: RequestListener = (_request, response) => response.end(),
): Promise<{ port: number; cert: string }> {
  const { key, cert } = await makeCertificate(path.join(stage.person.home, 'server'), names, days, subject);
  const server = createHttpsServer({ key: readText(key), cert: readText(cert) }, answer);
  return { port: await listen(stage, server), cert };
}

function toData(file: string): string {
  return Buffer.from(readText(file)).toString('base64');
}

/** A credential plugin: a shell script. */
function plugin(stage: DiagnosisStage, script: string, more: Record<string, unknown> = {}) {
  const command = stage.file('login-plugin', `#!/bin/sh\n${script}\n`, 0o755);
  const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'IfAvailable', ...more };
  return writeKubeconfig(stage, { user: { exec } });
}

export const REACH: Scenario[] = [
  {
    code: 'API_TIMEOUT',
    how: 'no network leads to its address',
    async make(stage, n) {
      // An address that documents may use, and nobody else (RFC 3849).
      const server = `https://[2001:db8::${n}]:6443`;
      const environment = await writeKubeconfig(stage, { cluster: { server } });
      return { words: LOOK, environment, evidence: [`[2001:db8::${n}]:6443`] };
    },
  },
  {
    code: 'API_TIMEOUT',
    how: 'who connects hears nothing',
    async make(stage) {
      const server = `https://127.0.0.1:${await listen(stage, createServer())}`;
      const environment = await writeKubeconfig(stage, { cluster: { server } });
      return { words: LOOK, environment, evidence: [server.slice('https://'.length), 'does not answer'] };
    },
  },
  {
    code: 'API_REFUSED',
    how: 'nothing listens on the port',
    async make(stage) {
      const server = `https://127.0.0.1:${await freePort()}`;
      const environment = await writeKubeconfig(stage, { cluster: { server } });
      return { words: LOOK, environment, evidence: [server.slice('https://'.length)] };
    },
  },
  {
    code: 'API_NAME_UNKNOWN',
    how: 'its name has no address',
    async make(stage, n) {
      const host = `${pick(['api', 'k8s', 'cluster'], n)}-${n}.invalid`;
      const environment = await writeKubeconfig(stage, { cluster: { server: `https://${host}:6443` } });
      return { words: LOOK, environment, evidence: [host] };
    },
  },
  {
    code: 'API_PROXY_REFUSED',
    how: 'the proxy lets nobody through',
    async make(stage, n) {
      const status = pick([403, 407, 502], n);
      const proxy = createHttpServer().on('connect', (_request, socket) => {
        socket.on('error', () => undefined).end(`HTTP/1.1 ${status} No\r\n\r\n`);
      });
      const url = `http://127.0.0.1:${await listen(stage, proxy)}`;
      const environment = await writeKubeconfig(stage, { cluster: { 'proxy-url': url } });
      return { words: LOOK, environment, evidence: [url.slice('http://'.length), String(status)] };
    },
  },
  {
    code: 'API_PROXY_REFUSED',
    how: 'what stands before the API server refuses by itself',
    async make(stage, n) {
      const text = pick(['RBAC: access denied', '<html><h1>403 Forbidden</h1></html>', ''], n);
      const { port, cert } = await serve(stage, ['IP:127.0.0.1'], {}, undefined, (_request, response) =>
        response.writeHead(403).end(text),
      );
      const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': toData(cert) };
      const environment = await writeKubeconfig(stage, { cluster });
      return { words: LOOK, environment, evidence: ['HTTP status 403', ...(n % 3 === 1 ? [text] : [])] };
    },
  },
  {
    code: 'API_CERTIFICATE_UNTRUSTED',
    how: 'another authority signed it',
    async make(stage, n) {
      const { port } = await serve(stage, ['IP:127.0.0.1'], {}, `/CN=corp-proxy-${n}`);
      const environment = await writeKubeconfig(stage, { cluster: { server: `https://127.0.0.1:${port}` } });
      return { words: LOOK, environment, evidence: [`127.0.0.1:${port}`] };
    },
  },
  {
    code: 'API_CERTIFICATE_NAME',
    how: 'it is for another name',
    async make(stage, n) {
      const name = `${pick(['other', 'old', 'prod'], n)}-${n}.example.com`;
      const environment = await writeKubeconfig(stage, { cluster: { 'tls-server-name': name } });
      return { words: LOOK, environment, evidence: [name, 'kubernetes'] };
    },
  },
  {
    code: 'API_CERTIFICATE_EXPIRED',
    how: 'it is over',
    async make(stage, n) {
      const { port, cert } = await serve(stage, ['IP:127.0.0.1'], { fromDays: -n - 30, toDays: -n });
      const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': toData(cert) };
      const environment = await writeKubeconfig(stage, { cluster });
      return { words: LOOK, environment, evidence: [toDay(-n)] };
    },
  },
  {
    code: 'CLOCK_WRONG',
    how: 'the certificate of the API server is for later than this machine says it is',
    async make(stage, n) {
      const { port, cert } = await serve(stage, ['IP:127.0.0.1'], { fromDays: n, toDays: n + 30 });
      const cluster = { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': toData(cert) };
      const environment = await writeKubeconfig(stage, { cluster });
      return { words: LOOK, environment, evidence: [toDay(n)] };
    },
  },
  {
    code: 'API_PROXY_AWAY',
    how: 'nothing listens at the proxy',
    async make(stage, n) {
      const proxy = `http://127.0.0.1:${await freePort()}`;
      const host = proxy.slice('http://'.length);
      if (n % 2 === 0) {
        const environment = await writeKubeconfig(stage, { cluster: { 'proxy-url': proxy } });
        return { words: LOOK, environment, evidence: [host, 'proxy-url'] };
      }
      // NO_PROXY has no say over it: an address of this machine needs no proxy.
      const server = { cluster: { server: 'https://api.example.com:6443' } };
      const environment = { ...(await writeKubeconfig(stage, server)), HTTPS_PROXY: proxy, NO_PROXY: '' };
      return { words: LOOK, environment, evidence: [host, 'HTTPS_PROXY'] };
    },
  },
  {
    code: 'API_OVERLOADED',
    how: 'it has too much to do',
    async make(stage, n) {
      const status = pick([503, 429, 504], n);
      const proxy = await startApiProxy(getKubeconfig(), {
        answer: (_request, response) => {
          response.writeHead(status).end('busy');
          return true;
        },
      });
      stage.defer(() => proxy[Symbol.asyncDispose]());
      return { words: LOOK, environment: { KUBECONFIG: proxy.kubeconfig }, evidence: [String(status)] };
    },
  },
  {
    code: 'CLIENT_CERTIFICATE_EXPIRED',
    how: 'the one of the kubeconfig is over',
    async make(stage, n) {
      const { key, cert } = await makeCertificate(
        path.join(stage.person.home, 'me'),
        [`DNS:user-${n}`],
        { fromDays: -n - 30, toDays: -n },
        `/CN=user-${n}`,
      );
      const user = { 'client-certificate-data': toData(cert), 'client-key-data': toData(key) };
      const environment = await writeKubeconfig(stage, { user });
      return { words: LOOK, environment, evidence: [toDay(-n)] };
    },
  },
  {
    code: 'TOKEN_EXPIRED',
    how: 'the one of the kubeconfig is over',
    async make(stage, n) {
      const exp = Math.floor(Date.now() / 1000) - n * 3600;
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
      const token = `${part({ alg: 'RS256' })}.${part({ sub: `user-${n}`, exp })}.c2lnbmF0dXJl`;
      const environment = await writeKubeconfig(stage, { user: { token } });
      return { words: LOOK, environment, evidence: [new Date(exp * 1000).toISOString().slice(0, 16)] };
    },
  },
  {
    code: 'PLUGIN_MISSING',
    how: 'the kubeconfig names a program that is not installed',
    async make(stage, n) {
      const command = `${pick(['gke-login', 'aws-auth', 'kubelogin'], n)}-${n}`;
      const exec = { apiVersion: 'client.authentication.k8s.io/v1', command, interactiveMode: 'IfAvailable' };
      return { words: LOOK, environment: await writeKubeconfig(stage, { user: { exec } }), evidence: [command] };
    },
  },
  {
    code: 'PLUGIN_FAILED',
    how: 'it says why, and ends',
    async make(stage, n) {
      const sentence = pick(['Your session ended, log in again', 'no such profile: work', 'MFA required'], n);
      const environment = await plugin(stage, `echo '${sentence}' >&2; exit ${n}`);
      return { words: LOOK, environment, evidence: [sentence, 'login-plugin'] };
    },
  },
  {
    code: 'PLUGIN_BAD_ANSWER',
    how: 'it prints no credential',
    async make(stage, n) {
      const environment = await plugin(stage, `echo '${pick(['welcome', '{}', '{"kind":"ExecCredential"}'], n)}'`);
      return { words: LOOK, environment, evidence: ['login-plugin'] };
    },
  },
  {
    code: 'PLUGIN_WANTS_TERMINAL',
    how: 'it has to ask, and nobody is there',
    async make(stage) {
      const environment = await plugin(stage, 'exit 0', { interactiveMode: 'Always' });
      return { words: LOOK, environment, evidence: ['login-plugin'] };
    },
  },
  {
    code: 'STREAM_PROXY',
    how: 'a proxy on the way knows no WebSocket',
    async make(stage, n) {
      await stage.ready();
      const status = pick([400, 403, 502], n);
      const proxy = await startApiProxy(getKubeconfig(), {
        upgrade: (_request, socket) => {
          socket.on('error', () => undefined).end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
        },
      });
      stage.defer(() => proxy[Symbol.asyncDispose]());
      const environment = { KUBECONFIG: proxy.kubeconfig };
      return { words: ['forward', WORKSPACE, '0:22'], environment, evidence: [String(status)] };
    },
  },
  {
    code: 'KUBECONFIG_MISSING',
    how: 'there is none',
    make(stage, n) {
      const file = path.join(stage.person.home, `no-kubeconfig-${n}`);
      return { words: LOOK, environment: { KUBECONFIG: file }, evidence: [file] };
    },
  },
  {
    code: 'KUBECONFIG_INVALID',
    how: 'the file is no kubeconfig',
    make(stage, n) {
      const file = stage.file(`kubeconfig-${n}`, pick(['a: "b\n', '[1, 2]', 'clusters: 3'], n));
      return { words: LOOK, environment: { KUBECONFIG: file }, evidence: [file] };
    },
  },
  {
    code: 'CONTEXT_UNKNOWN',
    how: 'the kubeconfig has no such context',
    make(_stage, n) {
      const name = `${pick(['prod', 'work', 'stage'], n)}-${n}`;
      return { words: ['ls', '--context', name], evidence: [name] };
    },
  },
];

function toDay(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
