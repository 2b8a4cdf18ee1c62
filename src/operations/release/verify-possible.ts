import { listLines, toBecause } from '../../workspace/diagnosis/cause.ts';
import { findCauses } from '../../workspace/diagnosis/diagnosis.ts';
import { type AmountChange, UNASKED } from '../../workspace/diagnosis/scene.ts';
import { failure, type WorkspaceError, withOutcome } from '../../workspace/errors/errors.ts';
import { aboutWorkspace } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** These refuse a new pod with the same amounts as well. A webhook may refuse no more than the resize. */
const LASTING = ['QUOTA_CPU', 'QUOTA_MEMORY', 'LIMIT_RANGE'];

/** Quotas and limits that stand against a workspace that has no pod yet. */
const AGAINST_NEW = /^(?:QUOTA_(?!DEMAND)|LIMIT_RANGE$)/;

/**
 * Throws `NOT_PERMITTED`, with what fits, where the quotas and limit ranges of the namespace, as far as they may be
 * read, leave no room for a pod with these amounts and for what is made with it.
 */
export async function verifyRoom(
  { workspace, found, change }: Pick<Asked, 'workspace' | 'change'> & { found: WorkspaceSnapshot | undefined },
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const around = await world.cluster.lookAround(signal).catch(() => UNASKED);
  const causes = findCauses({ snapshot: found, change, around }).filter(({ code }) => AGAINST_NEW.test(code));
  const [nearest] = causes;
  if (nearest === undefined) return;
  throw failure('NOT_PERMITTED', {
    message: `Namespace ${world.cluster.namespace} has no room for workspace ${workspace}`,
    reason: `${causes.flatMap(listLines).join('\n')}\nNothing was changed`,
    suggestions: nearest.suggestions.map((suggestion) => aboutWorkspace(suggestion, workspace)),
    because: toBecause(causes),
  });
}

interface Asked {
  workspace: string;
  found: WorkspaceSnapshot;
  change: AmountChange;
  /** What the API server said to a resize of the pod; undefined where it was not asked. */
  refusal?: WorkspaceError | undefined;
}

/**
 * Throws `NOT_PERMITTED`, with what fits, where the API server would refuse a new pod with these amounts, as far as its
 * words or its quotas say so: a restart would only end what runs.
 */
export async function verifyPossible(
  { workspace, found, change, refusal }: Asked,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const failed = refusal === undefined ? {} : { failure: refusal };
  const find = (around = UNASKED) =>
    findCauses({ snapshot: found, ...failed, change, around }).filter(({ code }) => LASTING.includes(code));
  if (refusal !== undefined && find().length === 0) return;
  const causes = find(await world.cluster.lookAround(signal).catch(() => UNASKED));
  const [nearest] = causes;
  if (nearest === undefined) return;
  const error = failure('NOT_PERMITTED', {
    message: `The cluster does not let workspace ${workspace} have these amounts, and a restart would not help`,
    reason: causes.flatMap(listLines).join('\n'),
    suggestions: nearest.suggestions,
    cause: refusal,
    because: toBecause(causes),
  });
  throw withOutcome(error, 'Nothing was changed');
}
