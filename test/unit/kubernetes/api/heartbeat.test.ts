import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Heartbeat } from '../../../../src/adapters/kubernetes/api/heartbeat.ts';

let pings: number;
let dead: number;
let listening: boolean;
let heartbeat: Heartbeat;

beforeEach(() => {
  vi.useFakeTimers();
  [pings, dead, listening] = [0, 0, true];
  heartbeat = new Heartbeat({
    ping: () => (pings += 1),
    isListening: () => listening,
    onDead: () => (dead += 1),
  });
  heartbeat.start();
});
afterEach(() => {
  heartbeat.stop();
  vi.useRealTimers();
});

test('a connection that answers lives', () => {
  for (let tick = 0; tick < 20; tick += 1) {
    vi.advanceTimersByTime(15_000);
    heartbeat.beat();
  }
  expect([pings, dead]).toEqual([20, 0]);
});

test('two pings without an answer, and it is dead', () => {
  vi.advanceTimersByTime(30_000);
  expect([pings, dead]).toEqual([2, 0]);
  vi.advanceTimersByTime(15_000);
  expect([pings, dead]).toEqual([2, 1]);
  vi.advanceTimersByTime(60_000);
  expect(dead).toBe(1);
});

test('while nobody reads, silence means nothing', () => {
  listening = false;
  vi.advanceTimersByTime(300_000);
  expect(dead).toBe(0);
});

test('after a sleep of the machine one short wait tells', () => {
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(15_000);
  expect([pings, dead]).toEqual([1, 0]);
  vi.advanceTimersByTime(4_000);
  expect([pings, dead]).toEqual([1, 1]);
});

test('after a sleep an answer in that short wait keeps it', () => {
  vi.setSystemTime(Date.now() + 3_600_000);
  vi.advanceTimersByTime(15_000);
  heartbeat.beat();
  vi.advanceTimersByTime(4_000);
  heartbeat.beat();
  vi.advanceTimersByTime(15_000);
  expect([pings, dead]).toEqual([3, 0]);
});
