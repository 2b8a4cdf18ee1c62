/** A workspace that sleeps by itself, because nothing works in it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { run } from '../../operator/release.ts';
import { makePerson, type Person, type Terminal } from '../running/run-ws.ts';

const CHART = path.resolve(import.meta.dirname, '../../../../chart');
const LIMIT_MS = 180_000;

let place: TestNamespace;
let person: Person;
let shell: Terminal;

beforeAll(async () => {
  place = makeNamespace('idle');
  person = makePerson(place.name);
  const keys = `authorizedKeys=[${JSON.stringify(readFileSync(`${person.key}.pub`, 'utf8').trim())}]`;
  const values = ['home.type=claim', 'idle.stopAfter=60s', 'idle.actor=true'].flatMap((value) => ['--set', value]);
  const words = ['install', 'ws-dev', CHART, '--set-json', keys, ...values, '--wait', '--server-side=true'];
  const done = run('helm', ['--namespace', place.name, ...words]);
  expect(done.status, done.stderr).toBe(0);
  shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/\$ $/);
}, LIMIT_MS);
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

const inPlace = (...words: string[]) => kubectl(['-n', place.name, ...words]);
const replicas = () => inPlace('get', 'deployment', 'ws-dev', '-o', 'jsonpath={.spec.replicas}');
const status = async () => JSON.parse((await person.ws(['status', 'dev', '--json'])).stdout);

it(
  'is busy while somebody types, and for as long as somebody holds it',
  async () => {
    await expect
      .poll(
        async () => {
          shell.type('true\r');
          return (await status()).activity;
        },
        { timeout: 60_000, interval: 2000 },
      )
      .toEqual({ idleSeconds: 0, busy: 'typed', sleepsInSeconds: 60 });
    const busy = async () => (await status()).activity.busy;
    const inside = (command: string) => person.ws(['ssh', 'dev', '--', command]);
    expect((await inside('touch /run/ws/keep/script')).status).toBe(0);
    await expect.poll(busy, { timeout: 60_000, interval: 1000 }).toBe('lease');
    await inside('rm /run/ws/keep/script');
    const kept = await person.ws(['keep', 'dev', '30s', '--json']);
    expect(JSON.parse(kept.stdout)).toEqual({ v: 1, workspace: 'dev', seconds: 30 });
    // At once, whatever else works.
    expect((await status()).activity.heldForSeconds).toBeGreaterThan(15);
    await expect.poll(busy, { timeout: 60_000, interval: 1000 }).toBe('lease');
    const text = await person.ws(['status', 'dev']);
    expect(text.stdout).toMatch(/^Activity {3}busy: held until .*\d\d:\d\d$/m);
  },
  LIMIT_MS,
);

it(
  'says so on the terminals, then sleeps, and says who let it',
  async () => {
    await shell.see(/\[ws\] This workspace sleeps in \d+ s, because nothing works in it/, 150_000);
    expect((await person.ws(['status', 'dev'])).stdout).toMatch(
      /^Activity {3}sleeps in \d+ s: idle for \d+ s, nothing/m,
    );
    expect(replicas()).toBe('1');
    await expect.poll(replicas, { timeout: 90_000, interval: 1000 }).toBe('0');
    await expect
      .poll(async () => (await status()).stopped, { timeout: 60_000, interval: 1000 })
      .toEqual({ until: 'login', by: 'ws-idle' });
    await shell.exit();
  },
  2 * LIMIT_MS,
);

it(
  'wakes by the next login of a person',
  async () => {
    const awake = person.onTerminal(['ssh', 'dev', '--', 'echo awake-$((1+1))']);
    expect(await awake.exit()).toBe(0);
    // The API server seldom says when it fell asleep.
    expect(awake.text).toMatch(/ (?:is asleep|has been asleep since [^;]*),\s+by\s+ws-idle;\s+waking\s+it/);
    expect(awake.text).toContain('awake-2');
    expect(replicas()).toBe('1');
  },
  LIMIT_MS,
);

it(
  'has a second pod that may scale this Deployment, and nothing else',
  () => {
    const account = `system:serviceaccount:${place.name}:ws-dev-idle`;
    const may = (...words: string[]) =>
      run('kubectl', ['-n', place.name, '--as', account, 'auth', 'can-i', ...words]).stdout.trim();
    expect(may('patch', 'deployment/ws-dev', '--subresource=scale')).toBe('yes');
    for (const verb of ['get', 'update', 'list', 'delete'])
      expect(may(verb, 'deployment/ws-dev', '--subresource=scale'), verb).toBe('no');
    expect(may('patch', 'deployment/ws-dev-idle', '--subresource=scale')).toBe('no');
    for (const what of ['deployments', 'secrets', 'pods', 'configmaps', 'roles'])
      for (const verb of ['get', 'list', 'patch', 'create', 'delete'])
        expect(may(verb, what), `${verb} ${what}`).toBe('no');
    const mounted = inPlace('get', 'pods', '-l', 'app.kubernetes.io/name=ws-workspace', '-o', 'json');
    expect(mounted).not.toContain('serviceaccount');
  },
  LIMIT_MS,
);
