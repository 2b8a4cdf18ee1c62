/** Logins to a workspace that was logged in to before, and to one that has changed since. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getKubeconfig, kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { eventually } from '../../operator/release.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-recall');
  person = makePerson(place.name);
  for (const name of ['dev', 'other']) await person.make(name);
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

const inPlace = (...words: string[]) => kubectl(['-n', place.name, ...words]);
const file = () => path.join(person.home, 'config/recent.json');

function findPod(name: string): string {
  return inPlace('get', 'pod', '-l', `ws.dev/workspace=${name}`, '-o', 'jsonpath={.items[0].metadata.name}');
}

function toFingerprint(key: string): string {
  return execFileSync('ssh-keygen', ['-l', '-f', `${key}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '';
}

/** Environment of somebody who may do no more than forward ports in the namespace. */
function restrict(): Record<string, string> {
  inPlace('create', 'role', 'forwarder', '--verb=get,create', '--resource=pods/portforward');
  inPlace('create', 'rolebinding', 'forwarder', '--role=forwarder', '--user=carol');
  const restricted = path.join(person.home, 'kubeconfig');
  const text = readFileSync(getKubeconfig(), 'utf8');
  writeFileSync(restricted, text.replace('user: {', 'user: {as: carol, '), { mode: 0o600 });
  const whoami = ['--kubeconfig', restricted, 'auth', 'whoami'];
  expect(execFileSync('kubectl', whoami, { encoding: 'utf8' })).toContain('carol');
  return { KUBECONFIG: restricted };
}

it('logs in with one request, for which the right to forward a port is enough', async () => {
  const environment = restrict();
  const again = await person.ws(['ssh', 'dev', '--', 'echo in'], { environment });
  expect(again).toEqual({ status: 0, stdout: 'in\n', stderr: '' });
  // It is the memory that makes the difference.
  const text = readFileSync(file(), 'utf8');
  writeFileSync(file(), '[]');
  const asked = await person.ws(['ssh', 'dev', '--', 'true'], { environment });
  writeFileSync(file(), text);
  expect(asked.status).toBe(255);
  expect(asked.stderr).toContain('may not list pods');
});

it('finds the pod that came after, and remembers that one', async () => {
  const before = findPod('dev');
  inPlace('delete', 'pod', before);
  expect(await person.ws(['ssh', 'dev', '--', 'echo in'])).toMatchObject({ status: 0, stdout: 'in\n' });
  const after = findPod('dev');
  expect(after).not.toBe(before);
  expect(readFileSync(file(), 'utf8')).toContain(after);
  expect(readFileSync(file(), 'utf8')).not.toContain(before);
});

it('offers the other key when the remembered one opens it no more', async () => {
  const other = path.join(person.home, '.ssh/id_other');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'other', '-f', other]);
  expect(await person.ws(['keys', 'add', `${other}.pub`, '--workspace', 'other'])).toMatchObject({ status: 0 });
  expect(await person.ws(['keys', 'rm', toFingerprint(person.key), '--workspace', 'other', '--yes'])).toMatchObject({
    status: 0,
  });
  // The kubelet takes its time to bring the Secret to the pod; until then the old key opens it.
  const run = await eventually(
    () => person.ws(['ssh', 'other', '--', 'echo in']),
    ({ status }) => status === 0 && readFileSync(file(), 'utf8').includes(toFingerprint(other)),
    120_000,
  );
  expect(run.stdout).toBe('in\n');
});

it('refuses another host key, and says what to do, by ws ssh and through ws proxy', async () => {
  await person.make('swapped');
  const key = path.join(person.home, 'host_key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', key]);
  const data = readFileSync(key).toString('base64');
  const secret = 'ws-swapped-host-key';
  const [entry] = Object.keys(JSON.parse(inPlace('get', 'secret', secret, '-o', 'json')).data as object);
  inPlace('patch', 'secret', secret, '-p', JSON.stringify({ data: { [entry ?? '']: data } }));
  inPlace('delete', 'pod', findPod('swapped'));
  inPlace('rollout', 'status', 'deploy/ws-swapped', '--timeout=60s');
  const run = await person.ws(['ssh', 'swapped', '--', 'true']);
  expect(run.status).toBe(255);
  expect(run.stderr).toMatch(/is not the one that was pinned[\s\S]*--accept-host-key SHA256:/);
  const proxied = await person.ws(['proxy', 'swapped'], { input: 'SSH-2.0-test\r\n' });
  expect(proxied.status).toBe(255);
  expect(proxied.stderr).toMatch(/^ws: .*is not the one that was pinned; try: ws up swapped --accept-host-key/);
});
