/** `ws doctor` where something is missing, on the real cluster: it says all it can find out, and never hangs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SERVER_OFFERS } from '../../../../src/operations/doctor/machine.ts';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

interface Line {
  check: string;
  verdict: string;
  detail: string;
}

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-doctor');
  person = makePerson(place.name);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

async function examine(environment: Record<string, string | undefined> = {}) {
  const { status, stdout } = await person.ws(['doctor', '--json'], { environment });
  const { items } = JSON.parse(stdout) as { items: Line[] };
  return { status, items, find: (check: string) => items.find((item) => item.check === check) };
}

it('works without a kubeconfig, and exits with 3', async () => {
  const { status, items } = await examine({ KUBECONFIG: '/nonexistent' });
  expect([status, items.filter(({ verdict }) => verdict === 'bad').map(({ check }) => check)]).toEqual([
    3,
    ['kubeconfig'],
  ]);
  expect(items.map(({ check }) => check)).toEqual(expect.arrayContaining(['helm', 'ssh agent', 'keys', 'openssh']));
});

it('names variables that count as unset, and files of a list that are not there', async () => {
  const list = [person.environment['KUBECONFIG'], '/nonexistent/other'].join(':');
  const { find, status } = await examine({ XDG_CACHE_HOME: '', XDG_DATA_HOME: 'relative', KUBECONFIG: list });
  expect(find('folders')?.detail).toMatch(/XDG_DATA_HOME, XDG_CACHE_HOME are empty or relative/);
  expect(find('kubeconfig')?.detail).toContain('not there: /nonexistent/other');
  expect(status).toBe(0);
});

it('gives a program that hangs its time, and ends', async () => {
  const folder = path.join(person.home, 'hangs');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'ssh'), '#!/bin/sh\nsleep 20 &\nwait\n', { mode: 0o755 });
  const before = performance.now();
  const { find, status } = await examine({ PATH: `${folder}:${person.environment['PATH']}` });
  expect([status, find('openssh')?.detail]).toEqual([0, expect.stringContaining('did not answer within 3 s')]);
  expect(performance.now() - before).toBeLessThan(20_000);
});

it('knows what became of the image, from what nodes report to what they refused', async () => {
  const image = (await examine()).find('image');
  expect(image).toMatchObject({ verdict: 'good', detail: expect.stringMatching(/^ws-workspace:\S+; on 1 of 1 node$/) });
  const WS_IMAGE = 'registry.invalid/ws-workspace:1';
  expect((await examine({ WS_IMAGE })).find('image')).toMatchObject({
    verdict: 'warning',
    detail: expect.stringContaining('no node reports it'),
  });
  const words = ['up', 'bad', '--yes', '--no-shell', '--storage-class', 'none', '--key', person.key];
  expect((await person.ws([...words, '--image', WS_IMAGE])).status).toBe(5);
  await person.ws(['down', 'bad', '--home', 'lose', '--yes']);
  expect((await examine({ WS_IMAGE })).find('image')).toMatchObject({
    verdict: 'warning',
    detail: expect.stringContaining('a node could not pull it'),
  });
});

it('has the API server judge a workspace that nobody makes', async () => {
  expect((await examine()).find('new workspace')).toMatchObject({
    verdict: 'good',
    detail: 'a new workspace would be taken',
  });
  kubectl(['create', 'quota', 'small', '--hard=limits.cpu=700m', '-n', place.name]);
  expect((await examine()).find('new workspace')).toMatchObject({ verdict: 'warning', code: 'QUOTA_CPU' });
  kubectl(['delete', 'quota', 'small', '-n', place.name]);
  expect(kubectl(['get', 'deployments,pods,secrets', '-o', 'name', '-n', place.name])).not.toContain('doctor-trial');
});

it('tries the stream to a workspace, packs what is around it, and knows what the server offers', async () => {
  await person.make('dev');
  const { find } = await examine();
  expect(find('workspaces')?.detail).toBe('dev (ready)');
  expect(find('pod stream')?.detail).toMatch(/WebSocket through the API server to dev/);
  const bundle = path.join(person.home, 'trouble.json');
  const { stderr } = await person.ws(['doctor', '--bundle', bundle]);
  expect(stderr).toMatch(/trouble\.json gets:[^]*dev \(ready\)[^]*Written/);
  const packed = readFileSync(bundle, 'utf8');
  expect(JSON.parse(packed)).toMatchObject({ workspaces: [{ name: 'dev', state: 'ready' }] });
  expect(packed).not.toMatch(/PRIVATE KEY|ssh-ed25519 AAAA|client-key/);
  await person.ws(['config-ssh', '--yes']);
  const config = path.join(person.home, '.ssh', 'config');
  const said = execFileSync('bash', ['-c', `ssh -vv -F '${config}' ws-dev true 2>&1 || true`], {
    env: person.environment as NodeJS.ProcessEnv,
    encoding: 'utf8',
  });
  const [, server = ''] = said.split('peer server KEXINIT proposal');
  const list = (what: string) => new RegExp(`${what}: (\\S+)`).exec(server)?.[1]?.split(',') ?? [];
  expect(SERVER_OFFERS.kex.filter((name) => !list('KEX algorithms').includes(name))).toEqual([]);
  expect(SERVER_OFFERS.keys.filter((name) => !list('host key algorithms').includes(name))).toEqual([]);
  expect(SERVER_OFFERS.ciphers.filter((name) => !list('ciphers ctos').includes(name))).toEqual([]);
});
