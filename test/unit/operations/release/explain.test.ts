import { expect, it } from 'vitest';
import { explain } from '../../../../src/operations/release/explain.ts';
import { type Surroundings, UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import { toLines } from '../../../spelling.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

const refused = (reason: string) => failure('NOT_PERMITTED', { message: 'The cluster refuses the change', reason });
const QUOTA =
  'persistentvolumeclaims "ws-dev-home" is forbidden: exceeded quota: s, requested: requests.storage=10Gi, used: requests.storage=1Gi, limited: requests.storage=5Gi';

async function tell(error: unknown, lookAround: () => Promise<Surroundings> = async () => UNASKED) {
  const { world, calls } = fakeWorld({ cluster: { lookAround } });
  const told = (await explain(error, { workspace: 'dev', found: undefined }, world, NEVER)) as WorkspaceError;
  return { told, calls };
}

it('an error says its cause, with numbers and a command that fits', async () => {
  const { told, calls } = await tell(refused(QUOTA));
  expect(told).toMatchObject({
    code: 'NOT_PERMITTED',
    message: 'The cluster refuses the change',
    because: { code: 'QUOTA_STORAGE' },
    reason: expect.stringMatching(
      /^Quota s allows 5Gi of requests\.storage, 1Gi is used.*\nquota s, requests\.storage: /,
    ),
  });
  expect(toLines(told.suggestions)[0]).toBe('ws up dev --size 4Gi');
  expect(calls).toEqual(['cluster.lookAround']);
});

it('an error that no cause knows stays, and costs no request', async () => {
  for (const error of [refused('the moon is full'), new Error('x'), failure('HELM_MISSING', { message: 'no' })]) {
    const { told, calls } = await tell(error);
    expect([told, calls]).toEqual([error, []]);
  }
});

it('an error that says all by itself keeps its words and gets the code', async () => {
  const suggestions = [ws`up --storage-class fast`];
  const error = failure('STORAGE_CLASS_UNKNOWN', {
    message: 'There is no storage class fats',
    reason: 'There is: fast',
    suggestions,
  });
  const { told } = await tell(error);
  expect(told).toMatchObject({ message: error.message, reason: error.reason, because: { code: 'CLASS_UNKNOWN' } });
  expect(toLines(told.suggestions)).toEqual(['ws up --storage-class fast']);
});

it('where nobody can look around, the words are enough', async () => {
  const { told } = await tell(refused(QUOTA), () => Promise.reject(new Error('gone')));
  expect(told.because?.code).toBe('QUOTA_STORAGE');
});
