/** What programs of a workspace, and strangers, do to it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findKubelet } from '../diagnosis/stage/node-mounts.ts';
import { endProgram, findInPod, isSupervisor, readMemory } from '../e2e/support/pod-processes.ts';
import { IS_LONG, keepFigure, times } from '../figures/figures.ts';
import { spellTimes } from './stage/figures.ts';
import { findGroup, type Pod, Pods } from './stage/pods.ts';
import { openScene, type Scene } from './stage/scene.ts';

let scene: Scene;
let pods: Pods;
beforeAll(async () => {
  scene = await openScene({ prefix: 'hostile', bytes: 2 ** 20, words: ['--memory', '512Mi', '--cpu', '1'] });
  pods = new Pods(scene.namespace);
});
afterAll(() => {
  pods?.[Symbol.dispose]();
  scene?.[Symbol.dispose]();
});

const logIn = (script: string) => scene.run(scene.ws('ssh', '--no-share', 'dev', '--', script));

/** Takes 200 MiB a second. What is as fast as the kernel, the kernel ends, perhaps with the container. */
const HOG = "python3 -c 'import time\nkept = []\nwhile True: kept.append(bytearray(1 << 20)); time.sleep(0.005)'";

it('of a memory hog and a session beside it, only the hog ends', async () => {
  const count = times(20, 2);
  const faults: string[] = [];
  for (let n = 1; n <= count; n += 1) {
    const beside = scene.start(scene.ws('ssh', '--no-share', 'dev', '--', 'cat; exit 9'));
    const ended = new Promise((resolve) => beside.once('close', resolve));
    const { status } = await logIn(HOG);
    beside.stdin?.end('still here\n');
    const [own, other] = [status, await ended];
    if (own !== 137 || other !== 9) faults.push(`time ${n}: the hog ended with ${own}, the other with ${other}`);
  }
  keepFigure('faults', {
    what: 'memory hog of 200 MiB/s: only it ends',
    goal: '19 of 20',
    figure: `${count - faults.length} of ${count}`,
    isMet: faults.length <= count / 20,
  });
  expect(faults.length, faults.join('\n')).toBeLessThanOrEqual(count / 20);
});

it('while a fork bomb has all processes that the node gives the pod, health answers, and all is well after it', async () => {
  const pod = await pods.awaitReady();
  const limit = path.join(findGroup(pod, 'pids'), 'pids.max');
  // As the kubelet's podPidsLimit does it.
  const before = readFileSync(limit, 'utf8');
  writeFileSync(limit, '1000');
  const isBomb = (words: string[]) => words.some((word) => word.includes('bomb'));
  const bombMs = IS_LONG ? 60_000 : 10_000;
  const answerMs: number[] = [];
  let refused = 0;
  try {
    void logIn('bomb() { bomb | bomb & }; bomb; sleep 1000').catch(() => undefined);
    const endMs = performance.now() + bombMs;
    while (performance.now() < endMs) {
      const begunMs = performance.now();
      try {
        pods.probe(pod, '/healthz');
        answerMs.push(performance.now() - begunMs);
      } catch {
        refused += 1;
      }
      await sleep(500);
    }
    const group = path.dirname(limit);
    expect(Number(readFileSync(path.join(group, 'pids.current'), 'utf8'))).toBeGreaterThan(500);
    // Faster than it can fork: nobody in it may fork any more.
    writeFileSync(limit, '1');
    for (let left = 1; left > 0; ) {
      const all = findInPod(pod, isBomb);
      left = all.length;
      for (const pid of all) endProgram(pid);
    }
  } finally {
    writeFileSync(limit, before.trim());
  }
  const endedMs = performance.now();
  let run = await logIn('echo in');
  while (run.stdout !== 'in\n' && performance.now() - endedMs < 60_000) run = await logIn('echo in');
  const loginMs = performance.now() - endedMs;
  const restarts = pods.countRestarts(pod);
  keepFigure('faults', {
    what: `fork bomb for ${bombMs / 1000} s with a limit of 1000 processes for the pod: health answers`,
    goal: 'throughout',
    figure: `${answerMs.length} of ${answerMs.length + refused}, ${spellTimes(answerMs)}; ${restarts} restarts`,
    isMet: refused === 0 && restarts === 0,
  });
  keepFigure('faults', {
    what: 'fork bomb: a login after it',
    goal: '≤ 10 s',
    figure: spellTimes([loginMs]),
    isMet: loginMs <= 10_000,
  });
  expect([refused, restarts]).toEqual([0, 0]);
  expect(loginMs).toBeLessThan(10_000);
});

/** From the node's network, as any pod of the cluster could: each says nothing or garbage, and stays a while. */
const STRANGER = `
import random, socket, sys, threading, time
def knock():
    try:
        s = socket.create_connection((sys.argv[1], 2222), 5)
        s.sendall(random.choice([b"", b"GET / HTTP/1.1\\r\\n\\r\\n", b"SSH-2.0-stranger\\r\\n", bytes(200)]))
        time.sleep(random.uniform(0, 5))
        s.close()
    except OSError:
        pass
due = time.monotonic()
while True:
    threading.Thread(target=knock, daemon=True).start()
    due += 0.02
    time.sleep(max(0, due - time.monotonic()))
`;

it('while a stranger opens 50 connections a second, people log in', async () => {
  const pod = await pods.awaitReady();
  const [supervisor = 0] = findInPod(pod, isSupervisor);
  const before = readMemory(supervisor);
  const linesBefore = countLog(pod);
  const connectionsBefore = pods.countConnections(pod);
  const address = pods.kubectl(['get', 'pod', pod.name, '-o', 'jsonpath={.status.podIP}']);
  const network = `--net=/proc/${findKubelet()}/ns/net`;
  const stranger = spawn('nsenter', [network, 'python3', '-c', STRANGER, address], { stdio: 'inherit' });
  const begunMs = performance.now();
  const count = times(200, 10);
  const failed: string[] = [];
  const loginMs: number[] = [];
  const most = { ...before };
  try {
    await sleep(3000);
    for (let n = 0; n < count; n += 1) {
      const startMs = performance.now();
      const { status, stderr } = await logIn('true');
      if (status === 0) loginMs.push(performance.now() - startMs);
      else failed.push(stderr);
      const now = readMemory(supervisor);
      most.own = Math.max(most.own, now.own);
      most.all = Math.max(most.all, now.all);
    }
  } finally {
    stranger.kill('SIGKILL');
  }
  const seconds = (performance.now() - begunMs) / 1000;
  // The other pages are those of Node's file, which every server on the node shares and the kernel may drop.
  const more = most.own - before.own;
  const strangers = pods.countConnections(pod) - connectionsBefore - count;
  const perSecond = strangers / seconds;
  keepFigure('faults', {
    what: `a stranger: ${perSecond.toFixed(0)} connections a second for ${seconds.toFixed(0)} s, logins by the API server`,
    goal: '≥ 99 %',
    figure: `${loginMs.length} of ${count}, ${spellTimes(loginMs)}`,
    isMet: failed.length <= count / 100,
  });
  keepFigure('faults', {
    what: 'a stranger: the memory that the server takes more',
    goal: '≤ 20 MB',
    figure: `${more.toFixed(1)} MiB of its own, ${(most.all - before.all).toFixed(1)} with the pages of Node's file, and ${countLog(pod) - linesBefore} lines of log`,
    isMet: more * 1.048576 <= 20,
  });
  expect(failed.length, failed.join('\n')).toBeLessThanOrEqual(count / 100);
  expect(more * 1.048576).toBeLessThanOrEqual(20);
  // Not all of a busy machine's threads come in time.
  expect(perSecond).toBeGreaterThan(40);
});

const countLog = ({ name }: Pod) => pods.kubectl(['logs', name]).split('\n').length;

it('a flood of the log by a program in it hinders nobody', async () => {
  const pod = await pods.awaitReady();
  const flood = scene.start(scene.ws('ssh', '--no-share', 'dev', '--', 'yes flood > /proc/1/fd/1'));
  const loginMs: number[] = [];
  const count = times(20, 3);
  const failed: string[] = [];
  try {
    await sleep(2000);
    for (let n = 0; n < count; n += 1) {
      const begunMs = performance.now();
      const { status, stderr } = await logIn('true');
      if (status === 0) loginMs.push(performance.now() - begunMs);
      else failed.push(stderr);
    }
    expect(pods.kubectl(['logs', pod.name, '--tail=50'])).toContain('flood\n');
  } finally {
    await endWithin(flood);
  }
  keepFigure('faults', {
    what: 'a program floods the log of the container: logins meanwhile',
    goal: 'each',
    figure: `${loginMs.length} of ${count}, ${spellTimes(loginMs)}; ${pods.countRestarts(pod)} restarts`,
    isMet: failed.length === 0,
  });
  expect(failed).toEqual([]);
});

async function endWithin(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill();
  await ended;
}
