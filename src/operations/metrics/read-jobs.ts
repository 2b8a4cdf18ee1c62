import {
  JOB_METRIC,
  JOB_SESSION_LABEL,
  JOB_STATE_LABEL,
  JOB_STATUS_LABEL,
  JOBS_METRIC,
} from '../../contract/metrics.ts';
import { type Job, MOST_JOBS, toJobState } from '../../workspace/jobs/job.ts';
import { findLabel, type WorkspaceMetrics } from './read-metrics.ts';

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
