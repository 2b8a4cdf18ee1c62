import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runExecPlugin } from '../../../../src/adapters/kubernetes/credentials/exec-plugin.ts';
import type { ExecEntry } from '../../../../src/adapters/kubernetes/kubeconfig/entries.ts';
import { type Access, loadAccess } from '../../../../src/adapters/kubernetes/kubeconfig/load-access.ts';
import { AUTHORITY } from './authority.ts';

const CA = Buffer.from(AUTHORITY).toString('base64');
const SIGNAL = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-plugin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const V1 = 'client.authentication.k8s.io/v1';

/** A script that answers with this status, and an access whose kubeconfig names it. */
const answering = (status: string) => `printf '{"kind":"ExecCredential","apiVersion":"${V1}","status":%s}' ${status}`;

/** `exec` goes before what every plugin here has. */
function plugin(script: string, exec: object = {}, cluster = ''): Access {
  writeFileSync(path.join(folder, 'plugin'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, 'plugin'), 0o755);
  const kubeconfig = path.join(folder, 'config');
  const settings = { apiVersion: V1, interactiveMode: 'Never', command: './plugin', ...exec };
  writeFileSync(
    kubeconfig,
    `current-context: c
clusters: [{name: c, cluster: {server: "https://c:6443"${cluster}}}]
users: [{name: u, user: {exec: ${JSON.stringify(settings)}}}]
contexts: [{name: c, context: {cluster: c, user: u}}]
`,
  );
  return loadAccess({ kubeconfig, environment: {} });
}

function run(access: Access, messages: string[] = [], hasTerminal = false, signal = SIGNAL) {
  const world = {
    environment: { PATH: process.env['PATH'] },
    hasTerminal: () => hasTerminal,
    onMessage: (line: string) => void messages.push(line),
    onProcessEnd: () => () => undefined,
  };
  return runExecPlugin(access, access.user.exec as ExecEntry, world, signal);
}

/** What the plugin found in KUBERNETES_EXEC_INFO. */
async function readInfo(access: Access, hasTerminal = false) {
  const { token } = await run(access, [], hasTerminal);
  return JSON.parse(Buffer.from(token ?? '', 'base64').toString());
}

const INFO = answering(`"{\\"token\\":\\"$(printf %s "$KUBERNETES_EXEC_INFO" | base64 -w0)\\"}"`);

test('a command relative to its kubeconfig gives a token with its end', async () => {
  const access = plugin(answering(`'{"token":"t-1","expirationTimestamp":"2026-06-01T12:00:00Z"}'`));
  expect(await run(access)).toMatchObject({ token: 't-1', expiresAtMs: Date.parse('2026-06-01T12:00:00Z') });
});

test('arguments and its own environment reach it', async () => {
  const access = plugin(answering(`"{\\"token\\":\\"$1/$EXTRA\\"}"`), {
    args: ['one'],
    env: [{ name: 'EXTRA', value: 'two' }],
  });
  expect((await run(access)).token).toBe('one/two');
});

test('it is told of the cluster only when it asks for that', async () => {
  expect(await readInfo(plugin(INFO))).toEqual({
    kind: 'ExecCredential',
    apiVersion: V1,
    spec: { interactive: false },
  });
});

test.each([
  ['nothing but the server', '', { config: null }],
  ['an authority as data', `, certificate-authority-data: ${CA}`, { 'certificate-authority-data': CA, config: null }],
  ['an authority in a file', ', certificate-authority: ca.crt', { 'certificate-authority-data': CA, config: null }],
  [
    'its extension, and no other one',
    ', extensions: [{name: other, extension: {x: 1}}, {name: client.authentication.k8s.io/exec, extension: {shoot: {a: [1]}}}]',
    { config: { shoot: { a: [1] } } },
  ],
  [
    'all the rest',
    ', tls-server-name: n, insecure-skip-tls-verify: true, proxy-url: "http://p:3128", disable-compression: true',
    {
      'tls-server-name': 'n',
      'insecure-skip-tls-verify': true,
      'proxy-url': 'http://p:3128',
      'disable-compression': true,
      config: null,
    },
  ],
])('of a cluster with %s it is told what client-go tells', async (_name, cluster, expected) => {
  writeFileSync(path.join(folder, 'ca.crt'), AUTHORITY);
  const info = await readInfo(plugin(INFO, { provideClusterInfo: true }, cluster));
  expect(info.spec.cluster).toEqual({ server: 'https://c:6443', ...expected });
});

test.each([
  ['Never', true, false],
  ['Never', false, false],
  ['IfAvailable', true, true],
  ['IfAvailable', false, false],
  ['Always', true, true],
])('with interactiveMode %s and a terminal: %s, it may ask: %s', async (mode, hasTerminal, expected) => {
  const info = await readInfo(plugin(INFO, { interactiveMode: mode }), hasTerminal);
  expect(info.spec).toEqual({ interactive: expected });
});

test('one that must ask is not started without a terminal', async () => {
  const access = plugin(`touch ${folder}/started`, { interactiveMode: 'Always' });
  await expect(run(access)).rejects.toMatchObject({
    code: 'CREDENTIALS_REJECTED',
    reason: expect.stringContaining('standard input is not a free terminal'),
  });
  expect(existsSync(path.join(folder, 'started'))).toBe(false);
});

test('what it says on stderr is passed on line by line while it runs, whatever pieces it comes in', async () => {
  const messages: string[] = [];
  const script = `printf 'open https://login' >&2; sleep 0.1; printf '.example.com\\nand wait' >&2; ${answering(`'{"token":"t"}'`)}`;
  await run(plugin(script), messages);
  expect(messages).toEqual(['open https://login.example.com', 'and wait']);
});

test.each([
  ['fails', 'echo "no session" >&2; exit 3', /no session/],
  ['fails without a word', 'exit 3', /status 3/],
  ['is ended', 'kill -9 $$', /SIGKILL/],
  ['prints no JSON', 'echo hello', /ExecCredential/],
  ['prints another document', 'echo "{}"', /ExecCredential/],
  ['prints another version', answering(`'{"token":"t"}'`).replace(V1, `${V1}beta1`), /answers in .*v1beta1/],
  ['prints no status', answering('null'), /no status/],
  ['prints no credential', answering("'{}'"), /no credential/],
  ['prints half a pair', answering(`'{"clientKeyData":"k"}'`), /not both/],
  ['prints a token that is a number', answering(`'{"token":7}'`), /is not a text/],
  ['prints an end that is no time', answering(`'{"token":"t","expirationTimestamp":"soon"}'`), /no time/],
  ['prints without end', 'yes', /more than a mebibyte/],
])('a plugin that %s is named with the reason', async (_name, script, reason) => {
  await expect(run(plugin(script))).rejects.toMatchObject({
    code: 'CREDENTIALS_REJECTED',
    message: expect.stringContaining('plugin'),
    reason: expect.stringMatching(reason),
  });
});

test('a plugin that is not installed says so, with its own hint', async () => {
  const access = plugin('', { command: 'no-such-plugin-here', installHint: 'Get it from the portal' });
  await expect(run(access)).rejects.toMatchObject({
    reason: 'no-such-plugin-here is not installed. Get it from the portal',
  });
});

test('its owner can end it', async () => {
  const access = plugin('exec sleep 20');
  await expect(run(access, [], false, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
