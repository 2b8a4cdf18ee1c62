import { listLines, toBecause } from '../../workspace/diagnosis/cause.ts';
import { diagnose, findCauses } from '../../workspace/diagnosis/diagnosis.ts';
import { UNASKED } from '../../workspace/diagnosis/scene.ts';
import { failure, hasCode } from '../../workspace/errors/errors.ts';
import type { World } from '../../workspace/world.ts';

/** Whoever waits has waited already. */
const LIMIT_MS = 5000;

/**
 * The same error with what the workspace shows meanwhile, as `ws status` would say it: a login that breaks off says
 * nothing of why. Where an error tells its cause by itself, nobody is asked.
 */
export async function explainLoss(
  error: unknown,
  workspace: string,
  { cluster }: Pick<World, 'cluster'>,
  signal: AbortSignal,
): Promise<unknown> {
  if (!hasCode(error, 'CONNECTION_FAILED', 'CONNECTION_LOST') || error.because !== undefined) return error;
  if (findCauses({ snapshot: undefined, around: UNASKED, failure: error }).length > 0) return error;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const snapshot = await cluster.findWorkspace(workspace, limited);
    if (snapshot === undefined) return error;
    const { causes } = diagnose({ snapshot, around: await cluster.lookAround(limited) });
    const [nearest] = causes;
    if (nearest === undefined) return error;
    const { code, message, reason, cause } = error;
    return failure(code, {
      ...{ message, cause },
      reason: [...(reason === undefined ? [] : [reason]), ...listLines(nearest)].join('\n'),
      suggestions: [...nearest.suggestions, ...error.suggestions],
      because: toBecause(causes),
    });
  } catch {
    // What cannot be seen explains nothing, and takes nothing away.
    return error;
  }
}
