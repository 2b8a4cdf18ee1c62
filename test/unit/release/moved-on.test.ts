import { expect, it } from 'vitest';
import { verifyNewest } from '../../../src/workspace/release/moved-on.ts';
import type { ReleaseState } from '../../../src/workspace/release/releases.ts';

const state = (revision: number, status: string) => ({ revision, status }) as ReleaseState;

it.each([
  ['the one that was read', state(4, 'deployed'), 4],
  ['none, of a new workspace', undefined, 0],
  ['one that is being made, which Helm refuses', state(5, 'pending-upgrade'), 4],
  ['one that failed, which is not in force', state(5, 'failed'), 4],
])('values go to Helm where the newest revision is %s', (_what, now, after) => {
  expect(() => verifyNewest('ws-dev', now, after)).not.toThrow();
});

it('values of a release that stood do not go to Helm once it is gone', () => {
  expect(() => verifyNewest('ws-dev', undefined, 4, true)).toThrow(
    expect.objectContaining({ code: 'WORKSPACE_BUSY', reason: expect.stringMatching(/^release ws-dev is gone/) }),
  );
  // One that was half-made may have been taken back by another run.
  expect(() => verifyNewest('ws-dev', undefined, 4)).not.toThrow();
});

it('values that were made from an older revision than the one in force do not', () => {
  expect(() => verifyNewest('ws-dev', state(5, 'deployed'), 4)).toThrow(
    expect.objectContaining({ code: 'WORKSPACE_BUSY', reason: expect.stringMatching(/^revision 5 of release ws-dev/) }),
  );
});
