/**
 * Clusters side by side, and every way one can end: by its command, with its owner, by a kill. The tests follow one
 * another.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  awaitNoTraces,
  findMounts,
  findTraces,
  isNodeReady,
  makeClusterName,
  NO_TRACES,
  readPid,
  runCluster,
} from './cluster-command.ts';

/** From a warm cache to a Ready node, alone on the machine. */
const WARM_START_LIMIT_MS = 20_000;

describe('clusters of one machine', () => {
  const first = makeClusterName('c1');
  const second = makeClusterName('c2');
  let owner: ChildProcess;

  beforeAll(async () => {
    owner = spawn('sleep', ['3600'], { stdio: 'ignore' });
    const starts = await Promise.all([
      runCluster('up', '--name', first),
      runCluster('up', '--name', second, '--owner', String(owner.pid)),
    ]);
    for (const start of starts) expect(start, start.stderr).toMatchObject({ status: 0 });
  });

  afterAll(async () => {
    owner.kill('SIGKILL');
    await Promise.all([runCluster('down', '--name', first), runCluster('down', '--name', second)]);
  });

  it('start side by side, each with all that is its own', async () => {
    expect(isNodeReady(first)).toBe(true);
    expect(isNodeReady(second)).toBe(true);
    expect((await runCluster('list')).stdout.split('\n')).toEqual(expect.arrayContaining([first, second]));
    for (const name of [first, second]) {
      const traces = findTraces(name);
      expect(traces.processes.length).toBeGreaterThan(12);
      expect(traces.interfaces).toHaveLength(1);
      expect(traces.tables).toHaveLength(1);
      expect(traces.cgroups.length).toBeGreaterThan(0);
      expect(traces.folders).toHaveLength(1);
    }
  });

  it('keep their mounts to themselves', () => {
    const inside = findTraces(first).processes.flatMap((pid) => findMounts(pid, first));
    expect(inside.length).toBeGreaterThan(0);
    expect(findTraces(first).mounts).toEqual([]);
  });

  it('are found up by a second `up`, by one that comes at the same time as well', async () => {
    const keeper = readPid(first, 'keeper.pid');
    const again = await Promise.all([runCluster('up', '--name', first), runCluster('up', '--name', first)]);
    for (const outcome of again)
      expect(outcome).toMatchObject({ status: 0, stderr: `Cluster ${first} is up already\n` });
    expect(readPid(first, 'keeper.pid')).toBe(keeper);
  });

  it.each(['apiserver', 'kubelet', 'containerd'])('come back after the death of %s', async (program) => {
    const outcome = await runCluster('restart', program, '--name', first);
    expect(outcome, outcome.stderr).toMatchObject({ status: 0 });
    expect(isNodeReady(first)).toBe(true);
  });

  it('leave nothing after `down`, and the other one alone', async () => {
    expect(await runCluster('down', '--name', first)).toMatchObject({ status: 0 });
    expect(findTraces(first)).toEqual(NO_TRACES);
    expect(isNodeReady(second)).toBe(true);
  });

  it(`start again within ${WARM_START_LIMIT_MS / 1000} s of a machine that does nothing else`, async () => {
    // What else runs takes its share: with four busy programs on two cores there is half a machine left.
    const share = Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
    const begun = Date.now();
    const outcome = await runCluster('up', '--name', first);
    expect(outcome, outcome.stderr).toMatchObject({ status: 0 });
    expect((Date.now() - begun) / share).toBeLessThan(WARM_START_LIMIT_MS);
  });

  it('leave nothing after a kill -9 of the keeper', async () => {
    process.kill(readPid(first, 'keeper.pid'), 'SIGKILL');
    expect(await awaitNoTraces(first, 15_000)).toEqual(NO_TRACES);
    expect(isNodeReady(second)).toBe(true);
  });

  it('end with their owner, and leave nothing', async () => {
    owner.kill('SIGKILL');
    expect(await awaitNoTraces(second, 15_000)).toEqual(NO_TRACES);
  });

  it('are gone for every other command then', async () => {
    for (const words of [['status'], ['kubeconfig'], ['restart', 'kubelet']]) {
      const outcome = await runCluster(...words, '--name', first);
      expect(outcome.status).toBe(1);
      expect(outcome.stderr).toContain(`There is no cluster ${first}`);
    }
    expect(await runCluster('down', '--name', first)).toMatchObject({ status: 0 });
  });
});

describe('the cluster command', () => {
  it.each(['Upper', 'much-too-long', '', '9lives', '../dev'])('refuses the name %j', async (name) => {
    const outcome = await runCluster('up', '--name', name);
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain(`"${name}" cannot be a cluster's name`);
    expect(outcome.stderr).toContain('npm run cluster -- up --name dev');
  });

  it('names its words when it does not know one', async () => {
    const outcome = await runCluster('explode');
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('"explode" is not a cluster command');
    expect(outcome.stderr).toContain('up | down | status');
  });
});
