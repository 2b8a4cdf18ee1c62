import { expect, it } from 'vitest';
import { examine, good } from '../../../../src/operations/doctor/examine.ts';
import { failure, interrupted } from '../../../../src/workspace/errors/errors.ts';
import { NEVER } from '../fake-world.ts';

const LATE = {
  group: 'This machine',
  check: 'helm',
  verdict: 'bad',
  detail: 'no answer within 0.02 s',
  suggestion: undefined,
};
const onAbort = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(interrupted())));

it.each([
  ['hears nothing', () => new Promise<never>(() => undefined)],
  ['ends when it is told to', onAbort],
])('ends a look that %s', async (_what, look) => {
  expect(await examine('helm', look, NEVER, 20)).toEqual(LATE);
});

it('says what a look found, or threw', async () => {
  expect(await examine('helm', () => good('y'), NEVER)).toMatchObject({ verdict: 'good', detail: 'y' });
  const broken = () => Promise.reject(failure('HELM_FAILED', { message: 'No', reason: 'why' }));
  expect(await examine('helm', broken, NEVER)).toMatchObject({ verdict: 'bad', detail: 'No: why' });
});

it('throws what the user asked for, and bugs', async () => {
  const stop = new AbortController();
  const running = examine('helm', onAbort, stop.signal);
  stop.abort();
  await expect(running).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await expect(examine('helm', () => Promise.reject(new TypeError('bug')), NEVER)).rejects.toThrow('bug');
});
