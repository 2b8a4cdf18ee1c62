import { failure } from './errors.ts';
import { ws } from './suggestion.ts';

/** The error of a namespace that is not there: told before anything is asked of somebody, or changed. */
export function namespaceMissing(workspace: string, namespace: string) {
  return failure('NAMESPACE_MISSING', {
    message: `There is no namespace ${namespace}`,
    suggestions: [
      { ...ws`up --create-namespace`, workspace, place: { namespace } },
      { ...ws`up`, workspace, place: { namespace: 'NAME' } },
    ],
  });
}
