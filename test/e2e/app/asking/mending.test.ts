/** What `ws` can mend by another `ws up`, it offers as one yes: the numbers fit, and nothing is typed again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../../cluster-under-test.ts';
import { makePerson, type Person } from '../running/run-ws.ts';

let place: TestNamespace;
let person: Person;

const UP = ['up', 'dev', '--cpu', '2', '--no-shell'];
const OFFER = /Run ws up dev --cpu 1 --no-shell now\? y\/N/;

beforeAll(() => {
  place = makeNamespace('app-mending');
  person = makePerson(place.name);
  // The answers of the form, without the yes of `--yes`.
  Object.assign(person.environment, { WS_USER: 'alice', WS_UID: '1000', WS_STORAGE_CLASS: 'none' });
  Object.assign(person.environment, { WS_IDENTITY: person.key });
  kubectl(['-n', place.name, 'create', 'quota', 'team', '--hard=limits.cpu=1']);
});

afterAll(() => {
  person[Symbol.dispose]();
  place[Symbol.dispose]();
});

it('stays the failure that it is for any other answer, and asks no script', async () => {
  const statuses: number[] = [];
  for (const key of ['n', '\r', '\x1b', '\x03']) {
    const asked = person.onTerminal(UP);
    await asked.see(OFFER);
    expect(asked.text).toMatch(/limits\.cpu/);
    asked.type(key);
    statuses.push(await asked.exit());
  }
  const script = await person.ws(UP);
  expect(new Set([...statuses, script.status])).toEqual(new Set([script.status]));
  expect(script.status).toBe(5);
  expect(script.stderr).not.toContain('now?');
  const sure = person.onTerminal([...UP, '--yes']);
  expect(await sure.exit()).toBe(script.status);
  expect(sure.text).not.toContain('now?');
});

it('runs what fits after a yes, and ends as that ends', async () => {
  const asked = person.onTerminal(UP);
  await asked.see(OFFER);
  asked.type('y');
  expect(await asked.exit(), asked.text).toBe(0);
  expect(asked.text).toContain('Workspace dev is up');
  const limit = 'jsonpath={.items[0].spec.containers[0].resources.limits.cpu}';
  expect(kubectl(['-n', place.name, 'get', 'pods', '-l', 'ws.dev/workspace=dev', '-o', limit])).toBe('1');
});
