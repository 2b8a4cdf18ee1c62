import { INSTANCE_LABEL } from '../contract/labels.ts';
import type { Found } from '../workspace/diagnosis/cause.ts';
import { diagnose, sceneOf } from '../workspace/diagnosis/diagnosis.ts';
import { failure, interrupted, WorkspaceError, withOutcome } from '../workspace/errors/errors.ts';
import { advice, kubectl, type Suggestion, ws } from '../workspace/errors/suggestion.ts';
import { tellIfInterrupted, toToldInterruption, type Unfinished } from '../workspace/errors/tell-if-interrupted.ts';
import type { Operation, ProgressEvent } from '../workspace/state/events.ts';
import { findClaimHold, isSharedSecret, suggestCopy, whyGoesWithPod } from '../workspace/state/homes.ts';
import { toPassed, toTrouble } from '../workspace/state/info.ts';
import { toResumeCommand } from '../workspace/state/resume.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import type { World } from '../workspace/world.ts';
import { standsOn, verifyReleased } from './checks/verify-released.ts';
import { type Belongings, toBelongings } from './homes/belongings.ts';
import { deleteHome } from './homes/delete-home.ts';
import { isAnythingDoomed, listDeletions, tellGone, tellKept, tellLost, withLeft } from './homes/fates.ts';
import { findGone } from './homes/find-gone.ts';
import { END_TIMEOUT_MS } from './ready/await-ended.ts';

/** How long a pod that is held after its end is waited for. */
const HELD_PATIENCE_MS = 20_000;

/** Another answer takes the place of the one that was typed. */
const ANEW = { without: ['home', 'keep-home', 'delete-home'] };

/** What becomes of the home. `lose` is of one that goes with its pod: the host key stays. */
export type HomeFate = 'keep' | 'delete' | 'lose';

export interface DownRequest {
  /** What is to go, as the caller showed it to the user. */
  snapshot: WorkspaceSnapshot;
  home: HomeFate;
}

export interface DownResult {
  workspace: string;
  /** Names of the claims and Secrets that stay and that went. */
  kept: string[];
  deleted: string[];
  /** The command that makes the workspace again on what was kept; undefined when nothing of it was. */
  resume: Suggestion | undefined;
}

/**
 * Removes the release; then, as its own last step and only when asked, the home and the host key. Throws
 * `HOME_CONFLICT` for a fate that this home cannot have, `RELEASE_FOREIGN` for what Helm did not install, and
 * `NOT_PERMITTED` for a deletion that would be refused, all before anything is changed.
 */
export async function* down(request: DownRequest, world: World, signal: AbortSignal): Operation<DownResult> {
  const { snapshot, home } = request;
  const has = toBelongings(snapshot);
  const deletes = home === 'delete' && isAnythingDoomed(has);
  const doomed = deletes ? listDeletions({ claim: has.isClaimDoomed, hostKey: has.isHostKeyDoomed }) : [];
  yield { type: 'planned', workspace: snapshot.name, steps: ['remove', ...doomed] };
  const all = [has.claim, has.unused, has.hostKey].filter((name) => name !== undefined);
  // Before anything is changed, and again just before the deletion: meanwhile somebody may have taken the home up.
  const hasRelease = await tellIfInterrupted('Nothing was changed', () => verifyDown(request, world, signal));
  yield* remove(request, hasRelease, world, signal);
  yield* tellLost(snapshot);
  const deleted = deletes ? yield* deleteOwn(snapshot, has, world, signal) : [];
  const gone = await findGone(has, deleted, world, signal);
  yield* tellKept(has, [...deleted, ...gone]);
  yield* tellGone(gone);
  const kept = all.filter((name) => !deleted.includes(name) && !gone.includes(name));
  const resume = kept.length === 0 ? undefined : toResumeCommand(snapshot, gone);
  return { workspace: snapshot.name, kept, deleted, resume };
}

/** The release is gone by then, and its pod ends without anybody's help. */
function describeEnding(snapshot: WorkspaceSnapshot, fate: HomeFate): Unfinished {
  const lost = whyGoesWithPod(snapshot.home) === undefined ? '' : ', and its home with it';
  return withLeft(
    `Workspace ${snapshot.name} is taken down, and its pod goes on ending${lost}`,
    snapshot,
    fate === 'delete',
  );
}

/**
 * Throws what would be refused, while the workspace is still as it was: nobody is asked about what cannot be done.
 * Returns whether there is a release to remove.
 */
export async function verifyDown({ snapshot, home }: DownRequest, world: World, signal: AbortSignal): Promise<boolean> {
  verifyFate(snapshot, home);
  const hasRelease = await verifyReleased(snapshot, world, signal);
  if (home !== 'delete') return hasRelease;
  const has = toBelongings(snapshot);
  await Promise.all([
    verifyOwnAlone(snapshot, has, world, signal),
    verifyMayDelete(has.isClaimDoomed, has.isHostKeyDoomed, world, signal),
  ]);
  return hasRelease;
}

/** The workspace is gone by then: an error says so, and how to go on. */
async function* deleteOwn(
  snapshot: WorkspaceSnapshot,
  has: Belongings,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, string[], void> {
  const { name } = snapshot;
  try {
    const { hostKey } = await verifyOwnAlone(snapshot, has, world, signal);
    const claim = has.isClaimDoomed ? has.claim : undefined;
    return yield* deleteHome({ workspace: name, claim, hostKey }, world, signal);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    throw withOutcome(error, `Workspace ${name} itself is down; what is left of it stands in the list of homes`, [
      ws`homes ls`,
      ws`homes rm ${name}`,
    ]);
  }
}

function verifyFate(snapshot: WorkspaceSnapshot, fate: HomeFate): void {
  const { name, home, deployment } = snapshot;
  if (deployment === undefined) return;
  const why = whyGoesWithPod(home);
  if (fate === 'keep' && why !== undefined) {
    throw failure('HOME_CONFLICT', {
      message: `The home of workspace ${name} cannot be kept`,
      reason: `${why}; nothing was changed`,
      suggestions: [
        ...suggestCopy(snapshot),
        { ...ws`down --home lose`, workspace: name, again: ANEW, note: 'the home goes, the host key stays' },
        { ...ws`down --delete-home`, workspace: name, again: ANEW, note: 'both go' },
      ],
    });
  }
  if (fate === 'lose' && home.kind === 'claim' && why === undefined) {
    throw failure('HOME_CONFLICT', {
      message: `The home of workspace ${name} does not go with its pod`,
      reason: `It is on claim ${home.claim.name}, which is kept or deleted; nothing was changed`,
      suggestions: [
        { ...ws`down --keep-home`, workspace: name, again: ANEW },
        { ...ws`down --delete-home`, workspace: name, again: ANEW },
      ],
    });
  }
}

/** Throws `NOT_PERMITTED` while the workspace is still as it was. */
async function verifyMayDelete(isClaimDoomed: boolean, isHostKeyDoomed: boolean, world: World, signal: AbortSignal) {
  const resources = [...(isClaimDoomed ? ['persistentvolumeclaims'] : []), ...(isHostKeyDoomed ? ['secrets'] : [])];
  const wanted = resources.map((resource) => ({ group: '', resource, verb: 'delete' }));
  const missing = wanted.length === 0 ? [] : await world.cluster.findMissingPermissions(wanted, signal);
  if (missing.length === 0) return;
  throw failure('NOT_PERMITTED', {
    message: `You may not delete ${missing.map(({ resource }) => resource).join(' and ')} in namespace ${world.cluster.namespace}`,
    reason: 'The home and the host key would stay; nothing was changed',
    suggestions: [
      { ...ws`down --keep-home`, again: ANEW },
      advice('Ask an administrator for the Role in docs/operators.md'),
    ],
  });
}

/** Throws `HOME_IN_USE`, or returns the host key that may go. */
async function verifyOwnAlone(
  { name }: WorkspaceSnapshot,
  { claim, isClaimDoomed, hostKey, isHostKeyDoomed }: Belongings,
  world: World,
  signal: AbortSignal,
): Promise<{ hostKey: string | undefined }> {
  const [users, hostKeys] = await Promise.all([
    world.cluster.listVolumeUsers(signal),
    world.cluster.listHostKeys(signal),
  ]);
  const hold = claim !== undefined && isClaimDoomed ? findClaimHold(claim, name, { users, hostKeys }) : undefined;
  if (hold !== undefined) throw hold;
  return { hostKey: isHostKeyDoomed && !isSharedSecret(hostKey, name, users) ? hostKey : undefined };
}

/**
 * Helm deletes object by object, and goes on where one is refused. What another run took down at the same time is down
 * as well, whatever Helm found missing.
 */
async function uninstall(workspace: string, release: string, world: World, signal: AbortSignal): Promise<void> {
  try {
    await world.releases.uninstall(release, signal);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    if (!signal.aborted && (await isGone(release, world, signal))) return;
    throw withOutcome(error, `A part of the workspace may be gone; this run did not touch its home and host key`, [
      { ...ws`down`, workspace, note: 'again: it goes on where this ended' },
    ]);
  }
}

/** A revision that failed names no object that it was to take away, so Helm has left it. */
async function removeRemains({ snapshot, home }: DownRequest, world: World, signal: AbortSignal): Promise<void> {
  const { name, release } = snapshot;
  try {
    const remains = await world.cluster.remains.list(release, signal);
    // They belong to whoever has installed it again meanwhile.
    if (remains.length === 0 || (await world.releases.find(release, signal)) !== undefined) return;
    await world.cluster.remains.delete(remains, signal);
  } catch (error) {
    if (!(error instanceof WorkspaceError)) throw error;
    const look = kubectl`get deployment,service,configmap,secret,role,rolebinding,serviceaccount --selector ${INSTANCE_LABEL}=${release}`;
    const told = `Workspace ${name} itself is down; some of its earlier objects may still stand`;
    const { outcome, suggestions } = withLeft(told, snapshot, home === 'delete');
    throw withOutcome(error, outcome, [...suggestions, look]);
  }
}

/** False where nobody can say. */
async function isGone(release: string, world: World, signal: AbortSignal): Promise<boolean> {
  try {
    return (await world.releases.find(release, signal)) === undefined;
  } catch {
    return false;
  }
}

async function* remove(
  { snapshot, home }: DownRequest,
  hasRelease: boolean,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  yield { type: 'started', step: 'remove' };
  const { release } = snapshot;
  if (hasRelease) await uninstall(snapshot.name, release, world, signal);
  await removeRemains({ snapshot, home }, world, signal);
  const held = new AbortController();
  const limit = AbortSignal.any([AbortSignal.timeout(END_TIMEOUT_MS), held.signal]);
  const either = AbortSignal.any([signal, limit]);
  const end = () => held.abort();
  const endSoon = () => world.clock.sleep(HELD_PATIENCE_MS, either).then(end, () => undefined);
  let said: Found | undefined;
  let stands = false;
  try {
    for await (const now of world.cluster.watchWorkspace(snapshot.name, either)) {
      if (!stands && now.deployment !== undefined) endSoon();
      stands = now.deployment !== undefined;
      const pod = now.pod?.name ?? now.endingPods[0]?.name;
      if (pod === undefined && !stands) break;
      // The pod of a Deployment that stands does not end.
      if (pod === undefined || stands) continue;
      yield { type: 'advanced', step: 'remove', fact: { kind: 'terminating', pod } };
      const [found] = diagnose(sceneOf(now)).causes;
      if (found === undefined || found.code === said?.code) continue;
      said = found;
      yield { type: 'noticed', level: 'warning', notice: { kind: 'trouble', ...toTrouble(found) } };
      // Its programs have ended: all that is left of it is what somebody else has to take away.
      if (now.pod === undefined && found.waiting === 'useless') endSoon();
    }
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw toToldInterruption(error, () => describeEnding(snapshot, home));
  }
  if (signal.aborted) throw toToldInterruption(interrupted(), () => describeEnding(snapshot, home));
  if (stands) throw standsOn(snapshot);
  if (said !== undefined) yield { type: 'noticed', level: 'info', notice: toPassed(said) };
  yield { type: 'finished', step: 'remove', fact: { kind: 'removed', what: 'release', name: release } };
}
