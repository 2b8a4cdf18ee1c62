/** What a pod, or the template of one, says of the workspace in it. */
import type { V1NodeSelectorTerm, V1Pod, V1PodTemplateSpec } from '@kubernetes/client-node';
import { RESUME_ANNOTATION } from '../../../contract/labels.ts';
import { SHARED_MEMORY_DIRECTORY } from '../../../contract/paths.ts';
import {
  getObjectName,
  isNamed,
  parseMessage,
  parseObjectName,
  parsePortNumber,
  parseQuantity,
  toLabels,
  toQuantities,
} from '../../../workspace/state/cluster-words.ts';
import type { Endpoint } from '../../../workspace/state/endpoint.ts';
import {
  findUser,
  findWorkspaceName,
  SECRET_MOUNTS,
  SSH_PORT_NAME,
  WORKSPACE_CONTAINER,
} from '../../../workspace/state/selectors.ts';
import type { PodWants } from '../../../workspace/state/snapshot.ts';

/** The chart's default, for a template that does not name the port. */
const DEFAULT_SSH_PORT = 2222;

type PodLike = Pick<V1PodTemplateSpec, 'metadata' | 'spec'>;

/** The container that serves SSH. */
export function findContainer(template: PodLike | undefined) {
  const containers = template?.spec?.containers ?? [];
  return containers.find(({ name }) => name === WORKSPACE_CONTAINER) ?? containers[0];
}

/** Of SSH, and where the chart notes that streams to it are resumed; only a port counts as one. */
export function toSshPorts(template: PodLike | undefined): { sshPort: number; resumePort?: number } {
  const named = findContainer(template)?.ports?.find((port) => port.name === SSH_PORT_NAME)?.containerPort;
  const resumePort = parsePortNumber(Number(template?.metadata?.annotations?.[RESUME_ANNOTATION]));
  return { sshPort: parsePortNumber(named) ?? DEFAULT_SSH_PORT, ...(resumePort === undefined ? {} : { resumePort }) };
}

/** The Secret that is mounted there; undefined when none is. */
export function findSecretAt(template: PodLike | undefined, path: string): string | undefined {
  const mount = findContainer(template)?.volumeMounts?.find(({ mountPath }) => mountPath === path);
  const volume = template?.spec?.volumes?.find(({ name }) => name === mount?.name);
  const projected = volume?.projected?.sources?.find(({ secret }) => secret !== undefined)?.secret?.name;
  return parseObjectName(volume?.secret?.secretName ?? projected);
}

/** The size of what is mounted at /dev/shm: `unlimited` without a limit, and undefined when nothing is. */
export function findSharedMemory(template: PodLike | undefined): string | undefined {
  const mount = findContainer(template)?.volumeMounts?.find(({ mountPath }) => mountPath === SHARED_MEMORY_DIRECTORY);
  if (mount === undefined) return undefined;
  const volume = template?.spec?.volumes?.find(({ name }) => name === mount.name);
  return parseQuantity(volume?.emptyDir?.sizeLimit) ?? 'unlimited';
}

/** What the pod asks of the cluster. */
export function findWants(template: PodLike | undefined): PodWants {
  const { nodeSelector, affinity, tolerations, imagePullSecrets } = template?.spec ?? {};
  const { requests, limits } = findContainer(template)?.resources ?? {};
  const rules = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  return {
    requests: toQuantities(requests),
    limits: toQuantities(limits),
    nodeSelector: toLabels(nodeSelector),
    affinity: rules.map(writeRule),
    tolerations: (tolerations ?? []).map(({ key, operator, value, effect }) => ({
      operator: operator === 'Exists' ? 'Exists' : 'Equal',
      ...toText('key', key),
      ...toText('value', value),
      ...toText('effect', effect),
    })),
    pullSecrets: (imagePullSecrets ?? []).flatMap(({ name }) => parseObjectName(name) ?? []),
  };
}

function toText<Name extends string>(name: Name, value: unknown): { [name in Name]?: string } {
  const text = typeof value === 'string' && value !== '' ? parseMessage(value) : undefined;
  return (text === undefined ? {} : { [name]: text }) as { [name in Name]?: string };
}

function writeRule({ matchExpressions, matchFields }: V1NodeSelectorTerm): string {
  const rules = [...(matchExpressions ?? []), ...(matchFields ?? [])];
  return (
    parseMessage(
      rules.map(({ key, operator, values }) => [key, operator, ...(values ?? [])].join(' ')).join(' and '),
    ) ?? ''
  );
}

export function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;
}

export function isEnding(object: { metadata?: { deletionTimestamp?: unknown } }): boolean {
  return object.metadata?.deletionTimestamp !== undefined;
}

/**
 * The endpoint of a workspace's one ready pod, which carries what its Deployment's template says. Undefined when none
 * is ready, when there are two, and for a pod that does not say enough.
 */
export function findEndpoint(workspace: string, pods: V1Pod[], namespace: string): Endpoint | undefined {
  const [pod, ...others] = pods.filter((candidate) => isNamed(candidate) && !isEnding(candidate));
  if (pod === undefined || others.length > 0 || !isReady(pod)) return undefined;
  const user = findUser(pod.metadata?.annotations);
  const hostKeySecret = findSecretAt(pod, SECRET_MOUNTS.hostKey);
  if (findWorkspaceName(pod.metadata?.labels) !== workspace || user === undefined || hostKeySecret === undefined)
    return undefined;
  return {
    workspace,
    namespace,
    pod: getObjectName(pod),
    ...toSshPorts(pod),
    user,
    hostKeySecret,
    authorizedKeysSecret: findSecretAt(pod, SECRET_MOUNTS.authorizedKeys),
  };
}
