/** A shell, a command and a copy go on after the way to the API server was gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { getKubeconfig, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { startTcpRelay, type TcpRelay } from '../../support/tcp-relay.ts';
import { finish, makePerson, type Person } from '../running/run-ws.ts';

const LOST_MS = 4000;

let place: TestNamespace;
let person: Person;
let relay: TcpRelay;

beforeAll(async () => {
  place = makeNamespace('app-resume');
  person = makePerson(place.name);
  relay = await startTcpRelay(getKubeconfig());
  person.environment['KUBECONFIG'] = relay.kubeconfig;
  await person.make('dev');
  expect((await person.ws(['config-ssh', '--yes'])).status).toBe(0);
});
afterAll(async () => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
  await relay?.[Symbol.asyncDispose]();
});

/** Copies a file into the workspace with the host's own scp. */
function scp(file: string): ChildProcess {
  const config = path.join(person.home, '.ssh', 'config');
  const environment = { ...person.environment, PATH: person.environment['PATH'] ?? '' };
  return spawn('scp', ['-q', '-F', config, file, 'ws-dev:copied'], { env: environment, stdio: 'inherit' });
}

it('nothing is lost of a shell, a command and a copy, and the shell says what happens', async () => {
  const bytes = randomBytes(96 * 1024 * 1024);
  const file = path.join(person.home, 'bytes');
  writeFileSync(file, bytes);
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/dev ~ \$ /);
  const counting = finish(person.start(['ssh', 'dev', 'for i in $(seq 20); do echo $i; sleep 0.4; done; exit 3']));
  const copy = scp(file);
  const copied = once(copy, 'close');
  await sleep(1500);
  const isInFlight = copy.exitCode === null;
  relay.loseFor(LOST_MS);
  await shell.see(/ws: no connection since \d\d:\d\d:\d\d; what you type is kept/);
  shell.type('echo typed mean""while\r');
  await shell.see(/typed meanwhile/);
  // What was typed is shown, and the title and the line are taken back before it.
  expect(shell.raw).toMatch(/\x1b\[22;0t\x1b\]0;ws: no connection[^]*\x1b\[2K\x1b8\x1b\[23;0t[^]*typed meanwhile/);
  const { status, stdout } = await counting;
  expect([status, stdout]).toEqual([3, `${Array.from({ length: 20 }, (_, at) => at + 1).join('\n')}\n`]);
  expect([isInFlight, await copied]).toEqual([true, [0, null]]);
  const { stdout: sum } = await person.ws(['ssh', 'dev', 'sha256sum < copied']);
  expect(sum.slice(0, 64)).toBe(createHash('sha256').update(bytes).digest('hex'));
  shell.type('exit\r');
  expect(await shell.exit()).toBe(0);
});

it('a shell ends by ~. while the way is gone', async () => {
  const shell = person.onTerminal(['ssh', 'dev']);
  await shell.see(/dev ~ \$ /);
  relay.loseFor(LOST_MS);
  await shell.see(/no connection since/);
  shell.type('\r~.');
  expect(await shell.exit()).toBe(255);
});
