import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runExecPlugin } from '../../../src/adapters/kubernetes/exec-plugin.ts';
import type { Access } from '../../../src/adapters/kubernetes/kubeconfig.ts';

const SIGNAL = new AbortController().signal;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ws-plugin-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function plugin(script: string, settings: object = {}): Access {
  writeFileSync(path.join(folder, 'plugin'), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, 'plugin'), 0o755);
  const cluster = { name: 'c', server: 'https://c:6443', caData: 'Y2E=', skipTLSVerify: false };
  const exec = { command: './plugin', apiVersion: 'client.authentication.k8s.io/v1', ...settings };
  return { context: 'c', namespace: 'n', cluster, user: { name: 'u', folder, exec } };
}

function run(access: Access, messages: string[] = []) {
  return runExecPlugin(access, { PATH: process.env['PATH'] }, (line) => messages.push(line), SIGNAL);
}

test('a command relative to its kubeconfig gives a token with its end', async () => {
  const access = plugin(`echo '{"status":{"token":"t-1","expirationTimestamp":"2026-06-01T12:00:00Z"}}'`);
  expect(await run(access)).toMatchObject({ token: 't-1', expiresAtMs: Date.parse('2026-06-01T12:00:00Z') });
});

test('arguments, its own environment and KUBERNETES_EXEC_INFO reach it', async () => {
  const script = `printf '{"status":{"token":"%s/%s/%s"}}' "$1" "$EXTRA" "$(printf %s "$KUBERNETES_EXEC_INFO" | base64 -w0)"`;
  const settings = { args: ['one'], env: [{ name: 'EXTRA', value: 'two' }], provideClusterInfo: true };
  const [argument, extra, info] = String((await run(plugin(script, settings))).token).split('/', 3);
  expect([argument, extra]).toEqual(['one', 'two']);
  const document = JSON.parse(Buffer.from(info ?? '', 'base64').toString());
  expect(document).toMatchObject({
    kind: 'ExecCredential',
    apiVersion: 'client.authentication.k8s.io/v1',
    spec: { interactive: false, cluster: { server: 'https://c:6443', 'certificate-authority-data': 'Y2E=' } },
  });
});

test('what it says on stderr is passed on while it runs', async () => {
  const messages: string[] = [];
  await run(plugin(`echo 'open https://login.example.com' >&2; echo '{"status":{"token":"t"}}'`), messages);
  expect(messages).toEqual(['open https://login.example.com']);
});

test.each([
  ['fails', 'echo "no session" >&2; exit 3', /no session/],
  ['prints no JSON', 'echo hello', /ExecCredential/],
  ['prints no credential', 'echo "{}"', /no credential/],
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

test('an interrupt ends it', async () => {
  const ended = AbortSignal.timeout(50);
  const access = plugin('exec sleep 20');
  await expect(runExecPlugin(access, { PATH: process.env['PATH'] }, () => undefined, ended)).rejects.toMatchObject({
    code: 'INTERRUPTED',
  });
});
