/** A workspace whose memory a program takes as fast as the kernel gives it. */
import { spawn as spawnPty } from '@lydell/node-pty';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Terminal } from '../app/running/run-ws.ts';
import { eventually, type Release } from '../operator/release.ts';
import { Stage } from '../support/stage.ts';

let stage: Stage;
let release: Release;

beforeAll(async () => {
  stage = new Stage('memory');
  release = stage.release('ws-memory');
  await release.apply({
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2', memory: '512Mi' } },
  });
});
afterAll(() => stage?.[Symbol.dispose]());

/**
 * Takes 200 MiB a second until it is stopped: a leak on a busy machine. What is as fast as the kernel is a test of its
 * own.
 */
const LEAK = "python3 -c 'import time\nkept = []\nwhile True: kept.append(bytearray(1 << 20)); time.sleep(0.005)'";

it('J1X6-LIMIT: ends it before the kernel has to, three times, says so on the terminals, and keeps the sessions', async () => {
  const words = [...release.options, '-tt', release.address];
  const terminal = new Terminal(spawnPty('ssh', words, { cols: 120, rows: 30, name: 'xterm-256color' }));
  try {
    await terminal.see(/\$ $/);
    const before = release.metric('ws_memory_guard_kills_total');
    const oomBefore = release.metric('ws_oom_kills_total');
    const listKilled = () => release.log().filter(({ event }) => event === 'memory.killed');
    const earlier = listKilled().length;
    for (const round of [1, 2, 3]) {
      expect(release.ssh(`${LEAK}; echo $?`)).toMatchObject({ status: 0, stdout: '137\n' });
      expect(release.metric('ws_memory_guard_kills_total')).toBe(before + round);
    }
    expect(release.metric('ws_oom_kills_total')).toBe(oomBefore);
    await terminal.see(/\[ws\] Out of memory: python3 \(process \d+, \d+ MiB\) was ended to keep the workspace alive/);
    terminal.type('echo still $((40 + 2))\r');
    await terminal.see(/still 42/);
    const killed = listKilled().slice(earlier);
    expect(killed).toHaveLength(3);
    expect(killed[0]).toMatchObject({ level: 'error', process: 'python3', limitBytes: 512 * 2 ** 20 });
  } finally {
    terminal.kill('SIGKILL');
  }
});

it('J1X6-LIMIT: takes cached files for what they are: memory that is free', () => {
  const before = release.metric('ws_memory_guard_kills_total');
  // Read often, they stay among the pages that the kernel gives back last.
  const script =
    'head -c 600M /dev/zero > big; for round in 1 2 3 4; do head -c 420M big > /dev/null; done; rm big; echo read';
  expect(release.ssh(script)).toMatchObject({ status: 0, stdout: 'read\n' });
  expect(release.metric('ws_memory_guard_kills_total')).toBe(before);
});

it('J1X6-LIMIT: accounts for each program that is as fast as the kernel, whoever of the two ends it', async () => {
  const count = () => release.metric('ws_memory_guard_kills_total') + release.metric('ws_oom_kills_total');
  const before = count();
  // tail keeps all of a line that never ends.
  const run = release.ssh('tail /dev/zero; echo $?');
  // Where the kernel ends the whole container, the counters begin anew with it.
  if (run.status !== 0)
    await eventually(
      () => release.connect().then(() => release.ssh('true').status),
      (status) => status === 0,
    );
  // Both may choose it in the same moment, and then both count it.
  else expect([run.stdout, count() - before]).toEqual(['137\n', expect.toBeOneOf([1, 2])]);
  expect(release.ssh('echo still in')).toMatchObject({ status: 0, stdout: 'still in\n' });
});

it('J1X6-LIMIT: never ends a small program for a large one that the kernel is taking apart', async () => {
  // Faster than any guard: the kernel may end the program itself, or the whole container.
  const small = release.ssh('sleep 600 >/dev/null 2>&1 & echo $!').stdout.trim();
  release.ssh('python3 -c \'b"x" * (900 << 20)\'');
  await release.connect();
  await eventually(
    () => release.ssh('echo in').stdout,
    (text) => text === 'in\n',
  );
  const killed = release.log().filter(({ event }) => event === 'memory.killed');
  const others = killed.filter(({ process }) => !['tail', 'python3'].includes(String(process)));
  expect(others).toEqual([]);
  // Unless the container itself began anew, the small program still runs.
  if (release.metric('ws_oom_kills_total') + release.metric('ws_memory_guard_kills_total') > 0)
    expect(release.ssh(`kill -0 ${small} && kill ${small}`).status).toBe(0);
});
