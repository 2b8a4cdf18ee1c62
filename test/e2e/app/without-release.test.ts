/** A workspace that was rendered and applied without Helm is looked at, entered, stopped and started as any other. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person } from './running/run-ws.ts';

const CHART = path.resolve(import.meta.dirname, '../../../chart');

let place: TestNamespace;
let person: Person;

beforeAll(() => {
  place = makeNamespace('app-filed');
  person = makePerson(place.name);
  const values = {
    authorizedKeys: [readFileSync(`${person.key}.pub`, 'utf8').trim()],
    home: { type: 'claim', size: '64Mi' },
  };
  const options = ['--namespace', place.name, '--skip-tests', '--values', '-'];
  const manifest = execFileSync('helm', ['template', 'ws-filed', CHART, ...options], { input: JSON.stringify(values) });
  kubectl(['-n', place.name, 'apply', '-f', '-'], manifest.toString());
  kubectl(['-n', place.name, 'rollout', 'status', 'deployment/ws-filed', '--timeout=120s']);
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

const names = async () => {
  const { stdout } = await person.ws(['ls', '--json']);
  return (JSON.parse(stdout) as { items: { name: string }[] }).items.map(({ name }) => name);
};

it('is listed, shown and entered', async () => {
  expect(await names()).toEqual(['filed']);
  const status = await person.ws(['status', 'filed']);
  expect(status.status, status.stderr).toBe(0);
  expect(status.stdout).toMatch(/\bready\b/);
  const command = await person.ws(['ssh', 'filed', '--', 'echo in > left; cat left']);
  expect(command, command.stderr).toMatchObject({ status: 0, stdout: 'in\n' });
});

it('is stopped, leads to its start, and has its home then', async () => {
  const stopped = await person.ws(['stop', 'filed', '--yes']);
  expect(stopped.status, stopped.stderr).toBe(0);
  // No ws up can start what Helm does not know, so the line that is told has to be one that does.
  const asleep = await person.ws(['ssh', 'filed', '--', 'true']);
  expect(asleep.status).not.toBe(0);
  const line = /kubectl .*scale .*$/m.exec(asleep.stderr)?.[0].replace(/\s{2,}.*$/, '') ?? '';
  expect(line, asleep.stderr).toMatch(/deployment\/?\s?ws-filed/);
  execFileSync('sh', ['-c', line], { env: person.environment });
  kubectl(['-n', place.name, 'rollout', 'status', 'deployment/ws-filed', '--timeout=120s']);
  expect(await person.ws(['ssh', 'filed', '--', 'cat left'])).toMatchObject({ status: 0, stdout: 'in\n' });
});

it('is refused by ws up and ws down in one screen that leads on, and stays', async () => {
  for (const words of [
    ['up', 'filed', '--memory', '3Gi', '--yes', '--no-shell'],
    ['down', 'filed', '--keep-home', '--yes'],
  ]) {
    const { status, stderr } = await person.ws(words);
    expect(status, stderr).not.toBe(0);
    expect(stderr).toMatch(/Helm did not install it[^]*kubectl delete deployment,service,configmap .*--selector/);
  }
  expect(await names()).toEqual(['filed']);
});

it('is taken down by the line that is told, and taken up again by Helm, with its home and its host key', async () => {
  const run = (text: string, pattern: RegExp) => {
    const line = pattern.exec(text.replaceAll(/ \\\n */g, ' '))?.[0] ?? '';
    expect(line, text).not.toBe('');
    execFileSync('sh', ['-c', line], { env: person.environment });
  };
  run((await person.ws(['down', 'filed', '--keep-home', '--yes'])).stderr, /kubectl delete .*$/m);
  const up = ['up', 'filed', '--yes', '--no-shell'];
  const refused = await person.ws(up);
  expect(refused.status).toBe(4);
  run(refused.stderr, /kubectl annotate .*$/m);
  const made = await person.ws(up);
  expect(made.status, made.stderr).toBe(0);
  expect(await person.ws(['ssh', 'filed', '--', 'cat left'])).toMatchObject({ status: 0, stdout: 'in\n' });
  expect((await person.ws(['down', 'filed', '--delete-home', '--yes'])).status).toBe(0);
});
