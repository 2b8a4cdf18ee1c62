/** A workspace that is stopped, one that sleeps, and what wakes it. */
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { run } from '../../operator/release.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

const CHART = path.resolve(import.meta.dirname, '../../../../chart');

let place: TestNamespace;
let person: Person;

/** As an operator installs it with the newest Helm: applied on the server's side, where each field has its owner. */
beforeAll(async () => {
  place = makeNamespace('app-sleep');
  person = makePerson(place.name);
  const keys = `authorizedKeys=[${JSON.stringify(readFileSync(`${person.key}.pub`, 'utf8').trim())}]`;
  helm('install', 'ws-dev', CHART, '--set-json', keys, '--set', 'home.type=claim', '--wait');
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

function helm(...words: string[]): string {
  const server = ['install', 'upgrade'].includes(words[0] ?? '') ? ['--server-side=true'] : [];
  const done = run('helm', ['--namespace', place.name, ...words, ...server]);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

const inPlace = (...words: string[]) => kubectl(['-n', place.name, ...words]);
const replicas = () => inPlace('get', 'deployment', 'ws-dev', '-o', 'jsonpath={.spec.replicas}');
const uid = () => inPlace('get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}');

async function stop(...words: string[]) {
  const stopped = await person.ws(['stop', 'dev', ...words]);
  expect(stopped.status, stopped.stderr).toBe(0);
  return stopped;
}

it('is stopped after a yes where somebody works in it, and says who stopped it', async () => {
  const session = person.onTerminal(['ssh', 'dev']);
  await session.see(/\$ $/);
  const asked = await person.ws(['stop', 'dev']);
  expect(asked.status).toBe(2);
  expect(asked.stderr).toMatch(/1 session has been open since .*\n?[\s\S]*ws stop dev --yes/);
  expect(replicas()).toBe('1');
  const stopped = await stop('--yes', '--json');
  expect(JSON.parse(stopped.stdout)).toEqual({ v: 1, workspace: 'dev', until: 'up', changed: true });
  await session.see(/the workspace is stopp/);
  const { state, stopped: how } = JSON.parse((await person.ws(['status', 'dev', '--json'])).stdout);
  expect([state, how]).toEqual(['stopped', { until: 'up', since: expect.any(String), by: expect.stringMatching(/./) }]);
  expect((await person.ws(['ls'])).stdout).toMatch(/^dev .*stopped/m);
});

it('wakes by no login, which says so in one line', async () => {
  const proxied = await person.ws(['proxy', 'dev', '--wake', 'always']);
  expect(proxied).toMatchObject({
    status: 255,
    stderr: expect.stringMatching(/^ws: Workspace dev has been stopped since .*, by .*; try: ws up dev[^\n]*\n$/),
  });
  expect(replicas()).toBe('0');
});

it('starts by a plain upgrade, which finds no field that is ours', () => {
  helm('upgrade', 'ws-dev', CHART, '--reuse-values', '--wait');
  expect(replicas()).toBe('1');
});

it('sleeps until a person logs in: nothing in the background wakes it, and a terminal does', async () => {
  await stop('--until-login');
  rmSync(path.join(person.home, 'config/at-terminal'), { force: true });
  const inBackground = await person.ws(['proxy', 'dev']);
  expect(inBackground).toMatchObject({ status: 255, stderr: expect.stringContaining('has been asleep since') });
  expect([replicas(), uid()]).toEqual(['0', '']);
  const shell = person.onTerminal(['ssh', 'dev', '--', 'echo awake-$((1+1))']);
  expect(await shell.exit()).toBe(0);
  // On a slow cluster it says once what it waits for.
  expect(shell.text).toMatch(
    /has been asleep since [\s\S]*; waking it\s+(?:Waiting for the workspace: [\s\S]*?\s)?awake-2/,
  );
  // Within a minute of that, an editor counts as this person.
  await stop('--until-login', '--yes');
  const { status, stderr } = await person.ws(['proxy', 'dev'], { input: '' });
  // A slow cluster is waited for in further lines.
  expect([status, stderr]).toEqual([
    0,
    expect.stringMatching(/^ws: Workspace dev has been asleep .*; waking it\n(ws: .*\n)*$/),
  ]);
});

it('wakes once for everybody, also through OpenSSH', async () => {
  const configured = await person.ws(['config-ssh', '--yes', '--wake', 'dev=always']);
  expect(configured.status, configured.stderr).toBe(0);
  await stop('--until-login', '--yes');
  const config = path.join(person.home, 'config/ssh_config');
  const logIn = () => run('ssh', ['-F', config, 'ws-dev', 'echo in']);
  const others = Array.from({ length: 9 }, () => person.ws(['ssh', 'dev', '--wake', 'always', '--', 'echo in']));
  expect(logIn().stdout).toBe('in\n');
  expect((await Promise.all(others)).map(({ stdout }) => stdout)).toEqual(others.map(() => 'in\n'));
  expect(uid().split(' ')).toHaveLength(1);
});

it('that other hands scale to 0 is stopped, whatever it was before', async () => {
  await stop('--until-login', '--yes');
  for (const count of [1, 0]) inPlace('scale', 'deployment', 'ws-dev', `--replicas=${count}`);
  const { status, stderr } = await person.ws(['ssh', 'dev', '--wake', 'always', '--', 'true']);
  expect([status, stderr]).toEqual([255, expect.stringContaining('It was scaled to 0')]);
});

it('is started by ws up only when its last pod has ended: two would write to one home', async () => {
  const up = () => person.ws(['up', 'dev', '--yes', '--no-shell']);
  expect(await up()).toMatchObject({ status: 0 });
  // Its connection holds the pod for as long as this runs.
  const busy = person.start(['ssh', 'dev', '--', "trap '' TERM HUP INT; echo begun; sleep 8"]);
  await new Promise((resolve) => busy.stdout?.once('data', resolve));
  const last = uid();
  inPlace('scale', 'deployment', 'ws-dev', '--replicas=0');
  const { status, stderr } = await up();
  expect([status, stderr]).toEqual([
    0,
    expect.stringMatching(/Waiting for the last pod to end[\s\S]*Last pod ended\n/),
  ]);
  expect(uid().split(' ')).toEqual([expect.not.stringMatching(`^${last}$`)]);
});
