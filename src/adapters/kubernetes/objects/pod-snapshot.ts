import type { V1ContainerState, V1ContainerStateTerminated, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import {
  getObjectName,
  parseImageName,
  parseLastWords,
  parseMessage,
  parseObjectName,
  parseReason,
  parseTime,
} from '../../../workspace/state/cluster-words.ts';
import { INIT_CONTAINERS, WORKSPACE_CONTAINER } from '../../../workspace/state/selectors.ts';
import type { ContainerEnd, ContainerSnapshot, PodSnapshot } from '../../../workspace/state/snapshot.ts';
import { findWants, isReady } from './pod-template.ts';

/** Every cluster has it (pkg/apis/core/v1/defaults.go). */
const DEFAULT_SCHEDULER = 'default-scheduler';

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;

/** Cuts a pod down. Pure. */
export function toPod(pod: V1Pod): PodSnapshot {
  const conditions = pod.status?.conditions ?? [];
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  const containers = pod.spec?.containers ?? [];
  return {
    name: getObjectName(pod),
    phase: PHASES.find((phase) => phase === pod.status?.phase) ?? 'Unknown',
    ready: isReady(pod),
    node: parseObjectName(pod.spec?.nodeName),
    image: parseImageName((containers.find(({ name }) => name === WORKSPACE_CONTAINER) ?? containers[0])?.image),
    reason: parseReason(pod.status?.reason),
    message: parseMessage(pod.status?.message),
    unschedulable: scheduled?.status === 'False' ? parseMessage(scheduled.message ?? scheduled.reason) : undefined,
    container: toContainer(pod),
    wants: findWants(pod),
    ...toUnready(pod),
    ...toConditions(pod),
  };
}

function toContainer(pod: V1Pod): ContainerSnapshot | undefined {
  const status = findStatus(pod);
  if (status === undefined) return undefined;
  const { running, terminated, waiting } = status.state ?? {};
  const last = terminated ?? status.lastState?.terminated;
  return {
    state: running !== undefined ? 'running' : terminated !== undefined ? 'terminated' : 'waiting',
    reason: parseReason(waiting?.reason ?? terminated?.reason),
    message: waiting === undefined ? parseLastWords(terminated?.message) : parseMessage(waiting.message),
    restarts: status.restartCount ?? 0,
    ...(status.ready === true ? { isReady: true } : {}),
    ...(isSubPathRefused(waiting?.message) ? { isSubPathRefused: true } : {}),
    ...(isOnTrial(pod, status) ? { isOnTrial: true } : {}),
    ...toStart(running?.startedAt),
    lastEnd: last === undefined ? undefined : toEnd(last),
  };
}

/** Its pod has been unready since before it started: both times are its node's. */
function isOnTrial(pod: V1Pod, { ready, state }: V1ContainerStatus): boolean {
  const unready = pod.status?.conditions?.find(({ type, status }) => type === 'Ready' && status === 'False');
  const [sinceMs, startedMs] = [unready?.lastTransitionTime, state?.running?.startedAt].map((time) =>
    Date.parse(parseTime(time) ?? ''),
  );
  return ready !== true && (sinceMs ?? Number.NaN) <= (startedMs ?? Number.NaN);
}

function toUnready({ spec, status }: V1Pod): Pick<PodSnapshot, 'unready' | 'others'> {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const unready = ready?.status === 'False' ? parseMessage(ready.message ?? ready.reason) : undefined;
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  // A sidecar among them runs as long as the pod does.
  const goesOn = (name: string) => spec?.initContainers?.find((one) => one.name === name)?.restartPolicy === 'Always';
  const others = all
    .filter(
      ({ name, ready: isReady, state }) =>
        name !== WORKSPACE_CONTAINER && !isReady && state?.terminated?.exitCode !== 0,
    )
    .flatMap(({ name, state, restartCount }) => {
      const named = parseObjectName(name);
      return named === undefined ? [] : [`${named} ${describeState(state)}, ${restartCount ?? 0} restarts`];
    });
  const init = status?.initContainerStatuses?.find(
    ({ name, state }) => state?.running !== undefined && !INIT_CONTAINERS.includes(name) && !goesOn(name),
  );
  const named = parseObjectName(init?.name);
  return {
    ...(unready === undefined ? {} : { unready }),
    ...(others.length === 0 ? {} : { others }),
    ...(named === undefined ? {} : { init: named }),
  };
}

/** What can hold a pod up without a word from anybody: what does not come is not told. */
function toConditions({ spec }: V1Pod): Pick<PodSnapshot, 'conditions'> {
  const { schedulerName = DEFAULT_SCHEDULER } = spec ?? {};
  const all: [string, string | undefined][] = [
    ...(spec?.schedulingGates ?? []).map(({ name }): [string, string] => ['scheduling gate', name]),
    ...(spec?.readinessGates ?? []).map((one): [string, string] => ['readiness gate', one.conditionType]),
    ...(spec?.resourceClaims ?? []).map((one): [string, string | undefined] => [
      'resource claim',
      one.resourceClaimName ?? one.resourceClaimTemplateName,
    ]),
    ...(schedulerName === DEFAULT_SCHEDULER ? [] : [['scheduler', schedulerName] as [string, string]]),
  ];
  const conditions = all.flatMap(([what, name]) =>
    name === undefined ? [] : [`${what} ${parseMessage(name) ?? '?'}`],
  );
  return conditions.length === 0 ? {} : { conditions };
}

function describeState({ waiting, terminated }: V1ContainerState = {}): string {
  if (waiting !== undefined) return `waits (${parseReason(waiting.reason) ?? 'it does not say for what'})`;
  return terminated === undefined ? 'is not ready' : `ended with exit code ${Number(terminated.exitCode)}`;
}

function toStart(startedAt: unknown): { startedAt?: string } {
  const at = parseTime(startedAt);
  return at === undefined ? {} : { startedAt: at };
}

function toEnd({ reason, exitCode, message, startedAt, finishedAt }: V1ContainerStateTerminated): ContainerEnd {
  const startedAtMs = Date.parse(parseTime(startedAt) ?? '');
  // Of one that never ran, containerd says 1970.
  const ranMs = startedAtMs > 0 ? Date.parse(parseTime(finishedAt) ?? '') - startedAtMs : Number.NaN;
  return {
    reason: parseReason(reason) ?? 'Error',
    exitCode,
    message: parseLastWords(message),
    ...(ranMs >= 0 ? { ranSeconds: Math.round(ranMs / 1000) } : {}),
  };
}

/**
 * The workspace's container, or one of the chart's init containers that holds it up. Somebody else's is among the
 * others.
 */
function findStatus(pod: V1Pod): V1ContainerStatus | undefined {
  const isStuck = ({ state }: V1ContainerStatus) =>
    state?.waiting?.reason !== undefined && !['PodInitializing', 'ContainerCreating'].includes(state.waiting.reason);
  const statuses = pod.status?.containerStatuses ?? [];
  return (
    pod.status?.initContainerStatuses?.find((one) => INIT_CONTAINERS.includes(one.name) && isStuck(one)) ??
    statuses.find(({ name }) => name === WORKSPACE_CONTAINER) ??
    statuses[0]
  );
}

/** The kubelet's words (pkg/kubelet/kubelet_pods.go, makeMounts): it has no reason of its own for them. */
function isSubPathRefused(message: string | undefined): boolean {
  return /^failed to (?:create|prepare) subPath/.test(message ?? '');
}
