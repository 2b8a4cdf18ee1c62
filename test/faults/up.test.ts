/** `ws up` that is cut short at any moment: the same line again works, and `ws down` leaves nothing. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { finish, makePerson, type Person, type Run } from '../e2e/app/running/run-ws.ts';
import { getKubeconfig, kubectl, makeNamespace, type TestNamespace } from '../e2e/cluster-under-test.ts';
import { endProgram } from '../e2e/support/pod-processes.ts';
import { type RefusingProxy, startRefusingProxy } from '../e2e/support/refusing-proxy.ts';
import { keepFigure, times } from '../figures/figures.ts';
import { Random } from '../random.ts';
import { spellTimes } from './stage/figures.ts';

const seed = Number(process.env['WS_FAULTS_SEED'] ?? Date.now() % 2 ** 31);
const random = new Random(seed);

let place: TestNamespace;
let person: Person;
let proxy: RefusingProxy;
let wholeMs: number;
beforeAll(async () => {
  console.log(`WS_FAULTS_SEED=${seed} chooses the same moments`);
  place = makeNamespace('up');
  person = makePerson(place.name);
  proxy = await startRefusingProxy(getKubeconfig());
  await begin();
  await clear();
  const begunMs = performance.now();
  expect((await begin()).status).toBe(0);
  wholeMs = performance.now() - begunMs;
  await clear();
});
afterAll(async () => {
  await proxy?.[Symbol.asyncDispose]();
  person?.[Symbol.dispose]();
  place?.[Symbol.dispose]();
});

/** Every fourth one has a home on a claim. */
const toWords = (n: number) => {
  const storageClass = n % 4 === 0 ? 'ws-local' : 'none';
  return ['up', 'dev', '--yes', '--no-shell', '--storage-class', storageClass, '--key', person.key];
};
const begin = (n = 1) => person.ws(toWords(n));

interface Ending {
  name: string;
  end(child: ChildProcess): void;
}

const SIGNALS: Ending[] = (['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const).flatMap((signal) => [
  { name: `${signal} to ws`, end: (child: ChildProcess) => void child.kill(signal) },
  { name: `${signal} to ws and its helm`, end: ({ pid = 0 }: ChildProcess) => endProgram(-pid, signal) },
]);
const HELM: Ending = {
  name: 'SIGKILL to helm',
  end: (child) => {
    for (const pid of findHelm(child)) endProgram(pid);
  },
};

it('ended at any moment by any signal', async () => {
  const endings = [...SIGNALS, HELM];
  const count = times(48, 3);
  const outcomes: string[] = [];
  const againMs: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    const { name, end } = endings[(n - 1) % endings.length] as Ending;
    const child = person.start(toWords(n), { ownGroup: true });
    const ended = finish(child);
    const moment = random.fraction() * wholeMs;
    await sleep(moment);
    if (child.exitCode === null) end(child);
    await ended;
    const fault = await converge(n, againMs);
    if (fault !== undefined) outcomes.push(`time ${n}, ${name} after ${moment.toFixed(0)} ms: ${fault}`);
  }
  keep(`\`ws up\` ended by a signal to it, to its helm or to both, at random moments of ${spellTimes([wholeMs])}`, {
    count,
    outcomes,
    againMs,
  });
  expect(outcomes).toEqual([]);
});

it('any write refused', async () => {
  const outcomes: string[] = [];
  const againMs: number[] = [];
  let count = 0;
  for (let nth = 1; nth <= times(12, 3); nth += 1) {
    proxy.refuse(nth);
    await person.ws(toWords(nth), { environment: { KUBECONFIG: proxy.kubeconfig } });
    const writes = [...proxy.writes];
    proxy.refuse(0);
    // There is no such write.
    if (writes.length < nth) {
      await clear();
      continue;
    }
    count += 1;
    const fault = await converge(nth, againMs);
    if (fault !== undefined) outcomes.push(`write ${nth}, ${writes.at(nth - 1)}: ${fault}`);
  }
  keep('`ws up` with one of its writes refused, each in turn', { count, outcomes, againMs });
  expect(count).toBeGreaterThan(1);
  expect(outcomes).toEqual([]);
});

it('two people change one workspace at once', async () => {
  const count = times(10, 1);
  const outcomes: string[] = [];
  const againMs: number[] = [];
  for (let n = 1; n <= count; n += 1) {
    await begin(n);
    const [one, other] = await Promise.all(
      ['1Gi', '2Gi'].map((memory) => person.ws(['up', 'dev', '--yes', '--no-shell', '--memory', memory])),
    );
    const limit = kubectl([
      ...['-n', place.name, 'get', 'deployment', 'ws-dev', '-o'],
      'jsonpath={.spec.template.spec.containers[0].resources.limits.memory}',
    ]);
    const isOne = ['1Gi', '2Gi'].includes(limit);
    // Whoever was told that it worked has it, or the other one came later.
    const isTold = [one, other].some((run) => run?.status === 0) && [one, other].every((run) => isClear(run));
    const fault = isOne && isTold ? await converge(n, againMs) : `${limit}: ${one?.stderr} / ${other?.stderr}`;
    if (fault !== undefined) outcomes.push(`time ${n}: ${fault}`);
  }
  keep('two `ws up` that change one workspace at once: one of the two changes is there, and both people learn which', {
    count,
    outcomes,
    againMs,
  });
  expect(outcomes).toEqual([]);
});

/** It worked, or says why not. */
const isClear = (run: Run | undefined) => run?.status === 0 || (run?.status ?? 1) > 2;

/** The same line works, and so does the workspace; then nothing is left of it. */
async function converge(n: number, againMs: number[]): Promise<string | undefined> {
  const begunMs = performance.now();
  const again = await begin(n);
  againMs.push(performance.now() - begunMs);
  if (again.status !== 0) {
    await clear();
    return `the same again ended with ${again.status}: ${again.stderr}`;
  }
  const login = await person.ws(['ssh', 'dev', '--', 'echo in']);
  if (login.stdout !== 'in\n') return `no login: ${login.stderr}`;
  return clear();
}

async function clear(): Promise<string | undefined> {
  const down = await person.ws(['down', 'dev', '--delete-home', '--yes']);
  const deadline = performance.now() + 60_000;
  let left = listLeft();
  while (left.length > 0 && performance.now() < deadline) {
    await sleep(500);
    left = listLeft();
  }
  if (left.length > 0) return `left after ws down (${down.status}): ${left.join(' ')}; ${down.stderr}`;
  return undefined;
}

const KINDS = 'all,secrets,configmaps,persistentvolumeclaims,leases,roles,rolebindings,serviceaccounts,networkpolicies';
/** What every namespace has. */
const USUAL = ['configmap/kube-root-ca.crt', 'serviceaccount/default'];

function listLeft(): string[] {
  const words = ['-n', place.name, 'get', KINDS, '-o', 'name', '--ignore-not-found'];
  return kubectl(words)
    .split('\n')
    .filter((name) => name !== '' && !USUAL.includes(name));
}

function findHelm({ pid }: ChildProcess): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((id) => id > 0 && new RegExp(`^\\d+ \\(helm\\w*\\) \\S ${pid} `).test(readStat(id)));
}

function readStat(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // It has ended.
    return '';
  }
}

interface Result {
  count: number;
  outcomes: string[];
  againMs: number[];
}

function keep(what: string, { count, outcomes, againMs }: Result): void {
  keepFigure('faults', {
    what: `${what}: the same again works, a login does, and \`ws down\` leaves nothing`,
    goal: 'each time',
    figure: `${count - outcomes.length} of ${count}; again: ${spellTimes(againMs)}`,
    isMet: outcomes.length === 0,
  });
}
