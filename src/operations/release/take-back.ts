import { CLASS_MISSING } from '../../workspace/diagnosis/causes/volume/class.ts';
import { type ErrorCode, failure, hasCode, WorkspaceError, withOutcome } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { type Command, helm, kubectl, type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { type Kept, removeKept } from './kept.ts';
import { mendAuthorizedKeys } from './mend-authorized-keys.ts';

/** A write of the release, and what was there before it. */
export interface Change {
  workspace: string;
  release: string;
  found: WorkspaceSnapshot | undefined;
  /** For a new workspace: which of the objects that Helm keeps were there before. */
  keptBefore: Kept | undefined;
  /** Whether Helm was told to make the namespace. */
  mustMakeNamespace: boolean;
}

/** After these errors Helm has changed nothing, or somebody else is at work. */
const UNTOUCHED: ErrorCode[] = [
  ...(['WORKSPACE_BUSY', 'WORKSPACE_MISSING', 'RELEASE_FOREIGN', 'CHART_REFUSED', 'BAD_VALUE'] as const),
  ...([
    'HELM_MISSING',
    'HELM_TOO_OLD',
    'LOCAL_FILE_FAILED',
    'KUBECONFIG_MISSING',
    'CONTEXT_UNKNOWN',
    'INTERRUPTED',
  ] as const),
];

/** Takes back what a write that failed has changed, and returns its error with what is true now. */
export async function takeBack(error: unknown, change: Change, world: World, signal: AbortSignal): Promise<unknown> {
  if (signal.aborted || !(error instanceof WorkspaceError) || hasCode(error, ...UNTOUCHED)) return error;
  const { workspace, release, found } = change;
  try {
    switch (await world.releases.undo(release, signal)) {
      case 'nothing':
        return await toOutcome(error, [], change, world, signal);
      case 'restored':
        if (found !== undefined) await mendAuthorizedKeys(found, world, signal);
        return withOutcome(error, 'What had been changed of the workspace was put back');
      case 'removed':
        return await removeRest(error, change, world, signal);
    }
  } catch (cause) {
    return withOutcome(error, `A part of it may be changed, and could not be put back: ${toReason(cause, 'address')}`, [
      helm`history ${release}`,
      { ...ws`status`, workspace },
    ]);
  }
}

/** Removes a new workspace that the cluster will never start, and returns the error with a note of it. */
export async function discard(error: WorkspaceError, change: Change, world: World, signal: AbortSignal) {
  const { workspace, release } = change;
  try {
    await world.releases.uninstall(release, signal);
    const { code, message, reason = '', cause, because } = error;
    const again = { ...ws`up`, workspace, note: 'again, when its pod may be made' };
    const otherwise = because?.code === CLASS_MISSING.code ? { ...WITHOUT_VOLUME, workspace } : again;
    // Nothing is left that could have a status or a log, or be taken down.
    const suggestions = [...(because?.suggestions ?? []).filter((one) => !isOfVerb('down', one)), otherwise];
    return await removeRest(failure(code, { message, reason, suggestions, cause, because }), change, world, signal);
  } catch (cause) {
    return withOutcome(error, `What was made of the workspace is still there: ${toReason(cause, 'address')}`, [
      helm`uninstall ${release}`,
    ]);
  }
}

const WITHOUT_VOLUME: Command = {
  ...ws`up --storage-class none`,
  again: { without: ['size'] },
  note: 'the home is lost with the pod',
};

function isOfVerb(verb: string, suggestion: Suggestion): boolean {
  return 'words' in suggestion && suggestion.program === 'ws' && suggestion.words[0] === verb;
}

async function removeRest(error: WorkspaceError, change: Change, world: World, signal: AbortSignal) {
  const { workspace, release, keptBefore } = change;
  const staying = keptBefore === undefined ? [] : await removeKept({ workspace, release, keptBefore }, world, signal);
  const told = ['What had been made of the workspace was removed again', ...staying];
  return toOutcome(error, told, change, world, signal);
}

/** Never deletes a namespace: everything that others have put into it meanwhile would go with it. */
async function toOutcome(error: WorkspaceError, told: string[], change: Change, world: World, signal: AbortSignal) {
  const { namespace } = world.cluster;
  const isMade = change.mustMakeNamespace && (await world.cluster.findNamespace(signal)) === 'active';
  if (!isMade) return withOutcome(error, told.length === 0 ? 'Nothing was changed' : told.join('. '));
  const both = [...told, `Namespace ${namespace}, which was made for it, is still there`];
  return withOutcome(error, both.join('. '), [
    { ...kubectl`delete namespace ${namespace}`, note: 'if nothing else is in it' },
  ]);
}
