import { expect, test } from 'vitest';
import { RetryPauses } from '../../../../src/operations/forwards/retry-pauses.ts';
import { type ErrorCode, failure } from '../../../../src/workspace/errors/errors.ts';

const triesWithin = (ms: number, code: ErrorCode) => {
  const pauses = new RetryPauses();
  let tries = 0;
  for (let passedMs = 0; passedMs < ms; passedMs += pauses.next(failure(code, { message: 'x' }))) tries += 1;
  return tries;
};

test('a lost connection is tried again at once, and then every few seconds', () => {
  expect(triesWithin(2000, 'CONNECTION_LOST')).toBeGreaterThanOrEqual(3);
  expect(triesWithin(3_600_000, 'CLUSTER_UNREACHABLE')).toBeLessThan(1000);
});

test('refused credentials are tried once a minute: all night, that is no page of a browser every five seconds', () => {
  expect(triesWithin(3_600_000, 'CREDENTIALS_REJECTED')).toBeLessThanOrEqual(85);
  expect(triesWithin(60_000, 'CREDENTIALS_REJECTED')).toBeLessThanOrEqual(5);
});

test('both count by themselves: after a refusal an outage is over as quickly as before', () => {
  const pauses = new RetryPauses();
  for (let count = 0; count < 5; count += 1) pauses.next(failure('CREDENTIALS_REJECTED', { message: 'x' }));
  expect(pauses.next(failure('CONNECTION_LOST', { message: 'x' }))).toBeLessThan(300);
});
