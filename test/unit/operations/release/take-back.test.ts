import { describe, expect, it } from 'vitest';
import { formatKeyChanges, KEY_CHANGES_ENTRY, toKeyHash } from '../../../../src/contract/keys/key-changes.ts';
import { AUTHORIZED_KEYS_FILE } from '../../../../src/contract/paths.ts';
import { type Change, discard, takeBack } from '../../../../src/operations/release/take-back.ts';
import { failure, type WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { kubectl, ws } from '../../../../src/workspace/errors/suggestion.ts';
import type { VolumeUser } from '../../../../src/workspace/state/snapshot.ts';
import { saying, toLines } from '../../../spelling.ts';
import { claim, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, makeIdentity, NEVER } from '../fake-world.ts';

const refusal = failure('NOT_PERMITTED', { message: 'The cluster refuses the change', reason: 'exceeded quota' });
const [kept, removed] = [makeIdentity(1), makeIdentity(2)];
const line = ({ type, blob }: typeof kept) => `${type} ${blob} x`;

interface Prepared {
  undone?: 'removed' | 'restored' | 'nothing';
  /** Claims and Secrets that are there. */
  there?: string[];
  /** Whose they are, where that is somebody else. */
  maker?: string;
  /** Who mounts them. */
  users?: VolumeUser[];
  namespace?: 'active' | 'unknown';
}

function prepared({ undone, there = [], maker, users = [], namespace }: Prepared) {
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
      uninstall: async (name) => {
        if (undone === undefined) throw failure('CLUSTER_UNREACHABLE', { message: 'no answer' });
        changed.push(`uninstall ${name}`);
      },
    },
    cluster: {
      findNamespace: async () => namespace,
      listVolumeUsers: async () => users,
      findClaim: async (name) => (there.includes(name) ? claim({ workspace: maker ?? 'dev' }) : undefined),
      findMarkedSecret: async () => ({
        changedAt: undefined,
        data: new Map(),
        labels: {},
        annotations: { 'meta.helm.sh/release-name': maker ?? 'ws-dev' },
      }),
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

const CHANGE: Change = {
  workspace: 'dev',
  release: 'ws-dev',
  found: undefined,
  keptBefore: undefined,
  mustMakeNamespace: false,
};
const nothingBefore = { claim: undefined, hostKey: undefined };

const take = async (options: Prepared, change: Partial<Change>, error = refusal) => {
  const { world, changed } = prepared(options);
  const told = await takeBack(error, { ...CHANGE, ...change }, world, NEVER);
  return { changed, told: told as WorkspaceError };
};

const drop = async (options: Prepared, change: Partial<Change> = {}) => {
  const { world, changed } = prepared(options);
  const error = failure('WORKSPACE_FAILED', {
    message: 'Workspace dev cannot start',
    reason: 'exceeded quota',
    suggestions: [kubectl`describe quota`, { ...ws`status`, workspace: 'dev' }],
    because: { code: 'QUOTA_CPU', evidence: [], suggestions: [kubectl`describe quota`] },
  });
  const told = await discard(error, { ...CHANGE, keptBefore: nothingBefore, ...change }, world, NEVER);
  return { changed, told };
};

const user = (name: string, workspace?: string): VolumeUser => ({
  kind: 'Pod',
  name,
  workspace,
  claims: ['ws-dev-home'],
  secrets: ['ws-dev-host-key'],
});

describe('a write that was refused half-way', () => {
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
    expect(toLines(told.suggestions)).toEqual(['helm history ws-dev', 'ws status dev']);
  });

  it('of a new workspace, and that cannot be taken back, names the workspace and not its release', async () => {
    expect((await take({}, { keptBefore: nothingBefore })).told.suggestions).toContainEqual(saying('ws status dev'));
  });

  it.each<[Prepared['undone'], string]>([
    [
      'removed',
      'What had been made of the workspace was removed again. Namespace team, which was made for it, is still there',
    ],
    ['nothing', 'Namespace team, which was made for it, is still there'],
  ])('of which %s was undone tells of the namespace that was made for it', async (undone, outcome) => {
    const change = { keptBefore: nothingBefore, mustMakeNamespace: true };
    const { told } = await take({ undone, namespace: 'active' }, change);
    expect(told.reason).toBe(`exceeded quota. ${outcome}`);
    expect(toLines(told.suggestions)).toEqual(['kubectl delete namespace team']);
    expect((await take({ undone }, change)).told.reason).not.toContain('Namespace');
    expect((await take({ undone, namespace: 'active' }, { keptBefore: nothingBefore })).told.suggestions).toEqual([]);
  });

  it.each(['WORKSPACE_BUSY', 'CHART_REFUSED', 'HELM_MISSING', 'INTERRUPTED'] as const)(
    'is not looked after with %s: nothing was written, or somebody else is at work',
    async (code) => {
      const error = failure(code, { message: 'no' });
      expect((await take({}, {}, error)).told).toBe(error);
    },
  );
});

describe('a new workspace that the cluster will never start', () => {
  const there = ['ws-dev-home', 'ws-dev-host-key'];

  it('is removed, with the home and the host key that were made for it', async () => {
    const { changed, told } = await drop({ undone: 'removed', there });
    expect(changed).toEqual(['uninstall ws-dev', 'claim ws-dev-home', 'secret ws-dev-host-key']);
    expect(told).toMatchObject({ code: 'WORKSPACE_FAILED', message: 'Workspace dev cannot start' });
    expect(told.reason).toBe('exceeded quota. What had been made of the workspace was removed again');
    // It has neither status nor log any more.
    expect(toLines(told.suggestions)).toEqual(['kubectl describe quota', 'ws up dev']);
  });

  it('leaves a home and a host key that were kept before', async () => {
    const keptBefore = { claim: 'ws-dev-home', hostKey: 'ws-dev-host-key' };
    expect((await drop({ undone: 'removed', there }, { keptBefore })).changed).toEqual(['uninstall ws-dev']);
  });

  it('leaves what somebody else has begun to use, and says so', async () => {
    const { changed, told } = await drop({ undone: 'removed', there, users: [user('backup')] });
    expect(changed).toEqual(['uninstall ws-dev']);
    expect(told.reason).toMatch(
      /removed again. Claim ws-dev-home is in use by Pod backup, and stays. Secret ws-dev-host-key is in use, and stays$/,
    );
    // Its own pod may still be ending.
    expect((await drop({ undone: 'removed', there, users: [user('ws-dev-1', 'dev')] })).changed).toHaveLength(3);
  });

  it('leaves what somebody else has made of that name meanwhile', async () => {
    expect((await drop({ undone: 'removed', there, maker: 'other' })).changed).toEqual(['uninstall ws-dev']);
  });

  it('that cannot be removed says so, and how', async () => {
    const { told } = await drop({ there });
    expect(told.reason).toMatch(/What was made of the workspace is still there: no answer$/);
    expect(toLines(told.suggestions)).toEqual(['kubectl describe quota', 'ws status dev', 'helm uninstall ws-dev']);
  });
});
