import {
  BUSY_AGENT_LABEL,
  BUSY_METRIC,
  BUSY_REASON_LABEL,
  BUSY_REASONS,
  HELD_METRIC,
  IDLE_METRIC,
  IDLE_STOP_METRIC,
  TIME_LEFT_METRIC,
} from '../../contract/metrics.ts';
import type { Job } from '../../workspace/jobs/job.ts';
import type { Activity } from '../../workspace/sleep/activity.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { toJobs } from './read-jobs.ts';
import { findLabel, readMetrics, type WorkspaceMetrics } from './read-metrics.ts';

/** More than a pod lives, and no number that a server could make up says more. */
const MOST_SECONDS = 10 * 365 * 86_400;

/** A reason, or an agent's name. */
const WORD = '[a-z-]{1,20}';

/** What its server says of the work in it. */
export interface Work {
  activity: Activity | undefined;
  jobs: Job[] | undefined;
}

/** Undefined when it is not ready, does not answer, or has an image that does not say. Throws `INTERRUPTED`. */
export async function readWork(
  { pod, namespace }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): Promise<Work> {
  if (pod?.ready !== true) return { activity: undefined, jobs: undefined };
  try {
    const metrics = await readMetrics({ pod: pod.name, namespace }, world, signal);
    return { activity: toActivity(metrics), jobs: toJobs(metrics) };
  } catch (error) {
    if (signal.aborted) throw error;
    return { activity: undefined, jobs: undefined };
  }
}

/** A reason that only a later server knows is work as well. */
export function toActivity(metrics: WorkspaceMetrics): Activity | undefined {
  const seconds = metrics.get(IDLE_METRIC)?.value;
  if (seconds === undefined) return undefined;
  const idleSeconds = toSeconds(seconds);
  const stop = metrics.get(IDLE_STOP_METRIC)?.value;
  const toSleep = (idle: number) => (stop === undefined ? undefined : Math.max(0, toSeconds(stop) - idle));
  const held = metrics.get(HELD_METRIC)?.value;
  const heldForSeconds = held === undefined ? undefined : toSeconds(held);
  const left = metrics.get(TIME_LEFT_METRIC)?.value;
  const limits = { heldForSeconds, stopsInSeconds: left === undefined ? undefined : toSeconds(left) };
  const labels = metrics.get(BUSY_METRIC)?.labels;
  if (labels === undefined)
    return { idleSeconds, busy: undefined, agent: undefined, sleepsInSeconds: toSleep(idleSeconds), ...limits };
  const busy = BUSY_REASONS.find((reason) => reason === findLabel(labels, BUSY_REASON_LABEL, WORD)) ?? 'unseen';
  const agent = busy === 'agent' ? findLabel(labels, BUSY_AGENT_LABEL, WORD) : undefined;
  return { idleSeconds: 0, busy, agent, sleepsInSeconds: toSleep(0), ...limits };
}

function toSeconds(value: number): number {
  return Math.min(MOST_SECONDS, Math.max(0, Math.floor(value)));
}
