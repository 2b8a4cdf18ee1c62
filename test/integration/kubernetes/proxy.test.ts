import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, test } from 'vitest';
import { answer, startApiServer } from './api-server.ts';

const SIGNAL = new AbortController().signal;

/** An HTTP proxy that tunnels what CONNECT asks for. */
async function startProxy() {
  const asked: string[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const { hostname, port } = new URL(`http://${request.url}`);
    const target = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const end of [target, socket])
      end.on('error', () => undefined).on('close', () => [target, socket].map((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

test('requests and pod streams go through the proxy that the kubeconfig names, TLS still checked end to end', async () => {
  await using proxy = await startProxy();
  await using server = await startApiServer({
    request: (_request, response) => answer(response, { gitVersion: 'v1.37.2' }),
    forward: (socket) => socket.send(Buffer.from('\u0000hello'), () => socket.close()),
  });
  const text = readFileSync(server.kubeconfig, 'utf8').replace(
    'tls-server-name',
    `proxy-url: "${proxy.url}", tls-server-name`,
  );
  writeFileSync(server.kubeconfig, text);
  const cluster = server.open();
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  let said = '';
  for await (const part of await cluster.openPodStream('p', 2222, SIGNAL)) said += part;
  expect(said).toBe('hello');
  // One tunnel for all three: the stream takes over the connection that the requests left idle.
  expect(proxy.asked).toEqual([`127.0.0.1:${server.port}`]);
});
