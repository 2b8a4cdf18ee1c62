import type { V1Pod } from '@kubernetes/client-node';
import {
  getObjectName,
  parseFinalizer,
  parseObjectName,
  parseReason,
  parseTime,
} from '../../../workspace/state/cluster-words.ts';
import type { EndingPod } from '../../../workspace/state/snapshot.ts';
import { findWants } from './pod-template.ts';

/**
 * The time of a deletion is when its grace period ends (ObjectMeta's documentation), so it was asked for that much
 * earlier.
 */
export function toEndingPod(pod: V1Pod): EndingPod {
  const { metadata, spec, status } = pod;
  const graceSeconds = toSeconds(metadata?.deletionGracePeriodSeconds);
  const endsAtMs = Date.parse(parseTime(metadata?.deletionTimestamp) ?? '');
  const disruption = status?.conditions?.find(({ type, status: is }) => type === 'DisruptionTarget' && is === 'True');
  return {
    name: getObjectName({ metadata }),
    since: Number.isNaN(endsAtMs)
      ? undefined
      : new Date(endsAtMs - graceSeconds * 1000).toISOString().replace('.000Z', 'Z'),
    graceSeconds,
    node: parseObjectName(spec?.nodeName),
    finalizers: (metadata?.finalizers ?? []).map((name) => parseFinalizer(name) ?? 'without a valid name'),
    isRunning: (status?.containerStatuses ?? []).some(({ state }) => state?.running !== undefined),
    disruption: parseReason(disruption?.reason ?? status?.reason),
    wants: findWants(pod),
  };
}

function toSeconds(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value < 1e9 ? value : 0;
}
