import { describe, expect, it } from 'vitest';
import { status } from '../../../../src/operations/look/status.ts';
import { failure } from '../../../../src/workspace/errors/errors.ts';
import type { UnendedChange } from '../../../../src/workspace/state/cluster-words.ts';
import type { Cluster } from '../../../../src/workspace/world.ts';
import { snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER } from '../fake-world.ts';

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

describe('where no key opens the workspace', () => {
  const marks = { changedAt: undefined, labels: {}, annotations: {} };
  const ask = async (findMarkedSecret: Cluster['findMarkedSecret'], found = snapshot()) => {
    const { world } = fakeWorld({
      cluster: { findWorkspace: async () => found, findSecret: async () => undefined, findMarkedSecret },
    });
    const { state, trouble, causes } = await status('dev', world, NEVER);
    return { state, trouble, causes };
  };
  const holding = (entries: Record<string, string>) => async () => ({
    ...marks,
    data: new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)])),
  });

  it.each([
    ['is empty', holding({ authorized_keys: '\n' }), /authorized_keys is empty/],
    ['lacks its entry', holding({ other: 'x' }), /no entry authorized_keys; it has other/],
    ['has no entry at all', holding({}), /none at all/],
    ['holds junk', holding({ authorized_keys: 'junk\n' }), /no line of authorized_keys is a public key/],
  ])('says so if the Secret %s', async (_, read, words) => {
    const { state, trouble, causes } = await ask(read);
    expect(state).toBe('ready');
    expect(trouble).toMatchObject({ code: 'AUTHORIZED_KEYS_UNUSABLE', evidence: [expect.stringMatching(words)] });
    expect(causes).toHaveLength(1);
  });

  it('says nothing false if the Secret may not be read, is not there, or has a key', async () => {
    const refuse = async () => {
      throw failure('NOT_PERMITTED', { message: 'No' });
    };
    const { type, blob } = makeIdentity(1);
    for (const read of [refuse, async () => undefined, holding({ authorized_keys: `${type} ${blob} me\n` })])
      expect((await ask(read)).trouble).toBeUndefined();
  });
});
