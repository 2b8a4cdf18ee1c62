/** Sessions whose way is gone for a while: a lid, a network, a stall, a middlebox. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getKubeconfig } from '../e2e/cluster-under-test.ts';
import { findInPod, isDropbear } from '../e2e/support/pod-processes.ts';
import { startTcpRelay } from '../e2e/support/tcp-relay.ts';
import { IS_LONG, keepFigure, times } from '../figures/figures.ts';
import { type BadNetwork, openBadNetwork } from './stage/bad-network.ts';
import { keepEachTime, keepTimes, quantile, spellTimes } from './stage/figures.ts';
import { Pods } from './stage/pods.ts';
import { must, openScene, type Scene } from './stage/scene.ts';
import { endure, type Outcome, openSession, openSessions, type Session, type Trouble } from './stage/sessions.ts';
import { startTokenCluster } from './stage/token.ts';

const COUNT = times(20, 2);
const SECOND = 1000;
const COPY_MIB = times(16);
const USABLE_MS = 3 * SECOND;
/** So long it lasts. */
const seconds = (forPage: number, otherwise: number) => (IS_LONG ? forPage : otherwise);

let scene: Scene;
let network: BadNetwork;
beforeAll(async () => {
  scene = await openScene({ prefix: 'ways', bytes: 2 ** 20 });
  network = openBadNetwork();
});
afterAll(() => {
  network?.[Symbol.dispose]();
  scene?.[Symbol.dispose]();
});

const LID_SECONDS = seconds(600, 20);
const TROUBLES: (Trouble & { name: string; usableMs?: number })[] = [
  {
    name: `lid closed for ${LID_SECONDS} s: \`ws\` stopped, and the connections of before are dead`,
    lastsMs: LID_SECONDS * SECOND,
    begin(session) {
      session.signal('SIGSTOP');
      session.relay.hold();
    },
    end(session) {
      session.relay.letGo({ forget: true });
      session.signal('SIGCONT');
    },
  },
  ...[seconds(300, 40), seconds(120, 15), seconds(30, 10), 5].map((lasts) => ({
    name: `network gone for ${lasts} s: every packet dropped`,
    // After a few seconds it is the kernel that repeats what was lost, on the connection of before, at its own pace.
    ...(lasts < 10 ? { usableMs: Number.POSITIVE_INFINITY } : {}),
    lastsMs: lasts * SECOND,
    begin: ({ relay }: Session) => network.drop(relay.port),
    end: ({ relay }: Session) => network.pass(relay.port),
  })),
];

describe.concurrent('shells', () => {
  // The longest, so it begins first. It counts Dropbears, and the others have theirs in another pod.
  it('without resumption are let go when their client is gone without a word', async () => {
    using own = await openScene({ prefix: 'reaped', bytes: 2 ** 20 });
    using pods = new Pods(own.namespace);
    const pod = await pods.awaitReady();
    await using relay = await startTcpRelay(getKubeconfig());
    const count = times(10, 2);
    const environment = { KUBECONFIG: relay.kubeconfig };
    const clients = Array.from({ length: count }, () =>
      own.person.start(['ssh', '--no-share', '--no-resume', 'dev', '--', 'sleep 1000'], { environment }),
    );
    try {
      while (findInPod(pod, isDropbear).length < count) await sleep(200);
      await sleep(SECOND);
      relay.hold();
      const begunMs = performance.now();
      const reapedMs: number[] = [];
      while (reapedMs.length < count && performance.now() - begunMs < 180 * SECOND) {
        const left = findInPod(pod, isDropbear).length;
        while (reapedMs.length < count - left) reapedMs.push(performance.now() - begunMs);
        await sleep(200);
      }
      keepFigure('faults', {
        what: '`--no-resume`, and the client is gone without a word: until its session is let go',
        goal: '≤ 100 s',
        figure: spellTimes(reapedMs),
        isMet: reapedMs.length === count && quantile(reapedMs, 1) <= 100 * SECOND,
      });
      expect(reapedMs).toHaveLength(count);
      expect(quantile(reapedMs, 1)).toBeLessThan(100 * SECOND);
    } finally {
      for (const client of clients) client.kill('SIGKILL');
    }
    await must(own, own.ws('ssh', '--no-share', 'dev', '--', 'true'));
  });

  it.each(TROUBLES)('outlive: $name', async ({ name, usableMs, ...trouble }) => {
    await using sessions = await openSessions(scene, COUNT);
    const outcome = await endure(sessions.all, trouble);
    keep(name, outcome, usableMs);
    expect(outcome.lost).toEqual([]);
  });

  const cutSeconds = seconds(60, 8);
  it(`outlive a middlebox that cuts each connection after ${cutSeconds} s`, async () => {
    await using sessions = await openSessions(scene, COUNT, () => ({ toCutMs: () => cutSeconds * SECOND }));
    // Half a time after the third cut of the last one.
    await sleep(cutSeconds * 3.5 * SECOND);
    const outcome = await endure(sessions.all, STILL);
    const cuts = countCuts(sessions.all);
    keep(`a middlebox that cuts each connection after ${cutSeconds} s (${cuts} cuts)`, outcome);
    expect(outcome.lost).toEqual([]);
    expect(cuts).toBeGreaterThanOrEqual(3 * COUNT);
  });

  it('outlive a middlebox that resets one of ten connections at once, and the others soon', async () => {
    await using sessions = await openSessions(scene, COUNT);
    for (const { middlebox, relay } of sessions.all) {
      middlebox.toCutMs = () => (Math.random() < 0.1 ? 1 : 2 * SECOND);
      relay.cut();
    }
    await sleep(seconds(60, 10) * SECOND);
    for (const { middlebox } of sessions.all) middlebox.toCutMs = () => undefined;
    const outcome = await endure(sessions.all, STILL);
    keep(
      `a middlebox that resets 10 % of connections, the others after 2 s (${countCuts(sessions.all)} cuts)`,
      outcome,
    );
    expect(outcome.lost).toEqual([]);
  });
});

/** The way back and forth takes so much longer. */
const DELAY_MS = 300;
const NETWORKS = [
  { name: 'one of ten packets lost', isLossy: true, delayMs: undefined },
  { name: `${DELAY_MS} ms of delay`, isLossy: false, delayMs: DELAY_MS / 2 },
  { name: `one of ten packets lost and ${DELAY_MS} ms of delay`, isLossy: true, delayMs: DELAY_MS / 2 },
];

it.each(NETWORKS)('shells and copies work on, with $name', async ({ name, isLossy, delayMs }) => {
  const toMiddlebox = () => (delayMs === undefined ? {} : { delayMs });
  await using sessions = await openSessions(scene, COUNT, toMiddlebox);
  await using relay = await startTcpRelay(getKubeconfig(), toMiddlebox());
  const ports = [relay, ...sessions.all.map((session) => session.relay)].map(({ port }) => port);
  if (isLossy) ports.forEach(network.dropSome);
  const copies = copyBothWays(relay.kubeconfig);
  const { answeredMs, lost } = await askAll(sessions.all, seconds(120, 10) * SECOND);
  const whole = await copies;
  ports.forEach(network.pass);
  keepFigure('faults', {
    what: `shells: ${name}, asked for ${seconds(120, 10)} s`,
    goal: 'each answers, as often as it is asked',
    figure: `${lost.length} of ${answeredMs.length + lost.length} unanswered; answers: ${spellTimes(answeredMs)}`,
    isMet: lost.length === 0,
  });
  keepEachTime(`${name}: ${COPY_MIB} MiB through \`ws ssh\` and back, equal`, 1, whole ? [] : [name]);
  expect(lost).toEqual([]);
  expect(whole).toBe(true);
});

/** Whether what comes back is what was sent, in one command. */
async function copyBothWays(kubeconfig: string): Promise<boolean> {
  const bytes = randomBytes(COPY_MIB * 2 ** 20);
  const environment = { KUBECONFIG: kubeconfig };
  const { status, stdout } = await scene.person.ws(['ssh', 'dev', '--', 'cat'], { environment, input: bytes });
  return status === 0 && Buffer.from(stdout, 'latin1').equals(bytes);
}

/** All are asked again and again, each as soon as it has answered and a second is over. */
async function askAll(sessions: Session[], lastsMs: number): Promise<Outcome> {
  const outcome: Outcome = { answeredMs: [], lost: [] };
  const endMs = performance.now() + lastsMs;
  const ask = async (session: Session) => {
    while (performance.now() < endMs) {
      outcome.answeredMs.push(await session.answer());
      await sleep(SECOND);
    }
  };
  await Promise.all(
    sessions.map((session) => ask(session).catch((error: unknown) => outcome.lost.push(String(error)))),
  );
  return outcome;
}

it('a token that expires while the connection is lost is renewed', async () => {
  await using cluster = await startTokenCluster(scene.person.home);
  const answeredMs: number[] = [];
  const lost: string[] = [];
  for (const n of [0, 1]) {
    await using session = await openSession(scene, n, {}, cluster.kubeconfig);
    for (let round = 0; round < times(10); round += 1) {
      cluster.renew();
      session.relay.cut();
      await session.answer().then(
        (ms) => answeredMs.push(ms),
        (error: unknown) => lost.push(String(error)),
      );
    }
  }
  keep(`the token expires, and the connection is reset (${cluster.seen.refused} requests refused)`, {
    answeredMs,
    lost,
  });
  expect(lost).toEqual([]);
  expect(cluster.seen.refused).toBeGreaterThanOrEqual(2 * times(10));
});

/** Nothing more; what was, is over. */
const STILL: Trouble = { lastsMs: 0, begin: () => undefined, end: () => undefined };

const countCuts = (sessions: Session[]) => sessions.reduce((sum, { relay }) => sum + relay.seen.cuts, 0);

function keep(name: string, { answeredMs, lost }: Outcome, usableMs = USABLE_MS): void {
  const isBounded = usableMs !== Number.POSITIVE_INFINITY;
  keepFigure('faults', {
    what: `shells: ${name}`,
    goal: isBounded ? `0 lost, usable within ${usableMs / SECOND} s of the way back` : '0 lost',
    figure: `${lost.length} of ${answeredMs.length + lost.length} lost; usable: ${spellTimes(answeredMs)}`,
    isMet: lost.length === 0 && quantile(answeredMs, 1) <= usableMs,
  });
}

it('the first key after a resume is echoed at once', async () => {
  await using sessions = await openSessions(scene, 2);
  const echoMs: number[] = [];
  for (let n = 0; n < times(50, 3); n += 1) {
    for (const { relay, terminal } of sessions.all) {
      const before = terminal.text.length;
      const { connections } = relay.seen;
      relay.cut();
      terminal.type('x');
      while (relay.seen.connections === connections || !terminal.text.slice(before).endsWith('x')) await sleep(5);
      echoMs.push(performance.now() - relay.seen.lastMs);
      terminal.type('\x15');
      await sleep(300);
    }
  }
  const p95 = keepTimes(
    'shells: a key typed while the connection was reset, from the new TCP connection to its echo',
    echoMs,
    SECOND,
  );
  expect(p95).toBeLessThan(SECOND);
});
