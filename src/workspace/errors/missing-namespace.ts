import { failure } from './errors.ts';
import { amending, ws } from './suggestion.ts';

/** The error for a missing namespace. We raise it before we ask or change anything. */
export function namespaceMissing(workspace: string, namespace: string) {
  return failure('NAMESPACE_MISSING', {
    message: `There is no namespace ${namespace}`,
    suggestions: [
      { ...amending(ws`up --create-namespace`), workspace, place: { namespace } },
      { ...ws`up`, workspace, place: { namespace: 'NAME' } },
    ],
  });
}
