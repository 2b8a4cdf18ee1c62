/** Nothing runs out from under anybody: two people at one workspace. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

const findPod = () => kubectl(['-n', place.name, 'get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}']);
const RUNS =
  /1\s+session\s+has\s+been\s+open\s+since\s+\d\d:\d\d\s+\(\d+s\s+ago\);\s+1\s+program\s+runs\s+without\s+one,\s+as\s+in\s+tmux/;

beforeAll(async () => {
  place = makeNamespace('app-questions');
  person = makePerson(place.name);
  const run = await person.ws(['up', 'dev', '--yes', '--no-shell', '--storage-class', 'none', '--memory', '512Mi']);
  expect(run.status, run.stderr).toBe(0);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

it('restarts nobody without a yes, and nothing for nothing', async () => {
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/dev ~ \$ $/);
  shell.type('tmux new-session -d -s job "sleep 1000"\r');
  await shell.see(/1000"[\s\S]*\$ $/);
  const before = findPod();
  const change = ['up', 'dev', '--user', 'alice', '--no-shell'];

  const script = await person.ws(change);
  expect([script.status, script.stderr]).toEqual([2, expect.stringMatching(RUNS)]);
  expect(script.stderr).toContain('ws up dev --user alice --no-shell --yes');
  for (const words of [
    ['down', 'dev', '--home', 'lose'],
    ['down', 'dev'],
  ]) {
    const down = await person.ws(words);
    expect([down.status, down.stderr]).toEqual([2, expect.stringMatching(RUNS)]);
  }

  for (const key of ['n', '\r', '\x1b', '\x03']) {
    const asked = person.onTerminal(change);
    await asked.see(/Restart workspace dev, which ends what runs in it\? y\/N/);
    expect(asked.text).toMatch(RUNS);
    asked.type(key);
    expect(await asked.exit()).toBe(130);
    expect(asked.text).toContain('Nothing was changed, and workspace dev goes on as it is.');
  }
  // CPU and memory change in the pod that runs, and ask nobody.
  const resized = await person.ws(['up', 'dev', '--cpu', '1', '--memory', '600Mi', '--no-shell']);
  expect([resized.status, resized.stderr]).toEqual([0, expect.stringContaining('nothing restarted')]);
  const limits = ['-o', 'jsonpath={.items[0].status.containerStatuses[0].resources.limits.memory}'];
  expect(kubectl(['-n', place.name, 'get', 'pods', ...limits])).toBe('600Mi');
  expect(kubectl(['-n', place.name, 'get', 'deploy', '-o', 'jsonpath={.items[0].spec.paused}'])).toBe('');
  // What a node cannot do there is put back, and is a restart.
  const values = path.join(person.home, 'values.json');
  writeFileSync(values, JSON.stringify({ resources: { requests: { cpu: '900' }, limits: { cpu: '900' } } }));
  const tooMuch = await person.ws(['up', 'dev', '--values', values, '--no-shell']);
  expect([tooMuch.status, tooMuch.stderr]).toEqual([2, expect.stringContaining('cannot change in the running pod')]);
  expect(kubectl(['-n', place.name, 'get', 'pods', ...limits])).toBe('600Mi');
  // What the release has already changes nothing, and asks nobody.
  expect(await person.ws(['up', 'dev', '--memory', '600Mi', '--no-shell'])).toMatchObject({ status: 0 });
  expect(findPod()).toBe(before);
  shell.type('echo still-$((40+2))\r');
  await shell.see(/still-42/);

  const agreed = person.onTerminal(change);
  await agreed.see(/y\/N/);
  agreed.type('y');
  expect(await agreed.exit()).toBe(0);
  expect(findPod()).not.toContain(before);
  await shell.exit();
  // Nobody works there now.
  expect(await person.ws(['up', 'dev', '--user', 'bob', '--no-shell'])).toMatchObject({ status: 0 });
});

function makeKey(name: string): string {
  const file = path.join(person.home, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return file;
}

it('ws keys add and rm end when the workspace has noticed', async () => {
  const other = makeKey('phone');
  const login = () => person.ws(['ssh', 'dev', '--identity', other, '--', 'true']);
  expect((await login()).stderr).toContain('ws keys add');
  const added = await person.ws(['keys', 'add', 'dev', `${other}.pub`]);
  expect(added.stdout).toContain('It opens workspace dev now.');
  expect(await login()).toMatchObject({ status: 0 });
  const refused = await person.ws(['keys', 'rm', 'dev', 'phone']);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('ws keys rm dev phone --yes')]);
  const removed = await person.ws(['keys', 'rm', 'dev', 'phone', '--yes']);
  expect(removed.stdout).toContain('It no longer opens workspace dev; open sessions stay.');
  expect((await login()).status).toBe(255);
});

it('a login before the workspace has noticed says for how long the key has been authorized', async () => {
  const secret = 'ws-dev-authorized-keys';
  const read = ['-n', place.name, 'get', 'secret', secret, '-o', 'jsonpath={.data.authorized_keys}'];
  // The kubelet may look at this very moment: then the login works, and another key is tried.
  for (let attempt = 1; ; attempt += 1) {
    const early = makeKey(`early-${attempt}`);
    const [line = ''] = readFileSync(`${early}.pub`, 'utf8').split('\n');
    const text = `${Buffer.from(kubectl(read), 'base64').toString()}${line}\n`;
    const patch = JSON.stringify({ stringData: { authorized_keys: text } });
    kubectl(['-n', place.name, 'patch', 'secret', secret, '--patch', patch]);
    const run = await person.ws(['ssh', 'dev', '--identity', early, '--', 'true']);
    if (run.status === 0 && attempt < 5) continue;
    expect(run.stderr).toMatch(/This key has been authorized for \d+ s, and workspace dev has not noticed yet/);
    break;
  }
});

it('no key is made when helm is not there', async () => {
  using nobody = makePerson(place.name);
  execFileSync('rm', [nobody.key, `${nobody.key}.pub`]);
  const run = await nobody.ws(['up', 'two', '--yes', '--no-shell'], { environment: { WS_HELM: '/nonexistent/helm' } });
  expect([run.status, run.stderr]).toEqual([3, expect.stringContaining('HELM_MISSING')]);
  expect(() => readFileSync(nobody.key)).toThrow('ENOENT');
});

it('keeps what the form was told in the line after a Ctrl-C: the same again asks nothing', async () => {
  // Else it may be over before the key comes.
  const slow = path.join(person.home, 'slow-helm');
  writeFileSync(slow, '#!/bin/sh\n[ "$1" != upgrade ] || sleep 10\nexec helm "$@"\n', { mode: 0o755 });
  person.environment['WS_HELM'] = slow;
  try {
    const asked = person.onTerminal(['up', 'fourth']);
    await asked.see(/Home size/);
    // Whatever the form holds, Enter takes it, and then all of it.
    for (let left = 100; left > 0 && !/Installing/.test(asked.text); left -= 1) {
      asked.type('\r');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    asked.type('\x03');
    expect(await asked.exit()).toBe(130);
    const said = asked.text.slice(asked.text.indexOf('may be made in part'));
    expect(said).toMatch(/^ {2}ws up fourth --user developer .*--storage-class ws-local --size 10Gi/m);
  } finally {
    delete person.environment['WS_HELM'];
  }
});
