/** Each question has an answer that needs no terminal. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

const PASSPHRASE = 'of the test';

let place: TestNamespace;
let person: Person;
let locked: string;

beforeAll(() => {
  place = makeNamespace('app-answers');
  person = makePerson(place.name);
  locked = path.join(person.home, '.ssh/id_locked');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', PASSPHRASE, '-f', locked]);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

it('answers of the form, a passphrase, the home of ws down and a yes come by variables, or the run ends at once', async () => {
  await answerByVariables();
  await endQuickly();
  await answerByAskpass();
  await goByVariables();
});

/** Every answer of the form by a variable. */
async function answerByVariables(): Promise<void> {
  const environment = {
    WS_USER: 'alice',
    WS_UID: '4321',
    WS_STORAGE_CLASS: 'ws-local',
    WS_SIZE: '64Mi',
    // As WS_IDENTITY was called for `ws up`.
    WS_KEY: locked,
  };
  // The workspace comes up, and only the login fails: nobody is there to unlock the key.
  const run = await person.ws(['up', 'dev', '--no-shell'], { environment });
  expect(run.stderr).toContain('PASSPHRASE_UNASKABLE');
  expect(
    kubectl(['-n', place.name, 'get', 'pvc', 'ws-dev-home', '-o', 'jsonpath={.spec.resources.requests.storage}']),
  ).toBe('64Mi');
}

/** Ends, and waits for nothing, where a passphrase is needed, and nobody and nothing can be asked. */
async function endQuickly(): Promise<void> {
  const startedAtMs = Date.now();
  const run = await person.ws(['up', 'dev', '--no-shell', '--identity', locked]);
  expect(run.status).toBe(3);
  expect(run.stderr).toContain('PASSPHRASE_UNASKABLE');
  expect(Date.now() - startedAtMs).toBeLessThan(30_000);
}

/** A passphrase by SSH_ASKPASS, as with ssh. */
async function answerByAskpass(): Promise<void> {
  const asked = path.join(person.home, 'asked');
  const askpass = path.join(person.home, 'askpass');
  writeFileSync(askpass, `#!/bin/sh\necho "$1" > '${asked}'\necho '${PASSPHRASE}'\n`, { mode: 0o755 });
  const environment = { SSH_ASKPASS: askpass, WS_KEEP_PASSPHRASE: 'false' };
  const words = ['up', 'dev', '--no-shell', '--identity', locked];
  expect(await person.ws(words, { environment })).toMatchObject({ status: 0 });
  expect(readFileSync(asked, 'utf8')).toBe(`Passphrase of ${locked}: \n`);
  // One that gives up is no answer.
  writeFileSync(askpass, '#!/bin/sh\nexit 1\n');
  expect((await person.ws(words, { environment })).status).toBe(3);
  const never = await person.ws(words, { environment: { ...environment, SSH_ASKPASS_REQUIRE: 'never' } });
  expect(never.stderr).toContain('PASSPHRASE_UNASKABLE');
}

/** The home of ws down and the yes of ws homes rm by a variable; a flag goes before it. */
async function goByVariables(): Promise<void> {
  const bad = await person.ws(['down', 'dev'], { environment: { WS_DOWN_HOME: 'perhaps' } });
  expect(bad.status).toBe(2);
  expect(kubectl(['-n', place.name, 'get', 'deploy', '-o', 'name'])).toContain('ws-dev');
  const kept = await person.ws(['down', 'dev', '--keep-home'], { environment: { WS_DOWN_HOME: 'delete' } });
  expect(kept.stdout).toContain('Kept: ws-dev-home');
  expect((await person.ws(['homes', 'rm', 'dev'])).status).toBe(2);
  expect(await person.ws(['homes', 'rm', 'dev'], { environment: { WS_YES: '1' } })).toMatchObject({ status: 0 });
  expect(existsSync(path.join(person.home, 'config/known_hosts'))).toBe(true);
  expect(kubectl(['-n', place.name, 'get', 'pvc', '-o', 'name'])).toBe('');
}
