import { expect, it, vi } from 'vitest';
import { FORWARD, findMissing } from '../../../../../src/operations/checks/rights/find-missing.ts';
import type { Permission } from '../../../../../src/workspace/world.ts';
import { NEVER } from '../../fake-world.ts';

const SECRETS: Permission = { group: '', resource: 'secrets', verb: 'create' };
const WANTED = [SECRETS, ...FORWARD];

/** What is missing to somebody who lacks these, and how often the cluster was asked. */
async function find(lacks: (permission: Permission) => boolean) {
  const findMissingPermissions = vi.fn(async (all: Permission[]) => all.filter(lacks));
  const missing = await findMissing(WANTED, { findMissingPermissions }, NEVER);
  return { missing, questions: findMissingPermissions.mock.calls.length };
}

it.each<[string, (permission: Permission) => boolean, Permission[], number]>([
  ['nothing is missing, and nothing else is asked', () => false, [], 1],
  ['what has nothing to do with it', ({ resource }) => resource === 'secrets', [SECRETS], 1],
  ['a port-forward, where exec is allowed', ({ subresource }) => subresource === 'portforward', [], 2],
  [
    'a port-forward, where exec is allowed in part',
    ({ verb, subresource }) => subresource === 'portforward' || (subresource === 'exec' && verb === 'create'),
    FORWARD,
    2,
  ],
  ['both', ({ subresource }) => subresource !== undefined, FORWARD, 2],
  ['all', () => true, WANTED, 2],
])('%s', async (_what, lacks, missing, questions) => {
  expect(await find(lacks)).toEqual({ missing, questions });
});
