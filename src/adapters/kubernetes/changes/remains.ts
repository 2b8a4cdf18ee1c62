/** What a release that is taken down leaves behind: Helm deletes what its newest revision names, and nothing else. */
import type { KubernetesObject } from '@kubernetes/client-node';
import { HELM_RELEASE_ANNOTATION, INSTANCE_LABEL } from '../../../contract/labels.ts';
import type { ClusterRemains, Remnant } from '../../../workspace/release/releases.ts';
import { getObjectName, isNamed } from '../../../workspace/state/cluster-words.ts';
import { listAll } from '../api/list-all.ts';
import { listRequest, objectRequest, type Resource } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { findStatusCode } from '../api/translate.ts';
import { isEnding } from '../objects/pod-template.ts';
import { emptyIfRefused, METADATA_ONLY } from '../objects/volume-users.ts';

/** The kinds that the chart makes, in the order in which they go. Claims are not among them: a home stays. */
export const REMAINING = {
  Deployment: 'deployments',
  Service: 'services',
  ConfigMap: 'configmaps',
  Secret: 'secrets',
  PodMonitor: 'podmonitors',
  RoleBinding: 'rolebindings',
  Role: 'roles',
  ServiceAccount: 'serviceaccounts',
} as const satisfies Record<string, Resource>;

/** Nobody has it any more, or another one has its name. */
const GONE = [404, 409];

export function openRemains(rest: RestClient, namespace: string): ClusterRemains {
  return {
    async list(release, signal) {
      const all = Object.values(REMAINING).map(async (resource) => {
        const request = listRequest(resource, namespace, { labelSelector: `${INSTANCE_LABEL}=${release}` });
        const found = listAll<KubernetesObject>(rest, { ...request, accept: METADATA_ONLY }, signal);
        const items = await found.catch((error) => emptyIfRefused<KubernetesObject>(error));
        return items
          .filter((object) => isRemnant(object, release, namespace))
          .map((object) => toRemnant(resource, object));
      });
      return (await Promise.all(all)).flat();
    },

    async delete(remains, signal) {
      const errors: unknown[] = [];
      for (const { resource, name, uid } of remains) {
        const request = objectRequest('delete', resource as Resource, namespace, name, { preconditions: { uid } });
        await rest.call(request, signal).catch((error) => {
          if (!GONE.includes(findStatusCode(error) ?? 0)) errors.push(error);
        });
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** Anybody may borrow the label; the annotations are Helm's own. */
function isRemnant(object: KubernetesObject, release: string, namespace: string): boolean {
  const annotations = object.metadata?.annotations ?? {};
  return (
    isNamed(object) &&
    !isEnding(object) &&
    annotations[HELM_RELEASE_ANNOTATION] === release &&
    annotations['meta.helm.sh/release-namespace'] === namespace &&
    annotations['helm.sh/resource-policy'] !== 'keep'
  );
}

function toRemnant(resource: Resource, { metadata }: KubernetesObject): Remnant {
  return { resource, name: getObjectName({ metadata }), uid: metadata?.uid };
}
