import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchIdleness } from '../../../../src/supervisor/idle/idle-watch.ts';
import { Metrics } from '../../../../src/supervisor/measures/metrics.ts';
import { createLog } from '../../../../src/supervisor/output/log.ts';

const STOP_AFTER_MS = 10 * 60_000;

let root: string;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
  root = mkdtempSync(path.join(tmpdir(), 'watch-'));
  for (const folder of ['pts', 'proc/self/ns', 'proc/net', 'proc/7'])
    mkdirSync(path.join(root, folder), { recursive: true });
  symlinkSync('pid:[4026532501]', path.join(root, 'proc/self/ns/pid'));
  writeFileSync(path.join(root, 'pts/0'), '');
  writeFileSync(path.join(root, 'proc/net/dev'), 'eth0: 100 0 0 0 0 0 0 0 23 0 0 0 0 0 0 0\n');
  writeFileSync(path.join(root, 'proc/7/stat'), '7 (node) S 1 7 1 0 -1 0 11 0 0 0 0 1 2 3 20 0 1 0 5000 0');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(root, { recursive: true, force: true });
});

function watch(endAfterMs?: number) {
  const server = { isReady: true };
  const metrics = new Metrics({ version: '1', home: root, cgroupRoot: root, startedAtMs: 0, restarts: 0 });
  const logged: string[] = [];
  watchIdleness(
    {
      ownPid: 7,
      listConnections: () => [],
      isReady: () => server.isReady,
      stopAfterMs: STOP_AFTER_MS,
      endAfterMs,
      metrics: metrics.idle,
      log: createLog({ level: 'info', write: (line) => logged.push(line), nowMs: () => 0 }),
    },
    { proc: path.join(root, 'proc'), terminals: path.join(root, 'pts'), leases: path.join(root, 'keep') },
  );
  const readTerminal = () => readFileSync(path.join(root, 'pts/0'), 'utf8');
  const ask = async () => (await metrics.render()).split('\n').filter((row) => /^ws_(idle|busy|held|time)/.test(row));
  return { server, logged, readTerminal, ask };
}

it('says for how long nothing has worked, and tells the terminals once before the end', async () => {
  const { logged, readTerminal, ask } = watch();
  vi.advanceTimersByTime(STOP_AFTER_MS - 150_000);
  expect(logged).toEqual([]);
  vi.advanceTimersByTime(60_000);
  expect(logged).toEqual([expect.stringContaining('idle.told')]);
  vi.advanceTimersByTime(90_000);
  expect(await ask()).toEqual([
    `ws_idle_seconds ${STOP_AFTER_MS / 1000}`,
    `ws_idle_stop_seconds ${STOP_AFTER_MS / 1000}`,
  ]);
  expect(logged).toHaveLength(1);
  // To read it sooner would count as typing.
  expect(readTerminal()).toContain('This workspace sleeps in 120 s');
});

it('says nothing of a workspace that ends: who wakes it meanwhile would see it put to sleep again', async () => {
  const { server, logged, readTerminal, ask } = watch();
  vi.advanceTimersByTime(STOP_AFTER_MS - 150_000);
  server.isReady = false;
  vi.advanceTimersByTime(150_000);
  expect(await ask()).toEqual([`ws_idle_stop_seconds ${STOP_AFTER_MS / 1000}`]);
  expect(readTerminal()).toBe('');
  expect(logged).toEqual([]);
});

it('says how long it may still run, and tells the terminals before the end, whatever works', async () => {
  const { logged, readTerminal, ask } = watch(STOP_AFTER_MS / 2);
  vi.advanceTimersByTime(STOP_AFTER_MS / 4 - 15_000);
  expect(logged).toEqual([]);
  vi.advanceTimersByTime(15_000);
  expect(logged).toEqual([expect.stringContaining('end.told')]);
  expect(readTerminal()).toContain('This workspace stops in 3 min, whatever works in it');
  expect(await ask()).toContain('ws_time_left_seconds 150');
  vi.advanceTimersByTime(STOP_AFTER_MS / 2);
  expect(await ask()).toContain('ws_time_left_seconds 0');
});
