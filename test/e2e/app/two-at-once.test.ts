/** Two change one workspace at the same moment, while somebody works in it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl, makeNamespace, type TestNamespace } from '../cluster-under-test.ts';
import { makePerson, type Person } from './running/run-ws.ts';

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('app-two');
  person = makePerson(place.name);
  await person.make('dev');
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

const find = (...words: string[]) => kubectl(['-n', place.name, 'get', ...words]).trim();
const limits = (path: string) => `jsonpath={${path}.containers[0].resources.limits}`;
const podOf = () => find('pods', '-l', 'ws.dev/workspace=dev', '-o', 'jsonpath={.items[*].metadata.name}');

it.each([
  ['1', '1Gi'],
  ['750m', '2Gi'],
  ['1500m', '1500Mi'],
])('of CPU %s and memory %s neither is lost silently, and nothing restarts', async (cpu, memory) => {
  const pod = podOf();
  const session = person.start(['ssh', 'dev', '--', 'echo in; sleep 1000']);
  await new Promise((resolve) => session.stdout?.once('data', resolve));
  try {
    const lines = [
      ['up', 'dev', '--no-shell', '--cpu', cpu],
      ['up', 'dev', '--no-shell', '--memory', memory],
    ];
    const runs = await Promise.all(lines.map((words) => person.ws(words)));
    for (const { status, stderr } of runs)
      if (status !== 0) expect(stderr).toMatch(/Somebody else (?:changes|has changed) .*[^]*ws help WORKSPACE_BUSY/);
    // Whoever was refused types the same again.
    for (const [index, words] of lines.entries())
      if (runs[index]?.status !== 0) expect(await person.ws(words)).toMatchObject({ status: 0 });
    const wanted = JSON.stringify({ cpu, memory });
    const sorted = (text: string) => {
      const { cpu, memory } = JSON.parse(text) as Record<string, string>;
      return JSON.stringify({ cpu, memory });
    };
    expect(sorted(find('deployment', 'ws-dev', '-o', limits('.spec.template.spec')))).toBe(wanted);
    expect(sorted(find('pod', pod, '-o', limits('.spec')))).toBe(wanted);
    expect([podOf(), session.exitCode]).toEqual([pod, null]);
  } finally {
    session.kill('SIGKILL');
  }
});
