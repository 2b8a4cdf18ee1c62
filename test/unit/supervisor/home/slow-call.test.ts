import { describe, expect, it, vi } from 'vitest';
import { isVolumeAwaited, SlowCall } from '../../../../src/supervisor/runtime/slow-call.ts';

describe('a call to a volume', () => {
  it('F7C8-METRICS: gives its answer, and the one before while a new one is late, with one call at a time', async () => {
    let calls = 0;
    let answer = Promise.resolve(1);
    const call = new SlowCall(() => {
      calls += 1;
      return answer;
    });
    expect(await call.get(1000)).toBe(1);
    const { promise, resolve } = Promise.withResolvers<number>();
    answer = promise;
    expect(await Promise.all(Array.from({ length: 50 }, () => call.get(20)))).toEqual(Array(50).fill(1));
    expect([calls, isVolumeAwaited()]).toEqual([2, true]);
    resolve(2);
    await vi.waitFor(() => expect(isVolumeAwaited()).toBe(false), 120_000);
    answer = Promise.resolve(3);
    expect(await call.get(1000)).toBe(3);
  });

  it('F7C8-METRICS: gives nothing when there never was an answer, or the last one was an error', async () => {
    const late = Promise.withResolvers<number>();
    const never = new SlowCall(() => late.promise);
    expect(await never.get(10)).toBeUndefined();
    late.resolve(1);
    let fail = false;
    const failing = new SlowCall(async () => {
      if (fail) throw new Error('ESTALE');
      return 1;
    });
    expect(await failing.get(1000)).toBe(1);
    fail = true;
    expect(await failing.get(1000)).toBeUndefined();
  });
});
