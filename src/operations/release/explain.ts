import { listLines, toBecause } from '../../workspace/diagnosis/cause.ts';
import { findCauses } from '../../workspace/diagnosis/diagnosis.ts';
import { UNASKED } from '../../workspace/diagnosis/scene.ts';
import { failure, WorkspaceError } from '../../workspace/errors/errors.ts';
import { aboutWorkspace } from '../../workspace/errors/suggestion.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/**
 * The same error with the cause that the diagnosis finds in it: what it is known by, and what helps, with numbers.
 * Looks around only for an error of which some cause knows the words.
 */
export async function explain(
  error: unknown,
  { workspace, found }: { workspace: string; found: WorkspaceSnapshot | undefined },
  world: World,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(error instanceof WorkspaceError) || error.because !== undefined) return error;
  // What is wrong with the workspace as it was is no reason for this.
  const codes = findCauses({ snapshot: undefined, failure: error, around: UNASKED }).map(({ code }) => code);
  if (codes.length === 0) return error;
  const around = await world.cluster.lookAround(signal).catch(() => UNASKED);
  const causes = findCauses({ snapshot: found, failure: error, around }).filter(({ code }) => codes.includes(code));
  const [nearest] = causes;
  if (nearest === undefined) return error;
  const { code, message, cause } = error;
  const suggestions = nearest.suggestions.map((suggestion) => aboutWorkspace(suggestion, workspace));
  const because = { ...toBecause(causes), code: nearest.code, evidence: nearest.evidence, suggestions };
  // It says all of it by itself.
  if (nearest.reason === code) return failure(code, { ...toParts(error), because });
  return failure(code, {
    message,
    reason: causes.flatMap(listLines).join('\n'),
    suggestions: [...suggestions, ...error.suggestions],
    ...{ cause, because },
  });
}

function toParts({ message, reason, suggestions, candidates, cause }: WorkspaceError) {
  return {
    ...{ message, cause },
    ...(reason === undefined ? {} : { reason }),
    suggestions: [...suggestions],
    candidates: [...candidates],
  };
}
