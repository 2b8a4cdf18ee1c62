/** A host key that `ws` made and kept, taken over by helm alone: people have pinned it. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makePerson, type Person } from './app/running/run-ws.ts';
import { Stage } from './support/stage.ts';

const CHART = path.resolve(import.meta.dirname, '../../chart');

let stage: Stage;
let person: Person;

beforeAll(() => {
  stage = new Stage('kept-key');
  person = makePerson(stage.namespace);
});
afterAll(() => {
  person?.[Symbol.dispose]();
  stage?.[Symbol.dispose]();
});

it.each(['helm', 'helm3'])(
  'V4J1-HOSTKEY: %s install of the same name leaves it as it is, whatever else changes',
  async (helm) => {
    const name = `by-${helm}`;
    const getKey = () => stage.kubectl(['get', 'secret', `ws-${name}-host-key`, '-o', 'jsonpath={.data.ssh_host_key}']);
    const run = async (...words: string[]) => {
      const { status, stderr } = await person.ws(words);
      expect(status, stderr).toBe(0);
    };
    await run('up', name, '--yes', '--no-shell', '--key', person.key, '--storage-class', 'ws-local', '--size', '64Mi');
    const key = getKey();
    expect(key).not.toBe('');
    await run('down', name, '--keep-home', '--yes');
    // The home is another one, so the annotations of the Secret change.
    const values = ['--set-file', `authorizedKeys[0]=${person.key}.pub`, '--set', 'home.ignoreKept=true'];
    values.push('--namespace', stage.namespace);
    execFileSync(helm, ['install', `ws-${name}`, CHART, ...values], {
      env: { ...process.env, KUBECONFIG: person.environment['KUBECONFIG'] },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect(getKey()).toBe(key);
  },
);
