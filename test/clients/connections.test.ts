/** As many connections as a workspace has in months. Nothing of them may stay in the server. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kubectl } from '../e2e/cluster-under-test.ts';
import { eventually } from '../e2e/operator/release.ts';
import { IS_LONG, keepFigure, times } from '../figures/figures.ts';
import { installPrograms, run } from './programs.ts';
import { Workplace } from './workplace.ts';

/** WS_TEST_CONNECTIONS is for a machine with less time. */
const COUNT = Number(process.env['WS_TEST_CONNECTIONS'] ?? times(100_000, 1000));
/** Growth is seen from the first of them to the last: what is allocated once is there after the first. */
const PARTS = 10;
const AT_ONCE = 8;

/** More than a collector leaves lying about. A kilobyte of each of 100,000 connections is six times as much. */
const MOST_GROWTH_BYTES = 16 * 1024 * 1024;

let workplace: Workplace;
beforeAll(async () => {
  workplace = new Workplace('many');
  await workplace.up();
});
afterAll(() => workplace?.[Symbol.dispose]());

interface Taken {
  memory: number;
  descriptors: number;
  processes: number;
}

/** What the server has, once it is at rest. */
async function measure(): Promise<Taken> {
  await eventually(
    () => workplace.metric('ws_connections'),
    (open) => open === 0,
    120_000,
  );
  const exec = (...words: string[]) => kubectl(['-n', workplace.place.name, 'exec', workplace.pod, '--', ...words]);
  // tini, its parent, names it as well.
  const supervisor = exec('pgrep', '-o', '-x', '-f', '/usr/local/bin/node .*supervisor.mjs').trim();
  const status = exec('cat', `/proc/${supervisor}/status`);
  return {
    memory: Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1]) * 1024,
    descriptors: Number(exec('sh', '-c', `ls /proc/${supervisor}/fd | wc -l`)),
    processes: Number(exec('sh', '-c', 'ls -d /proc/[0-9]* | wc -l')),
  };
}

it(`${COUNT} connections, each with a login and a command, leave neither memory nor descriptors behind`, async () => {
  const program = `${await installPrograms('go')}/go-client`;
  const { host, port, user, key, hostKey } = await workplace.target('to the server', { takesProxy: true });
  const environment = { HOST: host, PORT: String(port), LOGIN: user, KEY: key, HOST_KEY: hostKey };
  const taken: Taken[] = [];
  const begunMs = Date.now();
  let right = 0;
  for (let part = 0; part < PARTS; part += 1) {
    const done = await run(program, ['many', String(COUNT / PARTS), String(AT_ONCE)], environment);
    expect(done.status, done.stderr).toBe(0);
    expect(done.stderr).toBe('');
    right += Number(done.stdout);
    taken.push(await measure());
    console.log(`${right} connections: ${JSON.stringify(taken.at(-1))}`);
  }
  const seconds = (Date.now() - begunMs) / 1000;
  expect(right).toBe(COUNT);
  const [first, last] = [taken[0] as Taken, taken.at(-1) as Taken];
  expect(last.descriptors).toBeLessThanOrEqual(first.descriptors + 4);
  expect(last.processes).toBeLessThanOrEqual(first.processes + 4);
  // A collector gives memory back when it likes: a thousand connections say nothing of it.
  if (IS_LONG) expect(last.memory - first.memory).toBeLessThan(MOST_GROWTH_BYTES);
  const toMib = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
  keepFigure('clients', {
    what: `${COUNT.toLocaleString('en')} connections, each with a login and a command, ${AT_ONCE} at a time`,
    goal: 'every status right; neither memory nor descriptors grow',
    figure: `all right, ${(COUNT / seconds).toFixed(0)} a second; the server's memory ${toMib(first.memory)} after a tenth of them and ${toMib(last.memory)} at the end, ${first.descriptors} and ${last.descriptors} descriptors`,
    isMet: true,
  });
});
