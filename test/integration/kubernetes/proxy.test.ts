import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { answer, type FakeApiServer, startApiServer } from './api-server.ts';

const SIGNAL = new AbortController().signal;

/** An HTTP proxy that tunnels what CONNECT asks for, or answers with what it refuses. */
async function startProxy(refusal?: string) {
  const asked: string[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (refusal !== undefined) {
      socket.end(refusal);
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    joinTo(hostname.replace(/^\[|\]$/g, ''), Number(port), socket, 'HTTP/1.1 200 OK\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://user:p%40ss@127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** A SOCKS 5 proxy (RFC 1928) without a password. It resolves names itself: `api.test` is this machine. */
async function startSocksProxy() {
  const asked: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]));
      socket.once('data', (request: Buffer) => {
        const isName = request[3] === 3;
        const end = isName ? 5 + (request[4] ?? 0) : 8;
        const host = isName ? request.subarray(5, end).toString() : request.subarray(4, end).join('.');
        const port = request.readUInt16BE(end);
        asked.push(`${host}:${port}`);
        joinTo('127.0.0.1', port, socket, Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `socks5://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function joinTo(host: string, port: number, socket: Duplex, greeting: string | Buffer): void {
  const target = connect(port, host, () => {
    socket.write(greeting);
    target.pipe(socket).pipe(target);
  });
  for (const end of [target, socket])
    end.on('error', () => undefined).on('close', () => [target, socket].map((each) => each.destroy()));
}

/** Whatever a kubeconfig says of a cluster's address, and that everything goes through this proxy. */
function useProxy({ kubeconfig }: FakeApiServer, url: string, host = '127.0.0.1') {
  const text = readFileSync(kubeconfig, 'utf8')
    .replace('https://127.0.0.1', `https://${host}`)
    .replace('tls-server-name', `proxy-url: "${url}", tls-server-name`);
  writeFileSync(kubeconfig, text);
}

const startApi = (address?: string) =>
  startApiServer(
    {
      request: (_request, response) => answer(response, { gitVersion: 'v1.37.2' }),
      forward: (socket) => socket.send(Buffer.from('\u0000hello'), () => socket.close()),
    },
    'token: secret',
    address,
  );

test('requests and pod streams go through the proxy that the kubeconfig names, TLS still checked end to end', async () => {
  await using proxy = await startProxy();
  await using server = await startApi();
  useProxy(server, proxy.url);
  const cluster = server.open();
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  let said = '';
  for await (const part of await cluster.openPodStream('p', 2222, SIGNAL)) said += part;
  expect(said).toBe('hello');
  // One tunnel for all three: the stream takes over the connection that the requests left idle.
  const login = `Basic ${Buffer.from('user:p@ss').toString('base64')}`;
  expect(proxy.asked).toEqual([`127.0.0.1:${server.port} ${login}`]);
});

test('a SOCKS proxy looks the name up that it may know alone', async () => {
  await using proxy = await startSocksProxy();
  await using server = await startApi();
  useProxy(server, proxy.url, 'api.test');
  const cluster = server.open();
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  let said = '';
  for await (const part of await cluster.openPodStream('p', 2222, SIGNAL)) said += part;
  expect(said).toBe('hello');
  expect(proxy.asked).toEqual([`api.test:${server.port}`]);
});

test('what a proxy refuses, or pretends, is no answer of the API server', async () => {
  const body = JSON.stringify({ gitVersion: 'v0.0.0' });
  for (const status of ['407 Proxy Authentication Required', '201 Created', '302 Found', '404 Not Found']) {
    const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    await using proxy = await startProxy(head + body);
    await using server = await startApi();
    useProxy(server, proxy.url);
    await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    await expect(server.open().openPodStream('p', 2222, SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  }
});

test.each([
  ['407 Proxy Authentication Required', 'it wants a username and a password in its address, or others (status 407)'],
  ['403 Forbidden', 'it does not allow it (status 403)'],
  ['502 Bad Gateway', 'it does not reach it (status 502)'],
  ['418 Teapot', 'it answers with status 418'],
])('a proxy that answers %s is named, not the API server', async (status, reason) => {
  await using proxy = await startProxy(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
  await using server = await startApi();
  useProxy(server, proxy.url);
  const { host } = new URL(proxy.url);
  await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    message: `The proxy ${host} (the kubeconfig's proxy-url) opens no connection to the API server 127.0.0.1:${server.port}`,
    reason,
  });
});

test.each([
  ['http://127.0.0.1:1', 'nothing listens there (ECONNREFUSED)'],
  ['socks5://127.0.0.1:1', 'nothing listens there (ECONNREFUSED)'],
  ['http://proxy.invalid:8080', expect.stringMatching(/^its name .* \((ENOTFOUND|EAI_AGAIN)\)$/)],
  ['socks5://proxy.invalid:1080', expect.stringMatching(/^its name .* \((ENOTFOUND|EAI_AGAIN)\)$/)],
])('a proxy %s that is not there is named, for requests and streams', async (url, reason) => {
  await using server = await startApi();
  useProxy(server, url);
  const { host } = new URL(url);
  const message = `The proxy ${host} (the kubeconfig's proxy-url) cannot be reached`;
  const expected = { code: 'CLUSTER_UNREACHABLE', message, reason };
  await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject(expected);
  await expect(server.open().openPodStream('p', 2222, SIGNAL)).rejects.toMatchObject(expected);
});

test('a certificate that the cluster does not have is refused through each kind of proxy', async () => {
  await using http = await startProxy();
  await using socks = await startSocksProxy();
  for (const { url } of [http, socks]) {
    await using server = await startApi();
    useProxy(server, url);
    writeFileSync(server.kubeconfig, readFileSync(server.kubeconfig, 'utf8').replace('api.test', 'other.test'));
    await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  }
});

test('an API server whose address is one of IPv6 is asked for in brackets', async () => {
  await using proxy = await startProxy();
  await using server = await startApi('::1');
  useProxy(server, proxy.url);
  expect(await server.open().getVersion(SIGNAL)).toBe('v1.37.2');
  expect(proxy.asked).toEqual([expect.stringContaining(`[::1]:${server.port}`)]);
});
