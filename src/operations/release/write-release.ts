import { releaseName } from '../../contract/labels.ts';
import { toValues } from '../../workspace/choices/values.ts';
import { hasCode, interrupted } from '../../workspace/errors/errors.ts';
import { helm, ws } from '../../workspace/errors/suggestion.ts';
import { toToldInterruption, type Unfinished } from '../../workspace/errors/tell-if-interrupted.ts';
import { formatAuthorizedKey, SOME_KEY } from '../../workspace/keys/public-key.ts';
import { movedOn, verifyNewest } from '../../workspace/release/moved-on.ts';
import type { ReleaseBase, ReleaseState } from '../../workspace/release/releases.ts';
import type { Notice, ProgressEvent } from '../../workspace/state/events.ts';
import { toPassed } from '../../workspace/state/info.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { type PreflightRequest, preflight } from '../checks/preflight.ts';
import { verifyReleased } from '../checks/verify-released.ts';
import { generateOnce } from '../choices/generate-once.ts';
import { readInUse } from '../metrics/read-in-use.ts';
import { letEnd } from '../ready/let-end.ts';
import { compareRelease } from './compare-release.ts';
import { explain } from './explain.ts';
import { findKept } from './kept.ts';
import { mendAuthorizedKeys } from './mend-authorized-keys.ts';
import { type PodChange, type RestartAsker, settlePod } from './restart.ts';
import { type Change, takeBack } from './take-back.ts';

export interface WriteRequest extends PreflightRequest {
  /** Writes it though nothing would change. */
  repair: boolean;
  /** Agrees to a restart. */
  asker: RestartAsker;
  /** Lines of authorized_keys; undefined leaves those that are there. */
  authorizedKeys?: string[] | undefined;
  /** Instead of these: the key that is still to be made. */
  newKey?: { path: string; comment: string };
}

/**
 * Checks what can be checked, and installs or upgrades. Helm starts while the cluster is asked, and gets its values
 * when nothing speaks against them. What fails half-way is taken back, and the error says so. Returns what is to be
 * known should the workspace turn out not to be possible; undefined where the release had all of it.
 */
export async function* writeRelease(
  request: WriteRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, Change | undefined, void> {
  const { workspace, found, valuesFiles } = request;
  const release = found?.release || releaseName(workspace);
  const isNew = found?.deployment === undefined;
  const { promise: values, resolve, reject } = Promise.withResolvers<object>();
  values.catch(() => undefined);
  const held = Promise.withResolvers<ReleaseState>();
  const base: Promise<ReleaseBase> = isNew
    ? getNewBase(valuesFiles, world)
    : getBase(found, release, valuesFiles, world, signal);
  const start = async (createNamespace: boolean) => {
    const { revision: after, deployed } = await base;
    const isEmptied = (limit: AbortSignal) => isNothingLeft(workspace, world, limit);
    const stood = !isNew && deployed !== undefined;
    const options = { valuesFiles, createNamespace, after, stood, onHeld: held.resolve, isEmptied };
    return world.releases.apply(release, values, options, signal);
  };
  // Only then do we know whether to make a namespace.
  const started = request.createNamespace ? undefined : start(false);
  started?.catch(() => undefined);
  // Asked meanwhile: the answer is there before anybody has to wait for it.
  const inUse = isNew || request.asker.who === 'defaults' ? undefined : readInUse(found, world, signal);
  inUse?.catch(() => undefined);
  const keptBefore = isNew ? findKept(release, world, signal) : undefined;
  keptBefore?.catch(() => undefined);
  const change: Change = { workspace, release, found, keptBefore: undefined, mustMakeNamespace: false };
  let isGiven = false;
  let pod: PodChange | undefined;
  let made: string | undefined;
  try {
    change.mustMakeNamespace = (yield* preflight(request, world, signal)).createNamespace;
    change.keptBefore = await keptBefore;
    const existing = await base;
    const authorizedKeys = yield* makeKey(request, { release, base: existing }, world, signal);
    made = request.newKey?.path;
    const given = toValues({ ...request, authorizedKeys }, existing.values, toClaimSize(request));
    const asked = found === undefined || request.repair ? undefined : { release, found, values: given, valuesFiles };
    const compared = asked === undefined ? undefined : await compareRelease(asked, existing, world, signal);
    if (compared?.isWritten === true && found !== undefined) {
      const { revision } = existing;
      // A rollback may have brought the values of now, and keys of then.
      await mendAuthorizedKeys(found, world, signal);
      yield { type: 'finished', step: 'release', fact: { kind: 'release', release, revision, change: 'unchanged' } };
      return undefined;
    }
    if (isStanding(found)) {
      const rewrite = {
        ...{ workspace, release, found, values: given, valuesFiles },
        ...{ mayResize: hasAmounts(request), verdict: compared?.verdict, asker: request.asker },
        verifyUnmoved: async () =>
          verifyNewest(release, await world.releases.find(release, signal), existing.revision, true),
      };
      pod = yield* settlePod(rewrite, (await inUse) ?? { kind: 'nobody' }, world, signal);
    }
    yield* letEnd(found, world, signal);
    yield { type: 'started', step: 'release' };
    isGiven = true;
    resolve(given);
    const applying = started ?? start(change.mustMakeNamespace);
    const holder = await Promise.race([applying.then(() => undefined), held.promise]);
    if (holder !== undefined) yield { type: 'noticed', level: 'warning', notice: tellHeld(release, holder) };
    const applied = await applying;
    if (holder !== undefined) yield { type: 'noticed', level: 'info', notice: toPassed(tellHeld(release, holder)) };
    const isHeld = await pod?.finish().then(
      () => false,
      () => true,
    );
    if (isHeld === true) yield { type: 'noticed', level: 'warning', notice: { kind: 'still-held', workspace } };
    if (!isNew) await mendAuthorizedKeys(found, world, signal);
    yield { type: 'finished', step: 'release', fact: { kind: 'release', release, ...applied } };
    if (pod?.isInPlace === true) yield { type: 'noticed', level: 'info', notice: { kind: 'resized' } };
    return change;
  } catch (failed) {
    // Parts that were there go while somebody takes the workspace down.
    const error = !isNew && hasCode(failed, 'WORKSPACE_MISSING') ? movedOn({ workspace }) : failed;
    reject(error);
    // Wait for Helm's end before anything else is said or done.
    await started?.catch(() => undefined);
    const known = isGiven ? await takeBack(await explain(error, change, world, signal), change, world, signal) : error;
    await pod?.undo().catch(() => undefined);
    throw toToldInterruption(known, () => describeStop(isGiven, isNew, workspace, made));
  } finally {
    // Helm waits for its values in vain: there was nothing to write, or the caller stopped early.
    reject(interrupted());
    if (!isGiven) await started?.catch(() => undefined);
  }
}

/** Of what stands and of what ends: the home and the host key are kept. */
async function isNothingLeft(workspace: string, { cluster }: World, signal: AbortSignal): Promise<boolean> {
  const now = await cluster.findWorkspace(workspace, signal);
  return now === undefined || (now.deployment === undefined && now.pod === undefined && now.endingPods.length === 0);
}

type Trouble = Extract<Notice, { kind: 'trouble' }>;

/** Somebody else works on the release, and we wait. */
function tellHeld(release: string, { revision, status }: ReleaseState): Trouble {
  const what = status === 'uninstalling' ? 'taking this workspace down' : 'another operation on this workspace';
  return {
    ...{ kind: 'trouble', code: 'WORKSPACE_BUSY', reason: status },
    message: `${what} has not ended, and ws waits for that`,
    evidence: [`Revision ${revision} of release ${release} is ${status}`],
    suggestion: { ...helm`history ${release}`, note: 'shows who began what, and when' },
  };
}

/** What a new release starts from: nothing, but for what the files take away of the chart's values. */
export async function getNewBase(valuesFiles: string[], { releases }: World): Promise<ReleaseBase> {
  const values = valuesFiles.length === 0 ? {} : await releases.readNulls(valuesFiles);
  return { values, deployed: undefined, revision: 0 };
}

/** Throws `RELEASE_FOREIGN` for a workspace that stands without a release. */
async function getBase(
  found: WorkspaceSnapshot,
  release: string,
  valuesFiles: string[],
  world: World,
  signal: AbortSignal,
): Promise<ReleaseBase> {
  try {
    return await world.releases.getBase(release, valuesFiles, signal);
  } catch (error) {
    if (hasCode(error, 'WORKSPACE_MISSING')) await verifyReleased(found, world, signal);
    throw error;
  }
}

/** A pod of it runs, or may: another template would be another pod. */
function isStanding(found: WorkspaceSnapshot | undefined): found is WorkspaceSnapshot {
  return (
    found?.deployment !== undefined && (found.pod?.container?.state === 'running' || found.deployment.isHeld === true)
  );
}

/** Whether CPU or memory may be what changes: values files can say anything. */
function hasAmounts({ choices, valuesFiles }: WriteRequest): boolean {
  return choices.cpu !== undefined || choices.memory !== undefined || valuesFiles.length > 0;
}

/** What is so when somebody ends the write. Helm does nothing before it has its values. */
function describeStop(isGiven: boolean, isNew: boolean, workspace: string, key: string | undefined): Unfinished {
  const keeps = key === undefined ? '' : `; the new key ${key} stays`;
  if (!isGiven) return { outcome: `Nothing was changed${keeps}` };
  return isNew
    ? {
        outcome: `Workspace ${workspace} may be made in part${keeps}`,
        suggestions: [{ ...ws`up`, workspace, note: 'goes on where this ended' }],
      }
    : {
        outcome: `The change of workspace ${workspace} may be done in part`,
        suggestions: [{ ...ws`up --repair`, workspace, note: 'goes on where this ended' }],
      };
}

/**
 * The lines of authorized_keys; if there is no key yet, those of a new one. It is made when Helm has rendered all of it
 * with a key in its place: nothing that is refused leaves a key behind.
 */
async function* makeKey(
  request: WriteRequest,
  { release, base }: { release: string; base: ReleaseBase },
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, string[] | undefined, void> {
  const { newKey, valuesFiles } = request;
  if (newKey === undefined) return request.authorizedKeys;
  const values = toValues({ ...request, authorizedKeys: [SOME_KEY] }, base.values);
  await world.releases.verify(release, values, valuesFiles, signal);
  const { isOurs, ...identity } = await generateOnce(newKey, world, signal);
  const { path, fingerprint } = { ...identity, path: newKey.path };
  if (isOurs) yield { type: 'noticed', level: 'info', notice: { kind: 'key-generated', path, fingerprint } };
  return [formatAuthorizedKey({ ...identity, comment: newKey.comment })];
}

/** The size that the home claim asks for. Somebody may have grown it by other means. */
function toClaimSize({ found }: WriteRequest): string | undefined {
  return found?.home.kind === 'claim' ? found.home.claim.requested : undefined;
}
