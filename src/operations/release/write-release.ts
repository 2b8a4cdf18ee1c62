import { releaseName } from '../../contract/labels.ts';
import { toValues } from '../../workspace/choices/values.ts';
import { interrupted } from '../../workspace/errors/errors.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { ReleaseBase } from '../../workspace/state/releases.ts';
import type { World } from '../../workspace/world.ts';
import { type PreflightRequest, preflight } from '../checks/preflight.ts';
import { findKept } from './kept.ts';
import { mendAuthorizedKeys } from './mend-authorized-keys.ts';
import { type Change, takeBack } from './take-back.ts';

export interface WriteRequest extends PreflightRequest {
  /** Lines of authorized_keys; undefined leaves those that are there. */
  authorizedKeys?: string[] | undefined;
  /** Users' own values files, lowest precedence first. */
  valuesFiles: string[];
}

/**
 * Checks what can be checked, and installs or upgrades. Helm starts while the cluster is asked, and gets its values
 * when nothing speaks against them. What fails half-way is taken back, and the error says so. Returns what is to be
 * known should the workspace turn out not to be possible.
 */
export async function* writeRelease(
  request: WriteRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, Change, void> {
  const { workspace, found, valuesFiles } = request;
  const release = found?.release || releaseName(workspace);
  const isNew = found?.deployment === undefined;
  const { promise: values, resolve, reject } = Promise.withResolvers<object>();
  values.catch(() => undefined);
  const base: Promise<ReleaseBase> = isNew
    ? Promise.resolve({ values: {}, revision: 0 })
    : world.releases.getBase(release, valuesFiles, signal);
  const start = async (createNamespace: boolean) => {
    const { revision: after } = await base;
    return world.releases.apply(release, values, { valuesFiles, createNamespace, after }, signal);
  };
  // Only then do we know whether to make a namespace.
  const started = request.createNamespace ? undefined : start(false);
  started?.catch(() => undefined);
  const keptBefore = isNew ? findKept(release, world, signal) : undefined;
  keptBefore?.catch(() => undefined);
  const change: Change = { workspace, release, found, keptBefore: undefined, mustMakeNamespace: false };
  let isGiven = false;
  try {
    change.mustMakeNamespace = (yield* preflight(request, world, signal)).createNamespace;
    yield { type: 'started', step: 'release' };
    change.keptBefore = await keptBefore;
    const existing = await base;
    isGiven = true;
    resolve(toValues(request, existing.values, toClaimSize(request)));
    const applied = await (started ?? start(change.mustMakeNamespace));
    if (!isNew) await mendAuthorizedKeys(found, world, signal);
    yield { type: 'finished', step: 'release', fact: { kind: 'release', release, ...applied } };
    return change;
  } catch (error) {
    reject(error);
    // Wait for Helm's end before anything else is said or done.
    await started?.catch(() => undefined);
    throw isGiven ? await takeBack(error, change, world, signal) : error;
  } finally {
    // The caller stopped early.
    reject(interrupted());
  }
}

/** The size that the home claim asks for. Somebody may have grown it by other means. */
function toClaimSize({ found }: WriteRequest): string | undefined {
  return found?.home.kind === 'claim' ? found.home.claim.requested : undefined;
}
