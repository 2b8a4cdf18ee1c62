import {
  JOB_METRIC,
  JOB_SESSION_LABEL,
  JOB_STATE_LABEL,
  JOB_STATUS_LABEL,
  JOBS_METRIC,
} from '../../contract/metrics.ts';
import { type Job, toJobState } from '../../workspace/jobs/job.ts';
import type { WorkspaceMetrics } from './read-metrics.ts';

/** No server says more, and what it says is shown. */
const MOST_JOBS = 50;

/** Undefined where the server does not say: its image is older, or tmux did not answer. */
export function toJobs(metrics: WorkspaceMetrics): Job[] | undefined {
  if (!metrics.has(JOBS_METRIC)) return undefined;
  const jobs = (metrics.get(JOB_METRIC)?.series ?? []).flatMap((labels): Job[] => {
    const session = findLabel(labels, JOB_SESSION_LABEL);
    const state = toJobState(findLabel(labels, JOB_STATE_LABEL), findLabel(labels, JOB_STATUS_LABEL));
    return session === undefined || state === undefined ? [] : [{ session, ...state }];
  });
  return jobs.slice(0, MOST_JOBS);
}

function findLabel(labels: string, name: string): string | undefined {
  return new RegExp(`(?:^|,)${name}="([A-Za-z0-9_-]{1,100})"`).exec(labels)?.[1];
}
