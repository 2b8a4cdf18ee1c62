import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { comeBack, type Limits } from '../../../../src/adapters/kubernetes/pod-stream/come-back.ts';
import { TOKEN_BYTES } from '../../../../src/contract/resume/hello.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';

const token = randomBytes(TOKEN_BYTES);
const SIGNAL = new AbortController().signal;
const toComeback = () => ({
  toHello: () => ({ kind: 'resume' as const, token, received: 0 }),
  lostAtMs: Date.now(),
  keptSeconds: 60,
});
const unreachable = () => failure('CLUSTER_UNREACHABLE', { message: 'nobody is there' });

it('asks for the pod as soon as somebody is there who could know, and not before', async () => {
  const happened: string[] = [];
  const faults = [unreachable(), unreachable(), failure('CONNECTION_FAILED', { message: 'no such pod' })];
  const carriers = {
    open: async () => {
      const fault = faults.shift() ?? unreachable();
      happened.push(fault.code);
      throw fault;
    },
    findEnd: async () => {
      happened.push('asked');
      return 'pod dev is gone';
    },
  };
  expect(await comeBack(carriers, toComeback(), SIGNAL)).toEqual({ reason: 'pod dev is gone', event: 'refused' });
  expect(happened).toEqual(['CLUSTER_UNREACHABLE', 'CLUSTER_UNREACHABLE', 'CONNECTION_FAILED', 'asked']);
});

it('gives a new connection a part of each try, and pauses no more after a try that took long', async () => {
  const life = new AbortController();
  const tries: (Limits & { sinceMs: number })[] = [];
  let endedMs = performance.now();
  const carriers = {
    async open(_signal: AbortSignal, limits: Limits) {
      tries.push({ sinceMs: performance.now() - endedMs, ...limits });
      if (tries.length === 9) life.abort();
      // The pauses have grown to more than a second by then.
      await new Promise((resolve) => setTimeout(resolve, tries.length === 8 ? 2000 : 0));
      endedMs = performance.now();
      throw unreachable();
    },
    findEnd: async () => undefined,
  };
  await expect(comeBack(carriers, toComeback(), life.signal)).rejects.toThrow();
  const [eighth, ninth] = tries.slice(7);
  expect(eighth?.sinceMs).toBeGreaterThan(800);
  expect(ninth?.sinceMs).toBeLessThan(eighth?.sinceMs ?? 0);
  for (const { connectLimitMs, openLimitMs, distrustsKept } of tries)
    expect([connectLimitMs < openLimitMs, distrustsKept]).toEqual([true, true]);
});
