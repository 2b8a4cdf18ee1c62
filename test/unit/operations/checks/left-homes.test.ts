/** What every command says of a home is what the cluster shows of it. */
import { describe, expect, it } from 'vitest';
import { toDownConsent } from '../../../../src/cli/asking/down-consent.ts';
import { toStopConsent } from '../../../../src/cli/asking/stop-consent.ts';
import { selectWorkspace } from '../../../../src/operations/checks/select-workspace.ts';
import { verifyDown } from '../../../../src/operations/down.ts';
import { toBelongings } from '../../../../src/operations/homes/belongings.ts';
import { verifyStop } from '../../../../src/operations/stop.ts';
import { WorkspaceError } from '../../../../src/workspace/errors/errors.ts';
import { toInfo } from '../../../../src/workspace/state/info.ts';
import type { HomeSnapshot, WorkspaceSnapshot } from '../../../../src/workspace/state/snapshot.ts';
import { claimHome, endingPod, keptHome, pod, snapshot } from '../../workspace/snapshots.ts';
import { fakeWorld, NEVER } from '../fake-world.ts';

const ON_POD: HomeSnapshot = { kind: 'emptyDir' };
const gone = (home: HomeSnapshot, overrides: Partial<WorkspaceSnapshot> = {}) =>
  snapshot({ deployment: undefined, pod: undefined, home, ...overrides });

function worldOf(found: WorkspaceSnapshot) {
  return fakeWorld({
    cluster: {
      findWorkspace: async () => found,
      listWorkspaces: async () => [found],
      findNamespace: async () => 'active',
    },
    releases: { find: async () => ({ revision: 1 }) as never },
  }).world;
}

const reasonOf = (act: () => unknown) =>
  Promise.resolve()
    .then(act)
    .then(
      () => undefined,
      (error: unknown) => (error instanceof WorkspaceError ? error.reason : String(error)),
    );

describe('of a workspace that is gone', () => {
  it.each([
    ['a home on a claim', keptHome(), 'Its home was kept and can be taken up again', 'kept-home', true],
    [
      'a home on a claim while the pod ends',
      gone(claimHome(), { endingPods: [endingPod()] }),
      'Its home was kept and can be taken up again',
      'ending',
      true,
    ],
    [
      'a claim that is being deleted',
      gone(claimHome({ phase: 'Terminating' })),
      'Its home, claim ws-dev-home, is being deleted',
      'ending',
      false,
    ],
    [
      'a claim that has lost its volume',
      gone(claimHome({ phase: 'Lost' })),
      'Its home is lost: claim ws-dev-home has lost its volume',
      'kept-home',
      true,
    ],
    [
      'an emptyDir while the pod ends',
      gone(ON_POD, { endingPods: [endingPod()] }),
      'It was taken down, and its pod ws-dev-0 goes on ending. It leaves no home of its own',
      'ending',
      false,
    ],
    [
      'an emptyDir while nobody has ended the pod yet',
      gone(ON_POD, { pod: pod() }),
      'It was taken down, and its pod ws-dev-1 goes on ending. It leaves no home of its own',
      'ending',
      false,
    ],
  ] as const)('%s', async (_what, found, reason, state, canGiveUp) => {
    const world = worldOf(found);
    // ws forward, ws ssh, ws logs and all that log in; then ws down.
    for (const selection of [{}, { isDoomed: true }]) {
      const failed = await selectWorkspace('dev', world, NEVER, selection).catch((error: unknown) => error);
      expect(failed).toMatchObject({ code: 'WORKSPACE_MISSING', reason });
      const lines = (failed as WorkspaceError).suggestions.map((suggestion) => JSON.stringify(suggestion));
      if ('isDoomed' in selection) expect(lines.some((line) => line.includes('homes'))).toBe(canGiveUp);
    }
    // ws status, ws ls
    expect(toInfo(await selectWorkspace('dev', world, NEVER, { keptHomes: true }), 'kind').state).toBe(state);
  });
});

describe('of a workspace that stands', () => {
  const lines = 'Somebody has deleted its claim ws-dev-home, which goes with its pod; nothing was changed';
  it.each([
    ['an emptyDir', ON_POD, 'It is an emptyDir, which goes with its pod; nothing was changed'],
    ['a claim that somebody has deleted', claimHome({ phase: 'Terminating' }), lines],
    ['a claim', claimHome(), undefined],
    ['a claim that is not there', { kind: 'missing-claim', name: 'data' } as const, undefined],
  ])('%s is kept by nobody who cannot keep it', async (_what, home, why) => {
    const standing = snapshot({ home });
    const fate = { snapshot: standing, home: 'keep' as const };
    expect(await reasonOf(() => verifyDown(fate, worldOf(standing), NEVER))).toBe(why);
    expect(await reasonOf(() => verifyStop({ snapshot: standing, losesHome: false }))).toBe(why);
    expect(await reasonOf(() => verifyStop({ snapshot: standing, losesHome: why !== undefined }))).toBe(undefined);
    expect(toStopConsent(standing, [])?.deed.includes('lose its home') ?? false).toBe(why !== undefined);
    const consent = toDownConsent(standing, 'delete', { facts: [], retained: [] });
    const isTold = consent?.facts?.join().includes('all files of its home, which goes with its pod');
    expect(isTold).toBe(why !== undefined);
    const claim = home.kind === 'claim' && why === undefined ? 'ws-dev-home' : undefined;
    expect(toBelongings(standing).claim).toBe(claim);
  });
});
