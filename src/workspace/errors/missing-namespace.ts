import { failure } from './errors.ts';
import { command } from './shell-words.ts';

/** The error of a namespace that is not there: told before anything is asked of somebody, or changed. */
export function namespaceMissing(workspace: string, namespace: string) {
  return failure('NAMESPACE_MISSING', {
    message: `There is no namespace ${namespace}`,
    suggestions: [
      command`ws up ${workspace} --namespace ${namespace} --create-namespace`,
      command`ws up ${workspace} --namespace NAME`,
    ],
  });
}
