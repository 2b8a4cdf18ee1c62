import { expect, it } from 'vitest';
import { status } from '../../../../src/operations/look/status.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import type { UnendedChange } from '../../../../src/workspace/state/cluster-words.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

async function see(listUnended: () => Promise<UnendedChange[]>) {
  const found = { ...snapshot(), pod: undefined };
  const { world } = fakeWorld({
    cluster: { findWorkspace: async () => found, findSecret: async () => undefined, listUnended },
  });
  return (await status('dev', world, NEVER)).unended;
}

it('says that Helm has not ended a change of this release', async () => {
  const changes = [
    { release: 'ws-api', status: 'pending-install' as const },
    { release: 'ws-dev', status: 'pending-upgrade' as const },
  ];
  expect(await see(async () => changes)).toBe('pending-upgrade');
  expect(await see(async () => changes.slice(0, 1))).toBeUndefined();
});

it('says nothing of it where that cannot be asked', async () => {
  const refuse = async () => {
    throw failure('NOT_PERMITTED', { message: 'No', suggestions: [] });
  };
  expect(await see(refuse)).toBeUndefined();
});
