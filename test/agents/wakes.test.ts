/** A workspace that sleeps: a login has it back soon, nothing in the background wakes it, many at once wake it once. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { quantile } from '../bench/measure.ts';
import { makePerson, type Person } from '../e2e/app/running/run-ws.ts';
import { kubectl, makeNamespace, type TestNamespace } from '../e2e/cluster-under-test.ts';
import { eventually } from '../e2e/operator/release.ts';
import { keepFigure, times } from '../figures/figures.ts';

const WAKES = times(50, 2);
const RECONNECTS = times(1000, 20);
const PEOPLE = times(50, 5);

let place: TestNamespace;
let person: Person;

beforeAll(async () => {
  place = makeNamespace('agents-wakes');
  person = makePerson(place.name);
  await succeed('up', 'dev', '--yes', '--no-shell');
  await succeed('config-ssh', '--yes', '--wake', 'dev=always');
});
afterAll(() => {
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

async function succeed(...words: string[]): Promise<void> {
  const { status, stderr } = await person.ws(words);
  expect(status, stderr).toBe(0);
}

const inPlace = (...words: string[]) => kubectl(['-n', place.name, ...words]).trim();
const listPods = () => inPlace('get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}').split(' ').filter(Boolean);

async function letSleep(): Promise<void> {
  await succeed('stop', 'dev', '--until-login', '--yes');
  await eventually(listPods, (pods) => pods.length === 0, 120_000);
}

/** OpenSSH by the configuration that `ws` wrote. It takes nothing of this machine's user. */
async function logIn(): Promise<number> {
  const config = path.join(person.home, 'config/ssh_config');
  try {
    await promisify(execFile)('ssh', ['-F', config, 'ws-dev', 'true'], { env: person.environment });
    return 0;
  } catch (error) {
    return Number((error as { code?: unknown }).code ?? -1);
  }
}

it('is back soon for ssh ws-dev', async () => {
  const byHost: number[] = [];
  const byHand: number[] = [];
  for (let n = 0; n < WAKES; n += 1) {
    byHost.push(await timeWake(async () => expect(await logIn()).toBe(0)));
    byHand.push(await timeWake(wakeByHand));
  }
  for (const seconds of [byHost, byHand]) seconds.sort((a, b) => a - b);
  const [p50, p95] = [quantile(byHost, 0.5), quantile(byHost, 0.95)];
  keepFigure('agents', {
    what: '`ssh ws-dev true` from 0 replicas, with the image there',
    goal: 'p50 at most 1.1 s, p95 at most 2 s',
    figure: `p50 ${p50.toFixed(2)} s, p95 ${p95.toFixed(2)} s, ${WAKES} times`,
    isMet: p50 <= 1.1 && p95 <= 2,
  });
  const ratio = p50 / quantile(byHand, 0.5);
  keepFigure('agents', {
    what: 'The same, against `kubectl scale` and `kubectl exec -- true` until it works, which logs in nowhere',
    goal: 'none set',
    figure: `ratio of the medians ${ratio.toFixed(2)}, in turns`,
    isMet: true,
  });
});

/** Seconds, from a workspace that sleeps. */
async function timeWake(wake: () => Promise<unknown>): Promise<number> {
  await letSleep();
  const begunMs = performance.now();
  await wake();
  return (performance.now() - begunMs) / 1000;
}

/** What people write who have no `ws`. It opens no SSH session. */
async function wakeByHand(): Promise<void> {
  const line = 'kubectl scale deploy/ws-dev --replicas=1; until kubectl exec deploy/ws-dev -- true; do :; done';
  const words = line.replaceAll('kubectl', `kubectl -n ${place.name}`);
  await promisify(execFile)('sh', ['-c', words], { env: person.environment });
}

it('stays asleep whatever reconnects in the background', async () => {
  await succeed('config-ssh', '--yes', '--wake', 'dev=human');
  await letSleep();
  // Within a minute of a person at a terminal, everything counts as this person.
  rmSync(path.join(person.home, 'config/at-terminal'), { force: true });
  const before = inPlace('get', 'deployment', 'ws-dev', '-o', 'jsonpath={.metadata.generation}');
  const statuses: number[] = [];
  const reconnect = async () => {
    while (statuses.length < RECONNECTS) statuses.push(await logIn());
  };
  await Promise.all([reconnect(), reconnect()]);
  expect(statuses.filter((status) => status !== 255)).toEqual([]);
  const after = inPlace('get', 'deployment', 'ws-dev', '-o', 'jsonpath={.metadata.generation} {.spec.replicas}');
  keepFigure('agents', {
    what: 'Reconnects in the background (`ssh ws-dev` without a person) to a workspace that sleeps',
    goal: 'no wake',
    figure: `${after === `${before} 0` ? 'none' : 'some'} in ${statuses.length}`,
    isMet: after === `${before} 0`,
  });
  expect(after).toBe(`${before} 0`);
});

it('wakes once for many at a time', async () => {
  await letSleep();
  const runs = await Promise.all(
    Array.from({ length: PEOPLE }, (_, n) => person.ws(['ssh', 'dev', '--wake', 'always', '--', `echo in-${n}`])),
  );
  const arrived = runs.filter(({ status, stdout }, n) => status === 0 && stdout === `in-${n}\n`).length;
  const pods = listPods().length;
  keepFigure('agents', {
    what: `${PEOPLE} logins at once wake one workspace`,
    goal: `one pod, ${PEOPLE} logins`,
    figure: `${pods} pod, ${arrived} logins`,
    isMet: pods === 1 && arrived === PEOPLE,
  });
  expect([pods, arrived, runs.filter(({ status }) => status !== 0)]).toEqual([1, PEOPLE, []]);
});
