import { enumerate } from '../enumerate.ts';
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

type Words = Pick<ErrorParts, 'message' | 'suggestions'>;

/** The parts of the error for a right that is missing, whoever heard of it: how to check it, and what to ask for. */
export function describeRefusedRight({ resource, ...right }: RefusedRight): Words {
  return describeRefusedRights({ ...right, resources: [resource] });
}

/** The same for several kinds of objects: whoever is given the rights one by one has to come back for each. */
export function describeRefusedRights({
  verb,
  resources,
  namespace,
}: Omit<RefusedRight, 'resource'> & { resources: [string, ...string[]] }): Words {
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  const role = namespace === undefined ? 'ClusterRole' : 'Role';
  const quoted = resources.map((resource) => `"${resource}"`);
  return {
    message: `You may not ${verb} ${enumerate(resources, 'or')}${where}`,
    suggestions: [
      toCanI({ verb, resource: resources[0], namespace }),
      advice(`Ask an administrator for a ${role} that allows "${verb}" on ${enumerate(quoted, 'and')}${where}`),
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
