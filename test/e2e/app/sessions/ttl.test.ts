/** A workspace whose time is over stops, whatever works in it; nothing is deleted. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

const replicas = () => kubectl(['-n', place.name, 'get', 'deployment', 'ws-dev', '-o', 'jsonpath={.spec.replicas}']);
const status = async () => JSON.parse((await person.ws(['status', 'dev', '--json'])).stdout);

beforeAll(async () => {
  place = makeNamespace('ttl');
  person = makePerson(place.name);
  const up = ['up', 'dev', '--yes', '--no-shell', '--storage-class', 'ws-local', '--size', '64Mi', '--ttl', '60s'];
  const run = await person.ws(up);
  expect(run.status, run.stderr).toBe(0);
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

it('says how much of it is left, and stops under the hands of whoever works', async () => {
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/\$ $/);
  expect((await status()).activity.stopsInSeconds).toBeLessThan(60);
  expect((await person.ws(['status', 'dev'])).stdout).toMatch(/^Activity .*stops in \d+ s, whatever works$/m);
  shell.type('echo kept > proof; while :; do :; done\r');
  await shell.see(/\[ws\] This workspace stops in \d+ s, whatever works in it: its time is over/);
  await expect.poll(replicas, { timeout: 120_000, interval: 1000 }).toBe('0');
  await expect
    .poll(async () => (await status()).stopped, { timeout: 60_000, interval: 1000 })
    .toMatchObject({ until: 'up', by: 'ws-end' });
  await shell.exit();
});

it('no login wakes it, and ws up starts it with all that it had', async () => {
  const login = person.onTerminal(['ssh', 'dev', '--', 'true']);
  expect(await login.exit()).toBe(255);
  expect(login.text).toContain('WORKSPACE_STOPPED');
  expect(replicas()).toBe('0');
  const up = await person.ws(['up', 'dev', '--no-shell', '--ttl', 'none', '--yes']);
  expect(up.status, up.stderr).toBe(0);
  const read = await person.ws(['ssh', 'dev', '--', 'cat proof']);
  expect(read.stdout).toBe('kept\n');
  expect((await status()).activity).not.toHaveProperty('stopsInSeconds');
  // Nobody is left who would stop it.
  expect(kubectl(['-n', place.name, 'get', 'deployment', '-o', 'name']).trim()).toBe('deployment.apps/ws-dev');
});
