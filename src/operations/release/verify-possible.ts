import { listLines } from '../../workspace/diagnosis/cause.ts';
import { findCauses } from '../../workspace/diagnosis/diagnosis.ts';
import { type AmountChange, UNASKED } from '../../workspace/diagnosis/scene.ts';
import { failure, type WorkspaceError, withOutcome } from '../../workspace/errors/errors.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** These refuse a new pod with the same amounts as well. A webhook may refuse no more than the resize. */
const LASTING = ['QUOTA_CPU', 'QUOTA_MEMORY', 'LIMIT_RANGE'];

/**
 * The API server refused to resize the pod. Throws `NOT_PERMITTED`, with what fits, where it would refuse a new pod as
 * well: a restart would only end what runs.
 */
export async function verifyPossible(
  refusal: WorkspaceError,
  { workspace, found, change }: { workspace: string; found: WorkspaceSnapshot; change: AmountChange },
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const find = (around = UNASKED) =>
    findCauses({ snapshot: found, failure: refusal, change, around }).filter(({ code }) => LASTING.includes(code));
  if (find().length === 0) return;
  const causes = find(await world.cluster.lookAround(signal).catch(() => UNASKED));
  const [nearest] = causes;
  if (nearest === undefined) return;
  const error = failure('NOT_PERMITTED', {
    message: `The cluster does not let workspace ${workspace} have these amounts, and a restart would not help`,
    reason: causes.flatMap(listLines).join('\n'),
    suggestions: nearest.suggestions,
    cause: refusal,
    because: nearest,
  });
  throw withOutcome(error, 'Nothing was changed');
}
