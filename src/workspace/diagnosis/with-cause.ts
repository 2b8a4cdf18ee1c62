import { amended, WorkspaceError } from '../errors/errors.ts';
import { findCauses } from './diagnosis.ts';
import { UNASKED } from './scene.ts';

/** The same error with the cause that shows in it, for programs to tell errors of one code apart. Asks nobody. */
export function withCause<Thrown extends Error>(error: Thrown): Thrown | WorkspaceError {
  if (!(error instanceof WorkspaceError) || error.because !== undefined) return error;
  const [nearest] = findCauses({ snapshot: undefined, around: UNASKED, failure: error });
  if (nearest === undefined) return error;
  const { code, evidence, suggestions } = nearest;
  return amended(error, { suggestions, because: { code, evidence, suggestions } });
}
