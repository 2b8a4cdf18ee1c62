import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { answer, type FakeApiServer, startApiServer } from './api-server.ts';

const SIGNAL = new AbortController().signal;
const VERSION = { gitVersion: 'v1.37.2' };
const EXEC = 'exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./plugin}';
const CREDENTIAL =
  '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"secret"}}';

/** A plugin that counts how often it was started, and ended. */
function writePlugin({ folder }: FakeApiServer, script: string): () => string {
  const log = path.join(folder, 'log');
  writeFileSync(log, '');
  writeFileSync(
    path.join(folder, 'plugin'),
    `#!/bin/sh\nprintf s >> ${log}\ntrap 'printf k >> ${log}; exit 1' TERM\n${script}\nprintf e >> ${log}\n`,
  );
  chmodSync(path.join(folder, 'plugin'), 0o755);
  return () => readFileSync(log, 'utf8');
}

const edit = ({ kubeconfig }: FakeApiServer, from: string, to: string) =>
  writeFileSync(kubeconfig, readFileSync(kubeconfig, 'utf8').replace(from, to));

test('a plugin that takes longer than the one who needed it first runs once, and no limit of a stream counts its time', async () => {
  await using server = await startApiServer(
    {
      request: (_request, response) => answer(response, VERSION),
      forward: (socket) => socket.send(Buffer.from('\0hi')),
    },
    EXEC,
  );
  const log = writePlugin(server, `sleep 1.5; echo '${CREDENTIAL}'`);
  const cluster = server.open();
  await expect(cluster.getVersion(AbortSignal.timeout(200))).rejects.toMatchObject({ code: 'INTERRUPTED' });
  const stream = await cluster.openPodStream('p', 2222, SIGNAL, { openLimitMs: 1000 });
  stream.destroy();
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  expect(log()).toBe('se');
});

test('a plugin that nobody waits for any more is ended', async () => {
  await using server = await startApiServer({}, EXEC);
  const log = writePlugin(server, 'sleep 20 & wait');
  await expect(server.open().getVersion(AbortSignal.timeout(200))).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await expect.poll(log).toBe('sk');
});

test('a plugin that fails is not started by each request; a kubeconfig that was written since is read again', async () => {
  await using server = await startApiServer({ request: (_request, response) => answer(response, VERSION) }, EXEC);
  const log = writePlugin(server, 'echo "log in again" >&2; exit 1');
  const cluster = server.open();
  for (let tries = 0; tries < 5; tries += 1)
    await expect(cluster.getVersion(SIGNAL)).rejects.toMatchObject({
      code: 'CREDENTIALS_REJECTED',
      reason: 'log in again',
    });
  expect(log()).toBe('s');
  edit(server, EXEC, 'token: renewed');
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
});

test('a token that was renewed in the kubeconfig is seen, and context and namespace stay what they were', async () => {
  const tokens: (string | undefined)[] = [];
  await using server = await startApiServer(
    {
      request: (request, response) => {
        tokens.push(request.headers.authorization);
        if (request.headers.authorization === 'Bearer new') answer(response, VERSION);
        else answer(response, { message: 'Unauthorized' }, 401);
      },
    },
    'token: old',
  );
  const cluster = server.open();
  await expect(cluster.getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
  edit(server, 'token: old', 'token: new');
  edit(server, 'current-context: t', 'current-context: other');
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  expect([cluster.context, cluster.namespace]).toEqual(['t', 'team']);
  expect(tokens.at(-1)).toBe('Bearer new');
  // Half a file, while somebody writes it: an error, and no change.
  rmSync(server.kubeconfig);
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
});

test('who asks in passing starts no plugin', async () => {
  await using server = await startApiServer({ request: (_request, response) => answer(response, VERSION) }, EXEC);
  const log = writePlugin(server, `echo '${CREDENTIAL}'`);
  const cluster = server.open({ mayRunPlugin: false });
  await expect(cluster.getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CREDENTIALS_REJECTED' });
  expect(log()).toBe('');
});

test('NODE_TLS_REJECT_UNAUTHORIZED does not turn the check of certificates off', async () => {
  await using server = await startApiServer({ request: (_request, response) => answer(response, VERSION) });
  edit(server, ', certificate-authority: cert.pem', '');
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  try {
    await expect(server.open().getVersion(SIGNAL)).rejects.toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
  } finally {
    if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
  }
});

test('the checks are off only where the kubeconfig says so, and that is told', async () => {
  await using server = await startApiServer({ request: (_request, response) => answer(response, VERSION) });
  expect(server.open().trust).toMatchObject({ kind: 'authority', serverName: 'api.test' });
  edit(server, 'certificate-authority: cert.pem', 'insecure-skip-tls-verify: true');
  const cluster = server.open();
  expect(await cluster.getVersion(SIGNAL)).toBe('v1.37.2');
  expect(cluster.trust).toEqual({ kind: 'none', reason: 'skipped' });
});

test.each([
  [['kube-system', 'team'], 'uid-of-kube-system'],
  [['team'], 'uid-of-team'],
  [[], expect.stringMatching(/^at-[0-9a-f]{32}$/)],
])(
  'of a cluster where namespaces %j may be read, the name is by them, and its other names are told',
  async (readable, best) => {
    await using server = await startApiServer({
      request: (request, response) => {
        const name = request.url?.split('/').at(-1) ?? '';
        if ((readable as string[]).includes(name)) answer(response, { metadata: { uid: `uid-of-${name}` } });
        else answer(response, { message: 'no' }, 403);
      },
    });
    const cluster = server.open();
    expect(await cluster.getClusterId(SIGNAL)).toEqual(best);
    const former = await cluster.listFormerClusterIds(SIGNAL);
    expect(former.at(-1)).toEqual({ id: `127.0.0.1:${server.port}`, isUnique: false });
    const all = [await cluster.getClusterId(SIGNAL), ...former.map(({ id }) => id)];
    expect(new Set(all).size).toBe(all.length);
    expect(all.some((id) => id.startsWith('at-'))).toBe(true);
  },
);
