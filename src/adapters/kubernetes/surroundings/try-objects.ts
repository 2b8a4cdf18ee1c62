/** Has the API server judge objects that nobody makes: admission rules, quotas and webhooks speak as they would. */
import type { V1Deployment } from '@kubernetes/client-node';
import { failure, WorkspaceError } from '../../../workspace/errors/errors.ts';
import type { ManifestObject, Refused } from '../../../workspace/release/releases.ts';
import { type Resource, trialRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { ApiRefusal, findStatusCode } from '../api/translate.ts';

const RESOURCES: Record<string, Resource> = {
  ConfigMap: 'configmaps',
  Deployment: 'deployments',
  PersistentVolumeClaim: 'persistentvolumeclaims',
  Secret: 'secrets',
  Service: 'services',
};

/** Those that would be refused, and why. A pod is tried as well: the Deployment's own is made only later. */
export async function tryObjects(
  rest: RestClient,
  namespace: string,
  objects: ManifestObject[],
  signal: AbortSignal,
): Promise<Refused[]> {
  const trials = objects.flatMap((object): [kind: string, resource: Resource, body: object][] => {
    const resource = RESOURCES[object.kind];
    const own = resource === undefined ? [] : [[object.kind, resource, object] as [string, Resource, object]];
    return object.kind === 'Deployment' ? [...own, ['Pod', 'pods', toItsPod(object as V1Deployment)]] : own;
  });
  const all = trials.map(([kind, resource, body]) => tryObject(rest, { namespace, kind, resource, body }, signal));
  return (await Promise.all(all)).filter((refused) => refused !== undefined);
}

interface OneObject {
  namespace: string;
  kind: string;
  resource: Resource;
  body: object;
}

async function tryObject(
  rest: RestClient,
  { namespace, kind, resource, body }: OneObject,
  signal: AbortSignal,
): Promise<Refused | undefined> {
  try {
    await rest.call(trialRequest(resource, namespace, body), signal);
    return undefined;
  } catch (error) {
    // One of this name is there, and was taken.
    if (findStatusCode(error) === 409) return undefined;
    const refusal = error instanceof ApiRefusal ? error : (error as WorkspaceError).cause;
    if (!(refusal instanceof ApiRefusal) || signal.aborted) throw error;
    const why = refusal.status.message ?? `HTTP status ${refusal.statusCode}`;
    if (/ cannot create resource /.test(why)) return { kind, why: undefined };
    return { kind, why: failure('NOT_PERMITTED', { message: 'The cluster refuses it', reason: why, cause: refusal }) };
  }
}

function toItsPod({ metadata, spec }: V1Deployment): object {
  const { template } = spec ?? {};
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template?.metadata, name: `${metadata?.name}-pod` },
    spec: template?.spec,
  };
}
