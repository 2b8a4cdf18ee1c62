import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { answer, startApiServer } from './api-server.ts';

const SIGNAL = new AbortController().signal;
const VERSION = { gitVersion: 'v1.37.2' };

test('TLS is checked against tls-server-name and the given authority, and the token is sent', async () => {
  let authorization: string | undefined;
  await using server = await startApiServer({
    request: (request, response) => {
      authorization = request.headers.authorization;
      answer(response, VERSION);
    },
  });
  expect(await server.open().getVersion(SIGNAL)).toBe('v1.37.2');
  expect(authorization).toBe('Bearer secret');
});

test.each([
  ['X25519MLKEM768', true],
  ['X25519', false],
])('an answer by TLS with %s came by a post-quantum key exchange: %s', async (groups, expected) => {
  await using server = await startApiServer({ groups, request: (_request, response) => answer(response, VERSION) });
  const cluster = server.open();
  expect(cluster.isTlsPostQuantum).toBe(false);
  // The second one over the connection that is open, the third one over one that takes up the session.
  for (let count = 0; count < 3; count += 1) {
    if (count === 2) server.cutConnections();
    await cluster.getVersion(SIGNAL);
    expect(cluster.isTlsPostQuantum).toBe(expected);
  }
});

test('a certificate for another name is refused', async () => {
  await using server = await startApiServer({ request: (_request, response) => answer(response, VERSION) });
  const text = readFileSync(server.kubeconfig, 'utf8').replace('tls-server-name: api.test, ', '');
  writeFileSync(server.kubeconfig, text);
  await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    reason: expect.stringMatching(/for other names than \S+: .*DNS:api\.test/),
  });
});

test.each(['10.9.8.7', 'fd00::7', '[fd00::7]'])(
  'an address %s may be the name for TLS, as for kubectl',
  async (name) => {
    await using server = await startApiServer({
      request: (_request, response) => answer(response, VERSION),
      forward: (socket) => socket.close(),
    });
    const text = readFileSync(server.kubeconfig, 'utf8');
    const use = (address: string) =>
      writeFileSync(server.kubeconfig, text.replace('tls-server-name: api.test', `tls-server-name: "${address}"`));
    use(name);
    const cluster = server.open();
    expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
    (await cluster.openPodStream('p', 2222, SIGNAL)).on('error', () => undefined).destroy();
    use('10.9.8.8');
    await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
    await expect(server.open().openPodStream('p', 2222, SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  },
);

test('a 401 runs the credential plugin once more, and the requests succeed', async () => {
  const tokens: (string | undefined)[] = [];
  await using server = await startApiServer(
    {
      request: (request, response) => {
        tokens.push(request.headers.authorization);
        if (request.headers.authorization === 'Bearer run-2') answer(response, VERSION);
        else answer(response, { message: 'Unauthorized' }, 401);
      },
    },
    'exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin}',
  );
  const plugin = path.join(server.folder, 'plugin');
  writeFileSync(
    plugin,
    `#!/bin/sh\necho x >> ${server.folder}/runs\necho "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"run-$(grep -c x ${server.folder}/runs)\\"}}"\n`,
  );
  chmodSync(plugin, 0o755);
  const cluster = server.open();
  // Refused together, they ask the plugin together: once.
  const versions = await Promise.all([1, 2, 3].map(() => cluster.getVersion(SIGNAL)));
  expect(versions).toEqual(['v1.37.2', 'v1.37.2', 'v1.37.2']);
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  expect(tokens.toSorted()).toEqual([...Array(3).fill('Bearer run-1'), ...Array(4).fill('Bearer run-2')]);
});

test('credentials that are refused twice end the request', async () => {
  await using server = await startApiServer({
    request: (_request, response) => answer(response, { message: 'Unauthorized' }, 401),
  });
  await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({
    code: 'CREDENTIALS_REJECTED',
    reason: 'Unauthorized',
  });
});

test('requests in sequence share a connection; one that the server had closed is tried again', async () => {
  await using server = await startApiServer({ request: (_request, response) => answer(response, VERSION) });
  const cluster = server.open();
  for (let count = 0; count < 5; count += 1) await cluster.getVersion(SIGNAL);
  expect(server.connections()).toBe(1);
  server.cutConnections();
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
});

test('a busy server is asked again after the time it names', async () => {
  let asked = 0;
  await using server = await startApiServer({
    request: (_request, response) => {
      asked += 1;
      if (asked === 1) answer(response, { message: 'too many requests' }, 429, { 'Retry-After': '0' });
      else answer(response, VERSION);
    },
  });
  expect(await server.open().getVersion(SIGNAL)).toBe('v1.37.2');
  expect(asked).toBe(2);
});

test('a pod stream that a busy server puts off is opened after the time it names', async () => {
  let asked = 0;
  await using server = await startApiServer({
    refuse: () => {
      asked += 1;
      return asked < 3 ? { statusCode: 429, headers: { 'Retry-After': '0' } } : undefined;
    },
    forward: (socket) => socket.send(Buffer.from('\u0000hello'), () => socket.close()),
  });
  let said = '';
  for await (const part of await server.open().openPodStream('p', 2222, SIGNAL)) said += part;
  expect([said, asked]).toEqual(['hello', 3]);
});

test('a refusal that never ends ends all the same', async () => {
  await using server = await startApiServer({
    request: (_request, response) => {
      response.writeHead(503);
      const write = () => {
        while (!response.destroyed && response.write('x'.repeat(16_384)));
      };
      response.on('drain', write);
      write();
    },
  });
  await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
});

test('a server with an IPv6 address is reached, by requests and by pod streams', async () => {
  await using server = await startApiServer(
    {
      request: (_request, response) => answer(response, VERSION),
      forward: (socket) => socket.send(Buffer.from('\u0000hello'), () => socket.close()),
    },
    'token: secret',
    '::1',
  );
  const cluster = server.open();
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  let said = '';
  for await (const part of await cluster.openPodStream('p', 2222, SIGNAL)) said += part;
  expect(said).toBe('hello');
  expect((await cluster.listFormerClusterIds(SIGNAL).catch(() => [])).every(({ id }) => !/\s/.test(id))).toBe(true);
});

test('nobody listening names the host and why', async () => {
  await using server = await startApiServer({});
  const text = readFileSync(server.kubeconfig, 'utf8').replace(`127.0.0.1:${server.port}`, '127.0.0.1:1');
  writeFileSync(server.kubeconfig, text);
  await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    message: 'The API server 127.0.0.1:1 cannot be reached',
    reason: 'nothing listens there (ECONNREFUSED)',
  });
});

test('an interrupt ends a request that is waiting', async () => {
  await using server = await startApiServer({ request: () => undefined });
  await expect(server.open().getVersion(AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('a Secret is changed only if it is still as it was read', async () => {
  const patches: object[] = [];
  await using server = await startApiServer({
    request: async (request, response) => {
      if (request.method === 'PATCH') {
        let text = '';
        for await (const part of request) text += part;
        patches.push(JSON.parse(text));
        answer(response, {});
      } else
        answer(response, { metadata: { resourceVersion: '7' }, data: { k: Buffer.from('old').toString('base64') } });
    },
  });
  const cluster = server.open();
  const change = (expected: string) =>
    cluster.updateSecret('s', new Map([['k', Buffer.from(expected)]]), { k: Buffer.from('new') }, SIGNAL);
  await expect(change('other')).rejects.toMatchObject({ code: 'WORKSPACE_BUSY' });
  expect(patches).toEqual([]);
  await change('old');
  expect(patches).toEqual([{ metadata: { resourceVersion: '7' }, data: { k: Buffer.from('new').toString('base64') } }]);
});

test('an API server that restarts when a command begins is waited for, also by a pod stream', async () => {
  let isThere = false;
  await using server = await startApiServer({
    // A gateway answers before its server does.
    request: (_request, response) => answer(response, isThere ? VERSION : {}, isThere ? 200 : 502),
    forward: (socket) => socket.close(),
    refuse: () => (isThere ? undefined : { statusCode: 503, headers: {} }),
  });
  const notes: string[] = [];
  const memory = { answeredLately: () => true, noteAnswer: ({ host }: URL) => void notes.push(host) };
  const answers = [
    server.open({ memory }).getVersion(SIGNAL),
    server.open({ memory }).openPodStream('p', 2222, SIGNAL),
  ] as const;
  await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  isThere = true;
  const [version, stream] = await Promise.all(answers);
  stream.on('error', () => undefined).destroy();
  expect(version).toBe('v1.37.2');
  expect(notes).toHaveLength(2);
});

test('behind a proxy that is not there nobody waits: it is not the API server that restarts', async () => {
  await using server = await startApiServer({ request: (_request, response) => answer(response, VERSION) });
  const text = readFileSync(server.kubeconfig, 'utf8');
  writeFileSync(
    server.kubeconfig,
    text.replace('tls-server-name:', 'proxy-url: "http://127.0.0.1:1", tls-server-name:'),
  );
  const said: string[] = [];
  const memory = { answeredLately: () => true, noteAnswer: () => undefined };
  const begunMs = performance.now();
  const cluster = server.open({ memory, onMessage: (line) => said.push(line) });
  await expect(cluster.getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  expect(said).toEqual([]);
  expect(performance.now() - begunMs).toBeLessThan(10_000);
});

test('a server that takes the connection and says nothing is named while it is waited for, once', async () => {
  const held: (() => void)[] = [];
  await using server = await startApiServer({
    request: (_request, response) => void held.push(() => answer(response, VERSION)),
  });
  const said: string[] = [];
  const cluster = server.open({ onMessage: (line) => said.push(line) });
  const answers = [cluster.getVersion(SIGNAL), cluster.getVersion(SIGNAL)];
  await vi.waitFor(() => expect(said).toHaveLength(1), 60_000);
  expect(said[0]).toMatch(/^The API server \S+ has not answered for 4 s: still waiting$/);
  for (const go of held.splice(0)) go();
  expect(await Promise.all(answers)).toEqual(['v1.37.2', 'v1.37.2']);
  expect(said).toHaveLength(1);
});
