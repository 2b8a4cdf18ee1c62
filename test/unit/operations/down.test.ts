import { describe, expect, it } from 'vitest';
import { toDownConsent } from '../../../src/cli/asking/down-consent.ts';
import { down, type HomeFate } from '../../../src/operations/down.ts';
import { failure, type WorkspaceError } from '../../../src/workspace/errors/errors.ts';
import type { ProgressEvent } from '../../../src/workspace/state/events.ts';
import type { EndingPod, HostKeySecret, VolumeUser, WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import type { Cluster } from '../../../src/workspace/world.ts';
import { saying, toLines } from '../../spelling.ts';
import { claim, claimHome, deployment, endingPod, keptHome, pendingPod, snapshot } from '../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, summarize, watchOf } from './fake-world.ts';

const gone = snapshot({ deployment: undefined, pod: undefined });
const endingAs = (overrides: Partial<EndingPod>) =>
  snapshot({ deployment: undefined, pod: undefined, endingPods: [endingPod({ name: 'ws-dev-1', ...overrides })] });
const ending = endingAs({});

interface Prepared {
  /** What Helm says, and whether the release is gone by then. */
  helm?: { error: Error; isGone: boolean };
  claimGoesAway?: boolean;
  hasRelease?: boolean;
  /** Before the release is removed, and after. */
  users?: [VolumeUser[], VolumeUser[]];
  hostKeys?: HostKeySecret[];
  /** Resources that may not be deleted. */
  forbidden?: string[];
  cluster?: Partial<Cluster>;
  /** The snapshots while it ends. */
  watched?: WorkspaceSnapshot[];
}

function prepared({
  claimGoesAway = true,
  hasRelease = true,
  helm,
  users = [[], []],
  hostKeys = [],
  forbidden = [],
  cluster = {},
  watched = [ending],
}: Prepared = {}) {
  const removed: string[] = [];
  const note =
    (what: string) =>
    async (name: string): Promise<void> =>
      void removed.push(`${what} ${name}`);
  const fake = fakeWorld({
    clock: fakeClock(),
    releases: {
      find: async () =>
        hasRelease && !(helm?.isGone === true && removed.length > 0)
          ? { revision: 1, status: 'deployed', chart: 'ws-workspace', updatedAt: '' }
          : undefined,
      uninstall: async (name) => {
        await note('release')(name);
        if (helm !== undefined) throw helm.error;
      },
    },
    knownHosts: { forget: note('known host') },
    cluster: {
      watchWorkspace: watchOf(...watched, gone),
      getClusterId: async () => 'cluster-1',
      deleteClaim: note('claim'),
      deleteSecret: note('secret'),
      findClaim: async (name) => (claimGoesAway && removed.includes(`claim ${name}`) ? undefined : claim({ name })),
      findSecret: async () => new Map(),
      listVolumeUsers: async () => (removed.length === 0 ? users[0] : users[1]),
      listHostKeys: async () => hostKeys,
      findMissingPermissions: async (wanted) => wanted.filter(({ resource }) => forbidden.includes(resource)),
      ...cluster,
    },
  });
  return { ...fake, removed };
}

const mounting = (overrides: Partial<VolumeUser> = {}): VolumeUser => ({
  kind: 'Deployment',
  name: 'web',
  workspace: undefined,
  claims: ['ws-dev-home'],
  secrets: [],
  ...overrides,
});

const take = (found: WorkspaceSnapshot, home: HomeFate, options: Prepared = {}) => {
  const fake = prepared(options);
  return run(down({ snapshot: found, home }, fake.world, NEVER)).then((outcome) => ({ ...fake, ...outcome }));
};

/** What became of each thing, as it is told. */
const listFates = (events: ProgressEvent[]): string[] =>
  events.flatMap((event) =>
    event.type === 'finished' && ['removed', 'kept', 'lost'].includes(event.fact?.kind ?? '') && event.step !== 'remove'
      ? [`${event.step} ${event.fact?.kind}`]
      : [],
  );

describe('ws down --keep-home', () => {
  it('removes the release, waits for the pod and names what stays', async () => {
    const { removed, result, events } = await take(snapshot({ home: claimHome() }), 'keep');
    expect(removed).toEqual(['release ws-dev']);
    expect(result).toEqual({
      workspace: 'dev',
      kept: ['ws-dev-home', 'ws-dev-host-key'],
      deleted: [],
      resume: saying('ws up dev'),
    });
    expect(summarize(events)).toEqual([
      'plan remove',
      'remove',
      'remove: terminating',
      'remove done',
      'home done',
      'host-key-secret done',
    ]);
    expect(listFates(events)).toEqual(['home kept', 'host-key-secret kept']);
  });

  it('says what keeps the pod, once, and ends when it is gone', async () => {
    const held = endingAs({ finalizers: ['x.test/y'], isRunning: false });
    const { events, error } = await take(snapshot({ home: claimHome() }), 'keep', { watched: [ending, held, held] });
    expect(error).toBeUndefined();
    expect(summarize(events).filter((word) => word === '! trouble')).toHaveLength(1);
  });

  it('does not wait longer for a pod whose programs have ended and that somebody holds', async () => {
    const held = endingAs({ finalizers: ['x.test/y'], isRunning: false });
    const cluster = { watchWorkspace: watchOf(ending, held) };
    const { events, result, world } = await take(snapshot({ home: claimHome() }), 'keep', { cluster });
    expect(summarize(events)).toContain('remove done');
    expect(result?.kept).toContain('ws-dev-home');
    expect(world.clock.nowMs()).toBe(20_000);
  });

  it('is refused before anything is changed for a home that goes with its pod', async () => {
    const { removed, error, events } = await take(snapshot(), 'keep');
    expect(error).toMatchObject({ code: 'HOME_CONFLICT', message: 'The home of workspace dev cannot be kept' });
    expect([removed, summarize(events)]).toEqual([[], ['plan remove']]);
  });

  it('suggests to copy a home out only where a pod serves it', async () => {
    const copies = async (pod: WorkspaceSnapshot['pod']) => {
      const { error } = await take({ ...snapshot(), pod }, 'keep');
      const { suggestions } = error as WorkspaceError;
      return suggestions.filter((one) => 'words' in one && one.words.includes('tar')).length;
    };
    expect(await copies(snapshot().pod)).toBe(1);
    expect(await copies(pendingPod({}))).toBe(0);
    expect(await copies(undefined)).toBe(0);
  });

  it('is done when the release is gone already', async () => {
    const cluster = { findWorkspace: async () => gone };
    const { removed, error } = await take(snapshot({ home: claimHome() }), 'keep', { hasRelease: false, cluster });
    expect([removed, error]).toEqual([[], undefined]);
  });
});

describe('what a revision that failed has left', () => {
  const remnant = { resource: 'deployments', name: 'ws-dev-idle', uid: 'u1' };
  const found = snapshot({ home: claimHome() });
  const leaving = (remove: Cluster['remains']['delete']) => ({
    remains: { list: async (release: string) => (release === 'ws-dev' ? [remnant] : []), delete: remove },
  });
  const helm = { error: failure('HELM_FAILED', { message: 'x' }), isGone: true };

  it('goes after the release', async () => {
    const gone: unknown[] = [];
    const cluster = leaving(async (remains) => void gone.push(...remains));
    const { error } = await take(found, 'keep', { cluster, helm });
    expect([gone, error]).toEqual([[remnant], undefined]);
  });

  it('goes where the release went before', async () => {
    const gone: unknown[] = [];
    const cluster = { ...leaving(async (remains) => void gone.push(...remains)), findWorkspace: async () => undefined };
    const { error } = await take(found, 'keep', { cluster, hasRelease: false });
    expect([gone, error]).toEqual([[remnant], undefined]);
  });

  it('stays where somebody has installed the release again meanwhile', async () => {
    const cluster = leaving(() => Promise.reject(new Error('nobody expected this')));
    const { error } = await take(found, 'keep', { cluster });
    expect(error).toBeUndefined();
  });

  it('is told with its reason, and that the workspace is down, where it cannot go', async () => {
    const refusal = failure('NOT_PERMITTED', { message: 'You may not delete it' });
    const { error } = await take(found, 'keep', { cluster: leaving(() => Promise.reject(refusal)), helm });
    expect(error).toMatchObject({
      code: 'NOT_PERMITTED',
      reason: expect.stringMatching(/^Workspace dev itself is down/),
    });
  });

  it.each<['keep' | 'delete', RegExp, string[]]>([
    ['keep', /may still stand\. Kept: ws-dev-home/, []],
    ['delete', /may still stand\. Not deleted yet: ws-dev-home/, ['ws homes rm dev']],
  ])('is told beside the home, which was to %s', async (home, reason, first) => {
    const refusal = failure('INTERRUPTED', { message: 'Interrupted' });
    const { error } = await take(found, home, { cluster: leaving(() => Promise.reject(refusal)), helm });
    expect(error).toMatchObject({ code: 'INTERRUPTED', reason: expect.stringMatching(reason) });
    expect(toLines((error as WorkspaceError).suggestions).slice(0, first.length)).toEqual(first);
  });
});

describe('ws down of what no Helm release holds', () => {
  const found = snapshot({ home: claimHome() });
  const cluster = { findWorkspace: async () => found };

  it.each(['keep', 'delete'] as const)('changes nothing, and waits for nothing: %s', async (home) => {
    const { removed, error, events, world } = await take(found, home, { hasRelease: false, cluster });
    expect(error).toMatchObject({ code: 'RELEASE_FOREIGN', message: expect.stringMatching(/Helm did not install it/) });
    expect([removed, world.clock.nowMs()]).toEqual([[], 0]);
    expect(summarize(events)).not.toContain('remove started');
  });

  it('says what starts it again while it is stopped', async () => {
    const asleep = snapshot({ deployment: deployment({ replicas: 0 }), pod: undefined, home: claimHome() });
    const { error } = await take(asleep, 'keep', { hasRelease: false, cluster: { findWorkspace: async () => asleep } });
    const [first] = (error as WorkspaceError).suggestions;
    expect(first).toEqual(saying('kubectl scale deployment/ws-dev --replicas=1'));
  });

  it('never says that a workspace is down whose Deployment stands', async () => {
    for (const watched of [[found], [snapshot({ home: claimHome(), pod: undefined })]]) {
      const { error, events, world } = await take(found, 'delete', {
        cluster: { ...cluster, watchWorkspace: watchOf(...watched) },
      });
      expect(error).toMatchObject({ code: 'RELEASE_FOREIGN', message: 'Workspace dev still stands' });
      expect(summarize(events)).not.toContain('remove done');
      expect(world.clock.nowMs()).toBe(20_000);
    }
  });
});

describe('the report of ws down', () => {
  const earlier: WorkspaceSnapshot['home'] = { kind: 'emptyDir', unused: claim() };
  const borrower = mounting({ workspace: 'new', claims: [], secrets: ['ws-dev-host-key'] });
  const brought = deployment({ hostKeySecret: 'team-key' });

  it.each<[string, WorkspaceSnapshot, HomeFate, string[], Prepared?]>([
    ['a claim', snapshot({ home: claimHome() }), 'delete', ['home removed', 'host-key-secret removed']],
    ['a claim', snapshot({ home: claimHome() }), 'keep', ['home kept', 'host-key-secret kept']],
    ['no volume', snapshot(), 'delete', ['home lost', 'host-key-secret removed']],
    ['no volume', snapshot(), 'lose', ['home lost', 'host-key-secret kept']],
    [
      'no volume, and one of an earlier time,',
      snapshot({ home: earlier }),
      'delete',
      ['home lost', 'earlier-home kept', 'host-key-secret kept'],
    ],
    [
      'a folder of a claim',
      snapshot({ home: { ...claimHome(), subPath: 'alice' } }),
      'delete',
      ['home kept', 'host-key-secret kept'],
    ],
    [
      'a claim, with a host key that was brought along,',
      snapshot({ home: claimHome(), deployment: brought }),
      'delete',
      ['home removed', 'host-key-secret kept'],
    ],
    [
      'a claim, with a host key that another workspace borrows,',
      snapshot({ home: claimHome() }),
      'delete',
      ['home removed', 'host-key-secret kept'],
      { users: [[borrower], [borrower]] },
    ],
    ['a claim that was kept', keptHome(), 'delete', ['home removed', 'host-key-secret removed'], { hasRelease: false }],
  ])(
    'of a home on %s tells of each thing that the question names: %#',
    async (_what, found, fate, expected, options) => {
      const { events, error } = await take(found, fate, options);
      expect([listFates(events), error]).toEqual([expected, undefined]);
      const { deed = '', facts = [] } = toDownConsent(found, fate, { facts: [], retained: [] }) ?? {};
      const asked = [deed, ...facts].join(' ');
      const told = events.flatMap((event) => (event.type === 'finished' ? [event.fact] : []));
      for (const name of asked.match(/[\w-]+-(?:home|host-key|key)\b/g) ?? [])
        expect(told).toContainEqual(expect.objectContaining({ name }));
      expect(asked.includes('which goes with its pod')).toBe(told.some((fact) => fact?.kind === 'lost'));
    },
  );
});

describe('ws down --home lose', () => {
  it('keeps the host key of a workspace without a volume', async () => {
    const { result } = await take(snapshot(), 'lose');
    expect(result?.kept).toEqual(['ws-dev-host-key']);
  });

  it('is refused before anything is changed for a home on a claim', async () => {
    const { removed, error } = await take(snapshot({ home: claimHome() }), 'lose');
    expect(error).toMatchObject({ code: 'HOME_CONFLICT' });
    expect(removed).toEqual([]);
  });
});

describe('ws down --delete-home', () => {
  it('deletes claim, host key and the pinned key, after the release', async () => {
    const { removed, result } = await take(snapshot({ home: claimHome() }), 'delete');
    expect(removed).toEqual([
      'release ws-dev',
      'claim ws-dev-home',
      'secret ws-dev-host-key',
      'known host ws-dev.team.cluster-1',
    ]);
    expect(result).toEqual({
      workspace: 'dev',
      kept: [],
      deleted: ['ws-dev-home', 'ws-dev-host-key'],
      resume: undefined,
    });
  });

  it('goes on where another run took the release down at the same time', async () => {
    const error = failure('HELM_FAILED', { message: 'Helm failed with status 1', reason: 'release: not found' });
    const beside = await take(snapshot({ home: claimHome() }), 'delete', { helm: { error, isGone: true } });
    expect([beside.error, beside.result?.deleted]).toEqual([undefined, ['ws-dev-home', 'ws-dev-host-key']]);
    const alone = await take(snapshot({ home: claimHome() }), 'delete', { helm: { error, isGone: false } });
    expect(alone.removed).toEqual(['release ws-dev']);
    expect(alone.error).toMatchObject({
      code: 'HELM_FAILED',
      reason: expect.stringMatching(/this run did not touch its home and host key$/),
    });
  });

  it('deletes what a workspace left behind', async () => {
    const { removed } = await take(keptHome(), 'delete', { hasRelease: false });
    expect(removed).toEqual(['claim ws-dev-home', 'secret ws-dev-host-key', 'known host ws-dev.team.cluster-1']);
  });

  it('never deletes a claim that the user brought along', async () => {
    for (const workspace of [undefined, 'other']) {
      const { removed, result } = await take(snapshot({ home: claimHome({ name: 'data', workspace }) }), 'delete');
      expect(removed.filter((what) => what.startsWith('claim'))).toEqual([]);
      expect(result).toMatchObject({ kept: ['data'], deleted: ['ws-dev-host-key'] });
    }
  });

  it('never deletes a host key that the user brought along', async () => {
    const found = snapshot({ deployment: deployment({ hostKeySecret: 'team-key' }), home: claimHome() });
    const { removed, result } = await take(found, 'delete');
    expect(removed.filter((what) => what.startsWith('secret'))).toEqual([]);
    expect(result).toMatchObject({ kept: ['team-key'], deleted: ['ws-dev-home'] });
  });

  it('leads to nothing that somebody else has deleted meanwhile', async () => {
    const shared: WorkspaceSnapshot['home'] = { ...claimHome({ name: 'team', workspace: 'api' }), subPath: 'alice' };
    for (const findClaim of [async () => undefined, async () => claim({ phase: 'Terminating' })]) {
      const { result, events } = await take(snapshot({ home: shared }), 'keep', { cluster: { findClaim } });
      expect(result).toMatchObject({ kept: ['ws-dev-host-key'], resume: saying('ws up dev') });
      expect(JSON.stringify(events)).toContain('Somebody else has deleted team meanwhile');
    }
    const cluster = { findClaim: async () => undefined, findSecret: async () => undefined };
    const { result, events } = await take(snapshot({ home: shared }), 'keep', { cluster });
    expect(result).toMatchObject({ kept: [], resume: undefined });
    expect(listFates(events)).not.toContain(expect.stringContaining('team'));
  });

  it('believes that what it may not look at is kept', async () => {
    const refuse = async () => {
      throw failure('NOT_PERMITTED', { message: 'No' });
    };
    const cluster = { findClaim: refuse, findSecret: refuse };
    const { result } = await take(snapshot({ home: claimHome() }), 'keep', { cluster });
    expect(result).toMatchObject({ kept: ['ws-dev-home', 'ws-dev-host-key'], resume: saying('ws up dev') });
  });

  it('names the claim and the folder that were brought along, for the next ws up', async () => {
    const home = { ...claimHome({ name: 'team', workspace: undefined }), subPath: 'alice' };
    expect((await take(snapshot({ home }), 'delete')).result).toMatchObject({
      kept: ['team'],
      resume: saying('ws up dev --home team --sub-path alice --user alice'),
    });
    const others = deployment({ uid: 54321, gid: 7 });
    expect((await take(snapshot({ home, deployment: others }), 'keep')).result?.resume).toEqual(
      saying('ws up dev --home team --sub-path alice --user alice --uid 54321 --gid 7'),
    );
    expect((await take(snapshot({ home: claimHome() }), 'keep')).result?.resume).toEqual(saying('ws up dev'));
  });

  it('changes nothing when it may not delete what it is to delete', async () => {
    for (const forbidden of [['secrets'], ['persistentvolumeclaims']]) {
      const { removed, error } = await take(snapshot({ home: claimHome() }), 'delete', { forbidden });
      expect(removed).toEqual([]);
      expect(error).toMatchObject({ code: 'NOT_PERMITTED', reason: expect.stringMatching(/nothing was changed/) });
    }
  });

  it('says that the workspace is down when the home cannot be deleted after all', async () => {
    const refuse = async () => {
      throw failure('NOT_PERMITTED', { message: 'no' });
    };
    for (const cluster of [{ deleteClaim: refuse }, { deleteSecret: refuse }]) {
      const { removed, error } = await take(snapshot({ home: claimHome() }), 'delete', { cluster });
      expect(removed[0]).toBe('release ws-dev');
      expect(error).toMatchObject({
        code: 'NOT_PERMITTED',
        reason: expect.stringMatching(/Workspace dev itself is down/),
      });
    }
  });

  it('changes nothing while something else mounts the claim, whatever it is', async () => {
    for (const user of [mounting({ workspace: 'new' }), mounting({ kind: 'CronJob', name: 'backup' })]) {
      const { removed, error } = await take(snapshot({ home: claimHome() }), 'delete', { users: [[user], [user]] });
      expect(removed).toEqual([]);
      expect(error).toMatchObject({
        code: 'HOME_IN_USE',
        message: `Claim ws-dev-home is in use by ${user.workspace === undefined ? 'CronJob backup' : 'workspace new'}`,
      });
    }
  });

  it('looks again just before the deletion', async () => {
    const { removed, error } = await take(snapshot({ home: claimHome() }), 'delete', { users: [[], [mounting()]] });
    expect(removed).toEqual(['release ws-dev']);
    expect(error).toMatchObject({ code: 'HOME_IN_USE' });
  });

  it('is not held up by its own pods', async () => {
    const own = mounting({ workspace: 'dev' });
    const { result } = await take(snapshot({ home: claimHome() }), 'delete', { users: [[own], [own]] });
    expect(result?.deleted).toContain('ws-dev-home');
  });

  it('leaves a claim that also holds the kept home of another workspace', async () => {
    const key = {
      name: 'ws-bob-host-key',
      workspace: 'bob',
      createdAt: '',
      home: { claim: 'ws-dev-home', subPath: 'bob' },
    };
    const { removed, error } = await take(snapshot({ home: claimHome() }), 'delete', { hostKeys: [key] });
    expect(removed).toEqual([]);
    expect(error).toMatchObject({
      code: 'HOME_IN_USE',
      message: 'Claim ws-dev-home also holds the kept home of workspace bob, in its folder bob',
    });
  });

  it('leaves a claim of which the home was one folder', async () => {
    const { removed, result } = await take(snapshot({ home: { ...claimHome(), subPath: 'alice' } }), 'delete');
    expect(removed).toEqual(['release ws-dev']);
    expect(result).toMatchObject({ kept: ['ws-dev-home', 'ws-dev-host-key'], deleted: [] });
  });

  it.each<[string, WorkspaceSnapshot['home'], string[]]>([
    ['no volume', { kind: 'emptyDir', unused: claim() }, []],
    [
      'a claim that was brought along',
      { ...claimHome({ name: 'data', workspace: undefined }), unused: claim() },
      ['data'],
    ],
    ['a claim that is gone', { kind: 'missing-claim', name: 'data', unused: claim() }, []],
  ])('leaves the home of an earlier time and its host key beside a home on %s', async (_what, home, also) => {
    const { removed, result, events } = await take(snapshot({ home }), 'delete');
    expect(removed).toEqual(['release ws-dev']);
    expect(result).toMatchObject({ kept: [...also, 'ws-dev-home', 'ws-dev-host-key'], deleted: [] });
    expect(summarize(events)[0]).toBe('plan remove');
    const other = await take(snapshot({ home }), home.kind === 'emptyDir' ? 'lose' : 'keep');
    expect(other.result?.kept).toEqual(result?.kept);
  });

  it('leaves the host key beside a home that goes, where one of an earlier time stays', async () => {
    const home = { ...claimHome(), unused: claim({ name: 'ws-former-home' }) };
    const { removed, result } = await take(snapshot({ home }), 'delete');
    expect(removed.filter((what) => what.startsWith('secret'))).toEqual([]);
    expect(result).toMatchObject({ kept: ['ws-former-home', 'ws-dev-host-key'], deleted: ['ws-dev-home'] });
  });

  it('leaves its own host key while another workspace borrows it', async () => {
    const borrower = mounting({ workspace: 'new', claims: [], secrets: ['ws-dev-host-key'] });
    const { result } = await take(snapshot({ home: claimHome() }), 'delete', { users: [[borrower], [borrower]] });
    expect(result).toMatchObject({ kept: ['ws-dev-host-key'], deleted: ['ws-dev-home'] });
  });

  it('says that a pod still has the volume when it does not go', async () => {
    const cluster = { findWorkspace: async () => gone };
    const { error, removed, world } = await take(snapshot({ home: claimHome() }), 'delete', {
      claimGoesAway: false,
      cluster,
    });
    expect(error).toMatchObject({ code: 'HOME_IN_USE', message: 'Claim ws-dev-home does not go away' });
    expect(removed).not.toContain('secret ws-dev-host-key');
    expect(world.clock.nowMs()).toBeGreaterThanOrEqual(120_000);
  });

  it('says after a short while who holds the pod that has the volume, and how it is let go', async () => {
    const held = endingAs({ finalizers: ['x.test/y'], isRunning: false });
    const { error, world } = await take(snapshot({ home: claimHome() }), 'delete', {
      claimGoesAway: false,
      cluster: { watchWorkspace: watchOf(held), findWorkspace: async () => held },
    });
    expect(error).toMatchObject({
      code: 'HOME_IN_USE',
      reason: expect.stringContaining('but the finalizer x.test/y waits for somebody who takes it away'),
      suggestions: expect.arrayContaining([saying(/^kubectl patch pod ws-dev-1 /)]),
    });
    expect(world.clock.nowMs()).toBeLessThan(60_000);
  });

  it('deletes nothing after Ctrl-C', async () => {
    const interrupt = new AbortController();
    const { world, removed } = prepared();
    const operation = down({ snapshot: snapshot({ home: claimHome() }), home: 'delete' }, world, interrupt.signal);
    await operation.next();
    await operation.next();
    await operation.next();
    interrupt.abort();
    expect((await run(operation)).error).toMatchObject({ code: 'INTERRUPTED' });
    expect(removed).toEqual(['release ws-dev']);
  });
});
