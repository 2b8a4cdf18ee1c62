/** Changes of pods by the app itself, and what a change of their template would do. */
import type { V1Deployment, V1Pod, V1ReplicaSet } from '@kubernetes/client-node';
import { HELD_ANNOTATION } from '../../../contract/labels.ts';
import { isSameAmount } from '../../../workspace/diagnosis/words/quantity.ts';
import type { Amounts, ClusterPods, Resize } from '../../../workspace/state/cluster-pods.ts';
import { getObjectName, parseMessage, parseReason } from '../../../workspace/state/cluster-words.ts';
import { WORKSPACE_CONTAINER } from '../../../workspace/state/selectors.ts';
import type { DeploymentSnapshot } from '../../../workspace/state/snapshot.ts';
import { listRequest, objectRequest, type Resource } from '../api/requests.ts';
import type { ApiRequest, RestClient } from '../api/rest.ts';
import { findStatusCode } from '../api/translate.ts';
import { findContainer } from '../objects/pod-template.ts';
import { toDeployment } from '../objects/snapshot.ts';
import { findRevision, isOf, isWanted } from './replica-sets.ts';

/** A controller may write its status just then. */
const MOST_TRIES = 5;
const CONFLICT = 409;

/** Changes of the pods of a namespace. */
export function openPods(rest: RestClient, namespace: string): ClusterPods {
  const read = <Kind>(resource: Resource, name: string, signal: AbortSignal) =>
    rest.call<Kind>(objectRequest('get', resource, namespace, name), signal);
  const patch = async (resource: Resource, name: string, body: object, signal: AbortSignal) =>
    void (await rest.call(objectRequest('patch', resource, namespace, name, body), signal));
  return {
    annotate: (pod, annotations, signal) => patch('pods', pod, { metadata: { annotations } }, signal),

    async previewTemplate(deployment, template, signal) {
      const write = objectRequest('patch', 'deployments', namespace, deployment, { spec: { template } });
      const now = await read<V1Deployment>('deployments', deployment, signal);
      // The API server fills in what a template leaves open, so the two can be compared.
      const then = await rest.call<V1Deployment>({ ...write, query: { dryRun: 'All' } }, signal);
      return { now: now.spec?.template, then: then.spec?.template };
    },

    async findEarlier(name, signal) {
      const [deployment, sets] = await Promise.all([
        read<V1Deployment>('deployments', name, signal),
        rest.call<{ items: V1ReplicaSet[] }>(listRequest('replicasets', namespace, {}), signal),
      ]);
      return toEarlier(deployment, sets.items);
    },

    resize: async (pod, amounts, signal) => void (await rest.call(resizeRequest(namespace, pod, amounts), signal)),

    findResize: async (pod, signal) => toResize(await read<V1Pod>('pods', pod, signal)),

    async holdRollout(name, { isLeft }, signal) {
      for (let left = MOST_TRIES; left > 0; left -= 1) {
        const { metadata = {} } = await read<V1Deployment>('deployments', name, signal);
        if (metadata.annotations?.[HELD_ANNOTATION] !== undefined && !isLeft) return false;
        // Of two who find it free, one is refused.
        const { resourceVersion } = metadata;
        const held = { resourceVersion, annotations: { [HELD_ANNOTATION]: 'resize' } };
        try {
          await patch('deployments', name, { metadata: held, spec: { paused: true } }, signal);
          return true;
        } catch (error) {
          if (findStatusCode(error) !== CONFLICT) throw error;
        }
      }
      return false;
    },

    async goOn(name, keepPod, signal) {
      const deployment = await read<V1Deployment>('deployments', name, signal);
      if (deployment.metadata?.annotations?.[HELD_ANNOTATION] === undefined) return;
      if (keepPod) {
        const sets = await rest.call<{ items: V1ReplicaSet[] }>(listRequest('replicasets', namespace, {}), signal);
        const own = sets.items.find((set) => isOf(set, deployment) && isWanted(set));
        // The controller makes no other pod where a ReplicaSet has the Deployment's template: it compares no pods.
        if (own !== undefined) await patch('replicasets', getObjectName(own), toOwnTemplate(own, deployment), signal);
      }
      const body = { metadata: { annotations: { [HELD_ANNOTATION]: null } }, spec: { paused: null } };
      await patch('deployments', name, body, signal);
    },
  };
}

/** A strategic patch finds the container by its name; a merge patch would replace the list. */
function resizeRequest(namespace: string, pod: string, amounts: Amounts): ApiRequest {
  const body = { spec: { containers: [{ name: WORKSPACE_CONTAINER, resources: amounts }] } };
  const request = objectRequest('patch', 'pods', namespace, pod, body);
  return { ...request, resource: 'pods/resize', path: `${request.path}/resize`, isStrategic: true };
}

/** The node says what it does in conditions, and at the end in the container's status. */
export function toResize(pod: V1Pod): Resize {
  const conditions = pod.status?.conditions ?? [];
  const pending = conditions.find(({ type }) => type === 'PodResizePending');
  const going = conditions.find(({ type }) => type === 'PodResizeInProgress');
  const told = pending ?? (going?.reason === 'Error' ? going : undefined);
  if (told !== undefined)
    return { kind: 'refused', why: parseMessage(told.message) ?? parseReason(told.reason) ?? told.type };
  const wanted = findContainer(pod)?.resources;
  const has = pod.status?.containerStatuses?.find(({ name }) => name === WORKSPACE_CONTAINER)?.resources;
  const isThere = (['limits', 'requests'] as const).every((kind) =>
    ['cpu', 'memory'].every((amount) => isSameAmount(has?.[kind]?.[amount], wanted?.[kind]?.[amount])),
  );
  return { kind: going === undefined && isThere ? 'done' : 'going-on' };
}

/** Its former templates, which its ReplicaSets keep. */
export function toEarlier(deployment: V1Deployment, sets: V1ReplicaSet[]): DeploymentSnapshot[] {
  const rollout = deployment.status?.conditions?.find(({ type }) => type === 'Progressing');
  if (rollout?.reason === 'NewReplicaSetAvailable') return [];
  const now = findRevision(deployment);
  return sets
    .filter((set) => isOf(set, deployment) && findRevision(set) < now)
    .toSorted((one, other) => findRevision(other) - findRevision(one))
    .flatMap(({ spec }) => {
      const template = spec?.template;
      if (template === undefined || deployment.spec === undefined) return [];
      return [toDeployment({ ...deployment, spec: { ...deployment.spec, template } })];
    });
}

function toOwnTemplate({ metadata }: V1ReplicaSet, { spec }: V1Deployment): object {
  const hash = metadata?.labels?.[HASH_LABEL];
  const labels = { ...spec?.template.metadata?.labels, ...(hash === undefined ? {} : { [HASH_LABEL]: hash }) };
  return { spec: { template: { ...spec?.template, metadata: { ...spec?.template.metadata, labels } } } };
}

const HASH_LABEL = 'pod-template-hash';
