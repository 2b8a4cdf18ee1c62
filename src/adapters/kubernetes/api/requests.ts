/** The requests that a workspace needs, as values: which verb, which path, which selection. */
import { ALL_WORKSPACES, toSelector, WORKSPACE_CONTAINER } from '../../../workspace/state/selectors.ts';
import type { LogOptions, Permission } from '../../../workspace/world.ts';
import type { ApiRequest } from './rest.ts';

type Query = Record<string, string | undefined>;

/** The kinds a workspace consists of, and those that may mount its home as well, by their resource names. */
const ROOTS = {
  pods: '/api/v1',
  services: '/api/v1',
  persistentvolumeclaims: '/api/v1',
  secrets: '/api/v1',
  configmaps: '/api/v1',
  serviceaccounts: '/api/v1',
  events: '/api/v1',
  resourcequotas: '/api/v1',
  limitranges: '/api/v1',
  deployments: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  cronjobs: '/apis/batch/v1',
  roles: '/apis/rbac.authorization.k8s.io/v1',
  rolebindings: '/apis/rbac.authorization.k8s.io/v1',
  podmonitors: '/apis/monitoring.coreos.com/v1',
} as const;

export type Resource = keyof typeof ROOTS;

function toPath(resource: Resource, namespace: string | undefined, name?: string): string {
  const place = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const path = `${ROOTS[resource]}${place}/${resource}`;
  // `/secrets/` would be the list: a caller without a name must not ask at all.
  if (name === '') throw new Error(`a request for one of the ${resource} has no name`);
  return name === undefined ? path : `${path}/${encodeURIComponent(name)}`;
}

/** Of one namespace, or of all. */
export function listRequest(resource: Resource, namespace: string | undefined, query: Query): ApiRequest {
  return { verb: 'list', resource, namespace, path: toPath(resource, namespace), query };
}

export function objectRequest(
  verb: 'get' | 'delete' | 'patch',
  resource: Resource,
  namespace: string,
  name: string,
  body?: object,
): ApiRequest {
  return {
    verb,
    resource,
    namespace,
    path: toPath(resource, namespace, name),
    ...(body === undefined ? {} : { body }),
  };
}

/** Has an object judged as a new one, by all that would judge it; nothing is made. */
export function trialRequest(resource: Resource, namespace: string, body: object): ApiRequest {
  return { verb: 'create', resource, namespace, path: toPath(resource, namespace), query: { dryRun: 'All' }, body };
}

/** Of one workspace, or of all in the namespace. */
export function bySelector(workspace: string | undefined): Query {
  return { labelSelector: workspace === undefined ? ALL_WORKSPACES : toSelector(workspace) };
}

export function byName(name: string): Query {
  return { fieldSelector: `metadata.name=${name}` };
}

/** Events of one object. The API server selects them, so that a busy namespace costs nothing. */
export function byInvolvedObject(kind: string, name: string): Query {
  return { fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}` };
}

export function logRequest(namespace: string, pod: string, { follow, previous, tailLines }: LogOptions): ApiRequest {
  const query = {
    container: WORKSPACE_CONTAINER,
    follow: follow ? 'true' : undefined,
    previous: previous ? 'true' : undefined,
    tailLines: tailLines?.toString(),
  };
  return { verb: 'get', resource: 'pods/log', namespace, path: `${toPath('pods', namespace, pod)}/log`, query };
}

export function namespaceRequest(name: string): ApiRequest {
  return {
    verb: 'get',
    resource: 'namespaces',
    namespace: undefined,
    path: `/api/v1/namespaces/${encodeURIComponent(name)}`,
  };
}

export function volumeRequest(name: string): ApiRequest {
  return { ...VOLUMES_REQUEST, verb: 'get', path: `${VOLUMES_REQUEST.path}/${encodeURIComponent(name)}` };
}

export const VERSION_REQUEST: ApiRequest = { verb: 'get', resource: 'version', namespace: undefined, path: '/version' };

export const NAMESPACES_REQUEST: ApiRequest = {
  verb: 'list',
  resource: 'namespaces',
  namespace: undefined,
  path: '/api/v1/namespaces',
};

export const NODES_REQUEST: ApiRequest = {
  verb: 'list',
  resource: 'nodes',
  namespace: undefined,
  path: '/api/v1/nodes',
};

export const VOLUMES_REQUEST: ApiRequest = {
  verb: 'list',
  resource: 'persistentvolumes',
  namespace: undefined,
  path: '/api/v1/persistentvolumes',
};

export const STORAGE_CLASSES_REQUEST: ApiRequest = {
  verb: 'list',
  resource: 'storageclasses',
  namespace: undefined,
  path: '/apis/storage.k8s.io/v1/storageclasses',
};

/** Asks the API server to list what the user may do in a namespace. The list may be incomplete. */
export function rulesReviewRequest(namespace: string): ApiRequest {
  return reviewRequest('SelfSubjectRulesReview', { namespace });
}

/** Asks the API server whether the user has a permission. */
export function accessReviewRequest(permission: Permission, namespace: string): ApiRequest {
  const { group, resource, subresource, verb, namespaced = true } = permission;
  return reviewRequest('SelfSubjectAccessReview', {
    resourceAttributes: {
      group,
      resource,
      verb,
      ...(subresource === undefined ? {} : { subresource }),
      ...(namespaced ? { namespace } : {}),
    },
  });
}

/** Asks the API server as whom it knows the user. */
export const WHO_AM_I_REQUEST: ApiRequest = {
  verb: 'create',
  resource: 'selfsubjectreviews',
  namespace: undefined,
  path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
  body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
};

/** Everybody may ask this about themselves. */
function reviewRequest(kind: 'SelfSubjectRulesReview' | 'SelfSubjectAccessReview', spec: object): ApiRequest {
  const resource = `${kind.toLowerCase()}s`;
  return {
    verb: 'create',
    resource,
    namespace: undefined,
    path: `/apis/authorization.k8s.io/v1/${resource}`,
    body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
  };
}
