import type { V1Pod } from '@kubernetes/client-node';
import {
  parseAddress,
  parseImageName,
  parseMessage,
  parseObjectName,
  parseReason,
  parseTime,
} from '../../workspace/cluster-words.ts';
import { WORKSPACE_CONTAINER } from '../../workspace/selectors.ts';
import type { ContainerSnapshot, PodSnapshot } from '../../workspace/snapshot.ts';
import { isReady } from './pod-template.ts';

const PHASES = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'] as const;

/** Cuts a pod down. Pure. */
export function toPod(pod: V1Pod): PodSnapshot {
  const conditions = pod.status?.conditions ?? [];
  const scheduled = conditions.find(({ type }) => type === 'PodScheduled');
  const containers = pod.spec?.containers ?? [];
  return {
    name: parseObjectName(pod.metadata?.name) ?? '',
    uid: parseObjectName(pod.metadata?.uid) ?? '',
    createdAt: parseTime(pod.metadata?.creationTimestamp),
    phase: PHASES.find((phase) => phase === pod.status?.phase) ?? 'Unknown',
    ready: isReady(pod),
    node: parseObjectName(pod.spec?.nodeName),
    ip: parseAddress(pod.status?.podIP),
    image: parseImageName((containers.find(({ name }) => name === WORKSPACE_CONTAINER) ?? containers[0])?.image) ?? '',
    reason: parseReason(pod.status?.reason),
    message: parseMessage(pod.status?.message),
    unschedulable: scheduled?.status === 'False' ? parseMessage(scheduled.message ?? scheduled.reason) : undefined,
    container: toContainer(pod),
  };
}

function toContainer(pod: V1Pod): ContainerSnapshot | undefined {
  const statuses = pod.status?.containerStatuses ?? [];
  const status = statuses.find(({ name }) => name === WORKSPACE_CONTAINER) ?? statuses[0];
  if (status === undefined) return undefined;
  const { running, terminated, waiting } = status.state ?? {};
  const last = status.lastState?.terminated;
  return {
    state: running !== undefined ? 'running' : terminated !== undefined ? 'terminated' : 'waiting',
    reason: parseReason(waiting?.reason ?? terminated?.reason),
    message: parseMessage(waiting?.message ?? terminated?.message),
    restarts: status.restartCount ?? 0,
    lastEnd:
      last === undefined
        ? undefined
        : { reason: parseReason(last.reason) ?? 'Error', exitCode: last.exitCode, message: parseMessage(last.message) },
  };
}
