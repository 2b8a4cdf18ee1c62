import { expect, test, vi } from 'vitest';
import { PluginCredentials } from '../../../../src/adapters/kubernetes/credentials/plugin-credentials.ts';

const NEVER = new AbortController().signal;
const credential = (token: string, expiresAtMs?: number) => ({
  token,
  certificate: undefined,
  key: undefined,
  expiresAtMs,
});

/** A plugin that a test ends by hand, and a clock that it turns. */
function plugin() {
  const runs: { signal: AbortSignal; answer(token: string, expiresAtMs?: number): void; fail(error: Error): void }[] =
    [];
  let nowMs = 0;
  const credentials = new PluginCredentials(
    (signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('ended')));
        runs.push({ signal, answer: (...words) => resolve(credential(...words)), fail: reject });
      }),
    () => nowMs,
  );
  return { credentials, runs, pass: (ms: number) => (nowMs += ms) };
}

test('one run serves all who ask, and goes on when one of them gives up', async () => {
  const { credentials, runs } = plugin();
  const impatient = new AbortController();
  const first = credentials.get(impatient.signal);
  const second = credentials.get(NEVER);
  impatient.abort();
  await expect(first).rejects.toMatchObject({ code: 'INTERRUPTED' });
  runs[0]?.answer('t');
  expect((await second).token).toBe('t');
  expect((await credentials.get(NEVER)).token).toBe('t');
  expect(runs).toHaveLength(1);
});

test('who gave up and asks again at once gets the same run; when nobody asks it is ended', async () => {
  vi.useFakeTimers();
  try {
    const { credentials, runs } = plugin();
    const limit = new AbortController();
    const first = credentials.get(limit.signal).catch(() => undefined);
    limit.abort();
    await first;
    await vi.advanceTimersByTimeAsync(1000);
    const again = new AbortController();
    const second = credentials.get(again.signal).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([false]);
    again.abort();
    await second;
    await vi.advanceTimersByTimeAsync(3000);
    expect(runs.map(({ signal }) => signal.aborted)).toEqual([true]);
  } finally {
    vi.useRealTimers();
  }
});

test('a plugin that failed is not started again in a loop: its answer stands, longer each time, a minute at most', async () => {
  const { credentials, runs, pass } = plugin();
  const startsPerMinute: number[] = [];
  for (let minute = 0; minute < 5; minute += 1) {
    const before = runs.length;
    for (let tries = 0; tries < 60; tries += 1) {
      const asked = credentials.get(NEVER);
      runs.at(-1)?.fail(new Error('no session'));
      await expect(asked).rejects.toThrow('no session');
      pass(1000);
    }
    startsPerMinute.push(runs.length - before);
  }
  expect(startsPerMinute[0]).toBeLessThanOrEqual(3);
  expect(startsPerMinute.slice(2).every((starts) => starts <= 1)).toBe(true);
});

test('a refused credential is asked for once more at once, and then only after a pause', async () => {
  const { credentials, runs, pass } = plugin();
  let starts = 0;
  for (let tries = 0; tries < 60; tries += 1) {
    const asked = credentials.get(NEVER);
    if (runs.length > starts) runs[starts++]?.answer(`t-${starts}`);
    credentials.refuse(await asked);
    if (tries === 1) expect(runs).toHaveLength(2);
    pass(1000);
  }
  expect(starts).toBeLessThanOrEqual(5);
  // One that is taken makes all good.
  credentials.accept(await credentials.get(NEVER));
  credentials.refuse(await credentials.get(NEVER));
  credentials.get(NEVER).catch(() => undefined);
  expect(runs).toHaveLength(starts + 1);
});

test('an end that is past already, or a clock that is off, does not start the plugin for each request', async () => {
  const { credentials, runs, pass } = plugin();
  const first = credentials.get(NEVER);
  runs[0]?.answer('t', Date.now() - 3_600_000);
  await first;
  for (let count = 0; count < 20; count += 1) await credentials.get(NEVER);
  expect(runs).toHaveLength(1);
  pass(11_000);
  credentials.get(NEVER).catch(() => undefined);
  expect(runs).toHaveLength(2);
});
