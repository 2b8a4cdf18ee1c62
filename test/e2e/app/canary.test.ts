import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person } from './running/run-ws.ts';

const COMMENT = 'canary-in-the-comment';
const PASSPHRASE = 'canary-in-the-passphrase';
const TOKEN = 'canary-in-the-token';

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-canary');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

it("leaves no trace of a private key's comment and passphrase in arguments, logs, Helm's history, events or objects", async () => {
  const key = path.join(person.home, 'locked');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', PASSPHRASE, '-C', COMMENT, '-f', key]);
  const calls = path.join(person.home, 'helm-calls');
  const helm = path.join(person.home, 'helm');
  writeFileSync(helm, `#!/bin/sh\nprintf '%s\\n' "$*" >> '${calls}'\nenv >> '${calls}'\nexec helm "$@"\n`);
  chmodSync(helm, 0o755);
  person.environment['WS_HELM'] = helm;

  const terminal = person.onTerminal(['up', 'dev', '--yes', '--storage-class', 'none', '--key', key, '--debug']);
  await terminal.see(/Passphrase of/, 60_000);
  // As slowly as a person: the question must still be there, and have the keyboard.
  await new Promise((resolve) => setTimeout(resolve, 2500));
  terminal.type('not it\r');
  await terminal.see(/That was not it\. Passphrase of/);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  terminal.type(`${PASSPHRASE}\r`);
  await terminal.see(/dev ~ \$ |keyring\?/, 60_000);
  if (/keyring\?/.test(terminal.text)) {
    terminal.type('n');
    await terminal.see(/dev ~ \$ /);
  }
  terminal.type('exit\r');
  expect(await terminal.exit(), terminal.text).toBe(0);

  const objects = kubectl(['-n', place.name, 'get', 'all,secret,configmap,event', '-o', 'yaml']);
  const log = kubectl(['-n', place.name, 'logs', 'deploy/ws-dev']);
  const seen: Record<string, string> = {
    objects,
    secrets: decodeSecrets(place.name),
    log,
    helm: readFileSync(calls, 'utf8'),
    screen: terminal.text,
  };
  // The canary can be seen where it is: the check is able to fail.
  expect(readFileSync(`${key}.pub`, 'utf8')).toContain(COMMENT);
  expect(seen['helm']).toContain('upgrade');
  expect(seen['secrets']).toContain('ssh-ed25519');
  for (const [where, text] of Object.entries(seen)) {
    expect(text.includes(PASSPHRASE), `passphrase in ${where}`).toBe(false);
    if (where !== 'screen') expect(text.includes(COMMENT), `comment in ${where}`).toBe(false);
  }
});

it('shows no token of a kubeconfig or an address in it, in no form that it prints', async () => {
  const kubeconfig = path.join(person.home, 'with-token');
  const server = `https://me:${TOKEN}@127.0.0.1:9`;
  const config = {
    clusters: [{ name: 'c', cluster: { server, 'proxy-url': `http://me:${TOKEN}@127.0.0.1:9` } }],
    users: [{ name: 'u', user: { token: TOKEN } }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  writeFileSync(kubeconfig, JSON.stringify(config));
  const place = ['--kubeconfig', kubeconfig, '--context', 'x'];
  const runs = [
    await person.ws(['ls', ...place, '--debug']),
    await person.ws(['ls', ...place, '--json']),
    await person.ws(['doctor', ...place]),
    await person.ws(['ssh', 'dev', ...place, '--', 'true']),
  ];
  for (const { status, stdout, stderr } of runs) {
    expect(status, stderr).not.toBe(0);
    expect(stdout + stderr).toContain('127.0.0.1');
    expect(stdout + stderr).not.toContain(TOKEN);
  }
  expect(execFileSync('grep', ['-rlF', TOKEN, person.home], { encoding: 'utf8' }).trim()).toBe(kubeconfig);
});

/** Every Secret's data in clear, Helm's own release records unpacked. */
function decodeSecrets(namespace: string): string {
  const list = JSON.parse(kubectl(['-n', namespace, 'get', 'secret', '-o', 'json'])) as {
    items: { data?: Record<string, string> }[];
  };
  return list.items
    .flatMap((item) => Object.entries(item.data ?? {}))
    .map(([name, value]) => {
      const bytes = Buffer.from(value, 'base64');
      return name === 'release'
        ? gunzipSync(Buffer.from(bytes.toString('latin1'), 'base64')).toString('utf8')
        : bytes.toString('latin1');
    })
    .join('\n');
}
