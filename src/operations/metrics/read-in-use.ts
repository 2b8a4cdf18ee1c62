import {
  DETACHED_PROGRAMS_METRIC,
  OLDEST_SESSION_PROGRAM_METRIC,
  SESSION_PROGRAMS_METRIC,
  SESSIONS_METRIC,
} from '../../contract/metrics.ts';
import { hasCode, interrupted } from '../../workspace/errors/errors.ts';
import type { InUse } from '../../workspace/in-use.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { readMetrics, type WorkspaceMetrics } from './read-metrics.ts';

/** What a restart or the end of this workspace's pod would end. Throws `INTERRUPTED` alone. */
export async function readInUse(
  { pod, namespace }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): Promise<InUse> {
  if (pod?.container?.state !== 'running') return { kind: 'nobody' };
  try {
    return toInUse(await readMetrics({ pod: pod.name, namespace }, world, signal));
  } catch (error) {
    if (signal.aborted) throw interrupted();
    if (hasCode(error, 'NOT_PERMITTED')) return { kind: 'unknown', why: 'you may not open a connection to its pod' };
    return { kind: 'unknown', why: 'its server does not answer' };
  }
}

export function toInUse(metrics: WorkspaceMetrics): InUse {
  const read = (name: string) => {
    const value = metrics.get(name)?.value;
    return value === undefined ? undefined : Math.max(0, Math.round(value));
  };
  // An image from before this metric counts connections, those that only wait included.
  const sessions = read(SESSION_PROGRAMS_METRIC) ?? read(SESSIONS_METRIC);
  if (sessions === undefined) return { kind: 'unknown', why: 'its server does not say' };
  const detached = read(DETACHED_PROGRAMS_METRIC);
  if (sessions === 0 && detached === undefined)
    return { kind: 'unknown', why: 'its image is older and does not say what runs without a connection' };
  if (sessions === 0 && detached === 0) return { kind: 'nobody' };
  return { kind: 'somebody', sessions, sinceMs: toTime(read(OLDEST_SESSION_PROGRAM_METRIC)), detached };
}

/** A time that a clock can show: the server may say any number, and 0 where it knows none. */
function toTime(seconds: number | undefined): number | undefined {
  return seconds === undefined || seconds <= 0 || seconds > LAST_SECOND ? undefined : seconds * 1000;
}

/** The year 9999. */
const LAST_SECOND = 253_402_300_799;
