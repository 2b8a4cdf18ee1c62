import type { ErrorParts } from '../errors.ts';
import { advice, kubectl, type Suggestion } from '../suggestion.ts';

/** A right that the API server did not find, as it names it. */
export interface RefusedRight {
  verb: string;
  /** With its subresource: `pods/exec`. */
  resource: string;
  /** Undefined for what has none, and for all namespaces at once. */
  namespace: string | undefined;
}

/** The parts of the error for a right that is missing, whoever heard of it: how to check it, and what to ask for. */
export function describeRefusedRight(right: RefusedRight): Pick<ErrorParts, 'message' | 'suggestions'> {
  const { verb, resource, namespace } = right;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const role = namespace === undefined ? 'ClusterRole' : 'Role';
  return {
    message: `You may not ${verb} ${resource}${where}`,
    suggestions: [
      toCanI(right),
      advice(`Ask an administrator for a ${role} that allows "${verb}" on "${resource}"${where}`),
    ],
  };
}

function toCanI({ verb, resource, namespace }: RefusedRight): Suggestion {
  const [kind = '', subresource] = resource.split('/');
  // kubectl would ask for the namespace of the kubeconfig.
  if (namespace === undefined)
    return subresource === undefined
      ? kubectl`auth can-i ${verb} ${kind} --all-namespaces`
      : kubectl`auth can-i ${verb} ${kind} --subresource ${subresource} --all-namespaces`;
  return {
    ...(subresource === undefined
      ? kubectl`auth can-i ${verb} ${kind}`
      : kubectl`auth can-i ${verb} ${kind} --subresource ${subresource}`),
    place: { namespace },
  };
}
