import { describe, expect, it } from 'vitest';
import { formatKeyChanges, KEY_CHANGES_ENTRY, toKeyHash } from '../../../../src/contract/keys/key-changes.ts';
import { AUTHORIZED_KEYS_FILE } from '../../../../src/contract/paths.ts';
import { takeBack } from '../../../../src/operations/release/take-back.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { claim, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER } from '../fake-world.ts';

const refusal = failure('NOT_PERMITTED', { message: 'The cluster refuses the change', reason: 'exceeded quota' });
const [kept, removed] = [makeIdentity(1), makeIdentity(2)];
const line = ({ type, blob }: typeof kept) => `${type} ${blob} x`;

interface Prepared {
  undone?: 'removed' | 'restored' | 'nothing';
  /** Claims and Secrets that are there. */
  there?: string[];
}

function prepared({ undone, there = [] }: Prepared) {
  const changed: string[] = [];
  const note = (what: string) => async (name: string) => void changed.push(`${what} ${name}`);
  const changes = formatKeyChanges({ added: new Map(), removed: new Set([toKeyHash(removed.blob)]) });
  const keys = new Map([
    [AUTHORIZED_KEYS_FILE, Buffer.from(`${line(kept)}\n${line(removed)}\n`)],
    [KEY_CHANGES_ENTRY, Buffer.from(changes)],
  ]);
  const { world } = fakeWorld({
    releases: {
      async undo() {
        if (undone === undefined) throw failure('CLUSTER_UNREACHABLE', { message: 'no answer' });
        return undone;
      },
    },
    cluster: {
      findClaim: async (name) => (there.includes(name) ? claim() : undefined),
      findSecret: async (name) =>
        name === 'ws-dev-authorized-keys' ? keys : there.includes(name) ? new Map() : undefined,
      deleteClaim: note('claim'),
      deleteSecret: note('secret'),
      async updateSecret(name, _before, entries) {
        changed.push(`update ${name}: ${entries[AUTHORIZED_KEYS_FILE]}`);
      },
    },
  });
  return { world, changed };
}

const take = async (options: Prepared, change: object, error = refusal) => {
  const { world, changed } = prepared(options);
  const told = await takeBack(
    error,
    { release: 'ws-dev', found: undefined, keptBefore: undefined, ...change },
    world,
    NEVER,
  );
  return { changed, told: told as WorkspaceError };
};

describe('a write that was refused half-way', () => {
  const nothingBefore = { claim: undefined, hostKey: undefined };

  it('of a new workspace leaves neither home nor host key', async () => {
    const { changed, told } = await take(
      { undone: 'removed', there: ['ws-dev-home', 'ws-dev-host-key'] },
      { keptBefore: nothingBefore },
    );
    expect(changed).toEqual(['claim ws-dev-home', 'secret ws-dev-host-key']);
    expect(told).toMatchObject({ code: 'NOT_PERMITTED', message: refusal.message });
    expect(told.reason).toBe('exceeded quota. What had been made of the workspace was removed again');
  });

  it('of a new workspace leaves what was kept before', async () => {
    const { changed } = await take(
      { undone: 'removed', there: ['ws-dev-home', 'ws-dev-host-key'] },
      { keptBefore: { claim: 'ws-dev-home', hostKey: undefined } },
    );
    expect(changed).toEqual(['secret ws-dev-host-key']);
  });

  it('of a workspace that is there goes back, but not to keys that ws keys removed', async () => {
    const { changed, told } = await take({ undone: 'restored' }, { found: snapshot() });
    expect(changed).toEqual([`update ws-dev-authorized-keys: ${line(kept)}\n`]);
    expect(told.reason).toMatch(/was put back$/);
  });

  it('that left nothing says so', async () => {
    const { changed, told } = await take({ undone: 'nothing' }, { found: snapshot() });
    expect([changed, told.reason]).toEqual([[], 'exceeded quota. Nothing was changed']);
  });

  it('that cannot be taken back says so, and where to look', async () => {
    const { told } = await take({}, { found: snapshot() });
    expect(told.reason).toMatch(/A part of it may be changed, and could not be put back: no answer$/);
    expect(told.suggestions).toEqual(['helm history ws-dev', 'ws status dev']);
  });

  it.each(['WORKSPACE_BUSY', 'CHART_REFUSED', 'HELM_MISSING', 'INTERRUPTED'] as const)(
    'is not looked after with %s: nothing was written, or somebody else is at work',
    async (code) => {
      const error = failure(code, { message: 'no' });
      expect((await take({}, {}, error)).told).toBe(error);
    },
  );
});
