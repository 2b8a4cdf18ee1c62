import { expect, it } from 'vitest';
import { explainLoss } from '../../../../src/operations/login/explain-loss.ts';
import { UNASKED } from '../../../../src/workspace/diagnosis/scene.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { ws } from '../../../../src/workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { pendingPod, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

const LOST = failure('CONNECTION_FAILED', {
  message: 'The SSH server does not answer',
  reason: 'nothing came of the handshake',
  suggestions: [ws`logs`],
});
const LOST_CLAIM = snapshot({ home: { kind: 'missing-claim', name: 'data' }, pod: pendingPod() });

function explain(error: unknown, found: () => Promise<WorkspaceSnapshot | undefined>) {
  const { world } = fakeWorld({ cluster: { findWorkspace: found, lookAround: async () => UNASKED } });
  return explainLoss(error, 'dev', world, NEVER);
}

it('says of a login that broke off what ws status would say', async () => {
  const error = (await explain(LOST, async () => LOST_CLAIM)) as WorkspaceError;
  expect(error).toMatchObject({ code: 'CONNECTION_FAILED', message: LOST.message, because: { code: 'CLAIM_MISSING' } });
  expect(error.reason).toMatch(/^nothing came of the handshake\nThe home claim data does not exist/);
  expect(error.suggestions.at(-1)).toEqual(ws`logs`);
});

it('adds nothing where nothing is wrong, nothing is there, or nobody may look', async () => {
  const refuse = async () => {
    throw failure('NOT_PERMITTED', { message: 'No' });
  };
  for (const found of [async () => snapshot({}), async () => undefined, refuse])
    expect(await explain(LOST, found)).toBe(LOST);
});

it('asks nobody about an error that tells its cause, or about another one', async () => {
  const never = async (): Promise<never> => {
    throw new Error('asked');
  };
  const proxied = failure('CONNECTION_FAILED', { message: 'No stream', reason: 'HTTP status 403: no' });
  for (const error of [proxied, failure('KEY_NOT_AUTHORIZED', { message: 'No' }), new TypeError('bug')])
    expect(await explain(error, never)).toBe(error);
});
