import { describe, expect, it } from 'vitest';
import { tellRetained } from '../../../src/operations/homes/delete-home.ts';
import { getKeptHome, listHomes, removeHome } from '../../../src/operations/homes.ts';
import type { HostKeySecret, VolumeUser, WorkspaceSnapshot } from '../../../src/workspace/state/snapshot.ts';
import { saying } from '../../spelling.ts';
import { claim, claimHome, endingPod, keptHome, snapshot } from '../workspace/snapshots.ts';
import { fakeClock, fakeWorld, NEVER, run, summarize } from './fake-world.ts';

const old = { ...keptHome({ name: 'ws-old-home', workspace: 'old' }), name: 'old' };
const onOld = snapshot({ name: 'new', home: claimHome({ name: 'ws-old-home', workspace: 'old' }) });
const key = (workspace: string, home?: HostKeySecret['home']): HostKeySecret => ({
  name: `ws-${workspace}-host-key`,
  workspace,
  createdAt: '2026-05-01T10:00:00Z',
  home,
});
const using = (claim: string, overrides: Partial<VolumeUser> = {}): VolumeUser => ({
  kind: 'Deployment',
  name: 'x',
  workspace: undefined,
  claims: [claim],
  secrets: [],
  ...overrides,
});

function worldOf(workspaces: WorkspaceSnapshot[], users: VolumeUser[] = [], hostKeys: HostKeySecret[] = []) {
  const removed: string[] = [];
  const note = (what: string) => async (name: string) => void removed.push(`${what} ${name}`);
  const { world } = fakeWorld({
    clock: fakeClock(),
    knownHosts: { forget: note('known host') },
    cluster: {
      listWorkspaces: async () => workspaces,
      listVolumeUsers: async () => users,
      listHostKeys: async () => hostKeys,
      getClusterId: async () => 'cluster-1',
      deleteClaim: note('claim'),
      deleteSecret: note('secret'),
      findClaim: async () => undefined,
    },
  });
  return { world, removed };
}

describe('ws homes ls', () => {
  it('shows a claim once, with everybody who uses it', async () => {
    const users = [
      using('ws-old-home', { workspace: 'new' }),
      using('ws-old-home', { kind: 'CronJob', name: 'backup' }),
    ];
    const homes = await listHomes(worldOf([onOld, old], users, [key('old')]).world, NEVER);
    expect(homes).toMatchObject([
      {
        claim: 'ws-old-home',
        hostKey: 'ws-old-host-key',
        workspace: 'old',
        state: 'in use',
        usedBy: ['workspace new', 'CronJob backup'],
      },
    ]);
  });

  it('shows kept homes, and host keys that were kept alone', async () => {
    const keys = [key('old'), key('alone'), key('dev'), key('lent')];
    const lent = using('other', { claims: [], secrets: ['ws-lent-host-key'] });
    const homes = await listHomes(worldOf([snapshot(), old], [lent], keys).world, NEVER);
    expect(homes.map(({ claim, hostKey, workspace, state }) => [claim, hostKey, workspace, state])).toEqual([
      [undefined, 'ws-alone-host-key', 'alone', 'kept'],
      ['ws-old-home', 'ws-old-host-key', 'old', 'kept'],
    ]);
  });

  it('shows the claim of a workspace that has come up beside it, without a volume', async () => {
    const { home } = keptHome({ name: 'ws-dev-home', workspace: 'dev' });
    if (home.kind !== 'claim') throw new Error('the fixture has a claim');
    const beside = snapshot({ home: { kind: 'emptyDir', unused: home.claim } });
    const { world } = worldOf(
      [beside],
      [using('nothing', { workspace: 'dev', secrets: ['ws-dev-host-key'] })],
      [key('dev')],
    );
    expect(await listHomes(world, NEVER)).toMatchObject([
      { claim: 'ws-dev-home', workspace: 'dev', state: 'kept', usedBy: [] },
    ]);
    expect(await getKeptHome('dev', world, NEVER)).toMatchObject({ claim: 'ws-dev-home' });
  });

  it('shows the claim of an earlier time beside one that was brought along', async () => {
    const unused = claim({ name: 'ws-dev-home', workspace: 'dev' });
    const beside = snapshot({ home: { ...claimHome({ name: 'data', workspace: undefined }), unused } });
    const { world } = worldOf([beside], [using('data', { workspace: 'dev' })], [key('dev')]);
    const homes = await listHomes(world, NEVER);
    expect(homes.map(({ claim: name, state }) => [name, state])).toEqual([
      ['data', 'in use'],
      ['ws-dev-home', 'kept'],
    ]);
  });

  it('shows a claim that was brought along under the workspace that uses it', async () => {
    const home = claimHome({ name: 'data', workspace: undefined });
    const homes = await listHomes(worldOf([snapshot({ home })], [using('data', { workspace: 'dev' })]).world, NEVER);
    expect(homes).toMatchObject([{ claim: 'data', workspace: 'dev', state: 'in use' }]);
  });
});

describe('ws homes rm', () => {
  it('finds a home by claim, workspace or kept host key', async () => {
    const { world } = worldOf([old], [], [key('alone')]);
    expect((await getKeptHome('ws-old-home', world, NEVER)).workspace).toBe('old');
    expect((await getKeptHome('old', world, NEVER)).claim).toBe('ws-old-home');
    expect((await getKeptHome('ws-alone-host-key', world, NEVER)).workspace).toBe('alone');
    await expect(getKeptHome('nothing', world, NEVER)).rejects.toMatchObject({
      code: 'WORKSPACE_MISSING',
      message: 'There is no home "nothing" in namespace team of context kind',
      reason: 'There is: alone, old',
    });
  });

  it('finds it by what it is called after ssh, and proposes the nearest', async () => {
    const { world } = worldOf([old], [], [key('alone')]);
    expect((await getKeptHome('ws-old', world, NEVER)).workspace).toBe('old');
    expect((await getKeptHome('me@alone', world, NEVER)).workspace).toBe('alone');
    await expect(getKeptHome('aloen', world, NEVER)).rejects.toMatchObject({
      suggestions: [saying('ws homes rm alone'), saying('ws homes ls')],
    });
  });

  it('never gives up a claim that anything uses, by whatever name', async () => {
    const users = [using('ws-old-home', { workspace: 'new' })];
    for (const all of [
      [old, onOld],
      [onOld, old],
    ]) {
      const { world } = worldOf(all, users);
      for (const name of ['old', 'ws-old-home']) {
        await expect(getKeptHome(name, world, NEVER)).rejects.toMatchObject({
          code: 'HOME_IN_USE',
          message: 'Claim ws-old-home is in use by workspace new',
          suggestions: expect.arrayContaining([saying('ws down new --keep-home')]),
        });
      }
    }
    const own = worldOf([old], [using('ws-old-home', { workspace: 'old' })]);
    await expect(getKeptHome('old', own.world, NEVER)).rejects.toMatchObject({
      suggestions: expect.arrayContaining([saying('ws down old --delete-home')]),
    });
    const foreign = worldOf([old], [using('ws-old-home', { kind: 'Pod', name: 'probe' })]);
    await expect(getKeptHome('old', foreign.world, NEVER)).rejects.toMatchObject({
      message: 'Claim ws-old-home is in use by Pod probe',
    });
  });

  it('never gives up a claim with the kept home of another workspace in it', async () => {
    const { world } = worldOf([old], [], [key('old'), key('bob', { claim: 'ws-old-home', subPath: 'bob' })]);
    await expect(getKeptHome('old', world, NEVER)).rejects.toMatchObject({
      message: 'Claim ws-old-home also holds the kept home of workspace bob, in its folder bob',
      suggestions: [saying('ws homes rm bob')],
    });
  });

  it('deletes claim, host key and pin', async () => {
    const { world, removed } = worldOf([old], [], [key('old', { claim: 'ws-old-home', subPath: undefined })]);
    const { result } = await run(removeHome(await getKeptHome('old', world, NEVER), world, NEVER));
    expect(removed).toEqual(['claim ws-old-home', 'secret ws-old-host-key', 'known host ws-old.team.cluster-1']);
    expect(result).toEqual({ workspace: 'old', kept: [], deleted: ['ws-old-home', 'ws-old-host-key'] });
  });

  it('says which volume stays, before it asks and when it is done', async () => {
    const { world } = worldOf([old], [], [key('old')]);
    const findRetainedVolume = async () => 'pvc-1';
    const cluster = Object.create(world.cluster, { findRetainedVolume: { value: findRetainedVolume } });
    const told = 'The files stay on volume pvc-1: its reclaim policy is Retain';
    expect(await tellRetained('ws-old-home', { ...world, cluster }, NEVER)).toEqual([told]);
    const { events } = await run(removeHome(await getKeptHome('old', world, NEVER), { ...world, cluster }, NEVER));
    const notices = events.flatMap((event) => (event.type === 'noticed' ? [event.notice] : []));
    expect(notices).toMatchObject([{ kind: 'text', text: told }]);
  });

  it('says nothing of a volume that goes, or that nobody can tell of', async () => {
    const { world } = worldOf([old], [], [key('old')]);
    expect(await tellRetained('ws-old-home', world, NEVER)).toEqual([]);
    const { events } = await run(removeHome(await getKeptHome('old', world, NEVER), world, NEVER));
    expect(events.filter(({ type }) => type === 'noticed')).toEqual([]);
  });

  it('deletes a host key that was kept alone', async () => {
    const { world, removed } = worldOf([], [], [key('alone')]);
    await run(removeHome(await getKeptHome('alone', world, NEVER), world, NEVER));
    expect(removed).toEqual(['secret ws-alone-host-key', 'known host ws-alone.team.cluster-1']);
  });

  describe('right after its workspace was taken down by other means', () => {
    const left = using('ws-old-home', { kind: 'Pod', workspace: 'old', secrets: ['ws-old-host-key'] });
    const ending = { ...left, isEnding: true };

    it('waits for its pod, which is ending, and says so', async () => {
      const { world, removed } = worldOf([old], [ending], [key('old')]);
      let looks = 0;
      const endingOld = snapshot({ name: 'old', deployment: undefined, pod: undefined, endingPods: [endingPod()] });
      const cluster = new Proxy(world.cluster, {
        get: (target, name) => {
          if (name === 'findClaim') return async () => (looks++ < 3 ? claim({ name: 'ws-old-home' }) : undefined);
          return name === 'findWorkspace' ? async () => endingOld : Reflect.get(target, name);
        },
      });
      const home = await getKeptHome('old', world, NEVER);
      expect(home).toMatchObject({ state: 'in use', usedBy: ['workspace old (ending)'] });
      const { events, result } = await run(removeHome(home, { ...world, cluster }, NEVER));
      expect(summarize(events)).toContain('home: terminating');
      expect(result).toMatchObject({ kept: [], deleted: ['ws-old-home', 'ws-old-host-key'] });
      expect(removed).toContain('secret ws-old-host-key');
    });

    it('waits until the cluster has begun to delete its pod', async () => {
      const users = [left];
      const { world } = worldOf([old], users, [key('old')]);
      const { sleep } = world.clock;
      let slept = 0;
      const clock = {
        ...world.clock,
        sleep: async (ms: number, signal: AbortSignal) => {
          slept += 1;
          if (slept === 3) users[0] = ending;
          await sleep(ms, signal);
        },
      };
      expect(await getKeptHome('old', { ...world, clock }, NEVER)).toMatchObject({ claim: 'ws-old-home' });
      expect(slept).toBe(3);
    });

    it('does not wait for ever for a pod that nobody deletes', async () => {
      const { world } = worldOf([old], [left], [key('old')]);
      await expect(getKeptHome('old', world, NEVER)).rejects.toMatchObject({ code: 'HOME_IN_USE' });
      expect(world.clock.nowMs()).toBe(10_000);
    });

    it('finds a host key that was kept alone, though the pod that ends has it', async () => {
      const { world } = worldOf([], [{ ...ending, claims: [] }], [key('old')]);
      expect(await getKeptHome('old', world, NEVER)).toMatchObject({ hostKey: 'ws-old-host-key' });
    });
  });

  it('looks again before it deletes, and leaves a host key that is lent', async () => {
    const users: VolumeUser[] = [];
    const { world, removed } = worldOf([old], users, [key('old')]);
    const home = await getKeptHome('old', world, NEVER);
    users.push(using('other', { claims: [], secrets: ['ws-old-host-key'] }));
    expect((await run(removeHome(home, world, NEVER))).result).toMatchObject({
      kept: ['ws-old-host-key'],
      deleted: ['ws-old-home'],
    });
    users.push(using('ws-old-home'));
    removed.length = 0;
    expect((await run(removeHome(home, world, NEVER))).error).toMatchObject({ code: 'HOME_IN_USE' });
    expect(removed).toEqual([]);
  });
});
