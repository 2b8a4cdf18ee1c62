/** A pod that is killed or evicted, servers that are killed in it, and a home that is full. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { onNode } from '../diagnosis/stage/node-mounts.ts';
import { kubectl } from '../e2e/cluster-under-test.ts';
import { findInPod, isDropbear, isSupervisor } from '../e2e/support/pod-processes.ts';
import { times } from '../figures/figures.ts';
import { keepEachTime, keepTimes } from './stage/figures.ts';
import { type Pod, Pods } from './stage/pods.ts';
import { must, openScene, type Scene } from './stage/scene.ts';

const READY_MS = 10_000;

let scene: Scene;
let pods: Pods;
beforeAll(async () => {
  scene = await openScene({ prefix: 'pods', bytes: 2 ** 20, words: ['--storage-class', 'ws-local'] });
  pods = new Pods(scene.namespace);
});
afterAll(() => {
  pods?.[Symbol.dispose]();
  scene?.[Symbol.dispose]();
});

const logIn = (script: string) => scene.run(scene.ws('ssh', '--no-share', 'dev', '--', script));
const readHostKey = () =>
  kubectl(['-n', scene.namespace, 'get', 'secret', 'ws-dev-host-key', '-o', 'jsonpath={.data}']);

it.each([
  { what: 'pod killed', count: times(100, 3), end: (pod: Pod) => pods.kill(pod) },
  { what: 'pod evicted', count: times(20, 1), end: (pod: Pod) => pods.evict(pod) },
])('$what: it is ready again with its home and its host key', async ({ what, count, end }) => {
  const hostKey = readHostKey();
  const mark = `${what} at ${Date.now()}`;
  await must(scene, scene.ws('ssh', 'dev', '--', `echo ${mark} > mark`));
  const readyMs: number[] = [];
  const faults: string[] = [];
  let pod = await pods.awaitReady();
  for (let n = 1; n <= count; n += 1) {
    const begunMs = performance.now();
    const old = pod;
    end(old);
    pod = await pods.awaitReady(old);
    readyMs.push(performance.now() - begunMs);
    // The kubelet may take a second to tell the old server, which lets people in until then.
    await expect.poll(() => findInPod(old, isSupervisor)).toEqual([]);
    // `ws` refuses another host key than the one that it pinned.
    const { status, stdout, stderr } = await logIn('cat mark; sha256sum < big');
    const isSame = stdout === `${mark}\n${scene.big.hash}  -\n` && readHostKey() === hostKey;
    if (status !== 0 || !isSame) faults.push(`time ${n}: status ${status}, ${stdout}${stderr}`);
  }
  const p95 = keepTimes(`${what}: ready again`, readyMs, READY_MS);
  keepEachTime(`${what}: the same host key and home`, count, faults);
  expect(faults).toEqual([]);
  expect(p95).toBeLessThan(READY_MS);
});

it('a Dropbear that is killed ends its session alone, and the next login works', async () => {
  const pod = await pods.awaitReady();
  const faults: string[] = [];
  const count = times(20, 2);
  for (let n = 1; n <= count; n += 1) {
    const before = findInPod(pod, isDropbear);
    const other = scene.start(scene.ws('ssh', '--no-share', 'dev', '--', 'cat'));
    await awaitAnother(pod, before);
    const known = findInPod(pod, isDropbear);
    const victim = scene.run(scene.ws('ssh', '--no-share', 'dev', '--', 'sleep 60'));
    process.kill(await awaitAnother(pod, known), 'SIGKILL');
    const { status } = await victim;
    const login = await logIn('echo in');
    if (status !== 255 || login.stdout !== 'in\n' || other.exitCode !== null)
      faults.push(`time ${n}: status ${status}, the other ${other.exitCode}, ${login.stderr}`);
    other.kill();
  }
  keepEachTime('Dropbear killed: its session ends with 255, the others stay, the next login works', count, faults);
  expect(faults).toEqual([]);
});

/** The Dropbear that was not there before, and stays: one that only greets a probe is gone soon. */
async function awaitAnother(pod: Pod, before: number[]): Promise<number> {
  const listNew = () => findInPod(pod, isDropbear).filter((pid) => !before.includes(pid));
  for (let tries = 0; tries < 60; tries += 1) {
    const early = listNew();
    await sleep(500);
    const found = listNew().find((pid) => early.includes(pid));
    if (found !== undefined) return found;
  }
  throw new Error('no session began');
}

it('a server that is killed is back soon, with the home and the host key', async () => {
  const backMs: number[] = [];
  for (let n = 1; n <= times(10, 1); n += 1) {
    // A pod of its own each time: the kubelet waits longer with each end of the same one.
    const before = await pods.awaitReady();
    pods.kill(before);
    const pod = await pods.awaitReady(before);
    const [supervisor = 0] = findInPod(pod, isSupervisor);
    process.kill(supervisor, 'SIGKILL');
    const begunMs = performance.now();
    let run = await logIn('sha256sum < big');
    while (run.status !== 0 && performance.now() - begunMs < 60_000) run = await logIn('sha256sum < big');
    backMs.push(performance.now() - begunMs);
    expect(run.stdout, run.stderr).toBe(`${scene.big.hash}  -\n`);
    expect(pods.countRestarts(pod)).toBe(1);
  }
  const p95 = keepTimes('the server in the pod killed: until the next login is in', backMs, READY_MS);
  expect(p95).toBeLessThan(READY_MS);
});

it('a home that is full to the last byte lets everybody in', async () => {
  await must(scene, scene.ws('stop', 'dev', '--yes'));
  const volume = kubectl(['-n', scene.namespace, 'get', 'pvc', '-o', 'jsonpath={.items[0].spec.volumeName}']);
  const folder = kubectl(['get', 'pv', volume, '-o', 'jsonpath={.spec.local.path}{.spec.hostPath.path}']);
  await onNode('mount', '-t', 'tmpfs', '-o', 'size=64m,mode=0777', 'tmpfs', folder);
  const count = times(20, 3);
  const faults: string[] = [];
  try {
    await must(scene, scene.ws('up', 'dev', '--yes', '--no-shell'));
    await logIn('cat /dev/zero > ballast; cat /dev/zero > rest');
    const { stdout: free } = await logIn('df --output=avail -B1 . | tail -n 1');
    expect(free.trim()).toBe('0');
    for (let n = 1; n <= count; n += 1) {
      // A command, or a login shell with all its files; the later half in a pod that began on a full home.
      const run = await logIn(n % 2 === 0 ? 'bash -lic "echo in"' : 'echo in');
      if (!run.stdout.endsWith('in\n')) faults.push(`time ${n}: status ${run.status}, ${run.stdout}${run.stderr}`);
      if (n !== Math.ceil(count / 2)) continue;
      const pod = await pods.awaitReady();
      pods.kill(pod);
      await pods.awaitReady(pod);
    }
  } finally {
    await must(scene, scene.ws('stop', 'dev', '--yes'));
    await onNode('umount', '-l', folder);
    await must(scene, scene.ws('up', 'dev', '--yes', '--no-shell'));
  }
  keepEachTime('home 100 % full: logins, half of them in a pod that began so', count, faults);
  expect(faults).toEqual([]);
});
