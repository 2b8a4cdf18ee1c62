/** How tmux knows the state of a job: what the app writes there, and the supervisor reads and keeps. */

/** An option of the pane that `ws ssh --tmux=NAME -- COMMAND` starts. */
export const JOB_OPTION = '@ws_job';

/** Its values: as long as the command runs, before its exit status, and after a pod that ended before it. */
export const JOB_RUNNING = 'running';
export const JOB_EXITED = 'exited-';
export const JOB_LOST = 'lost';

/**
 * The state as a format of tmux. Where somebody killed the command's own shell and `remain-on-exit` keeps the pane,
 * nobody has written an end.
 */
export const JOB_FORMAT = `#{?#{==:#{${JOB_OPTION}},${JOB_RUNNING}},#{?pane_dead,${JOB_LOST},${JOB_RUNNING}},#{${JOB_OPTION}}}`;

export type JobState = { state: 'running' } | { state: 'exited'; status: number } | { state: 'lost' };

/** `session`: the tmux session. `lost`: nobody knows its status, because its pod or its shell ended first. */
export type Job = { session: string } & JobState;

/** Each has a line in every scrape. */
export const MOST_JOBS = 50;

/** Reads the option's value; undefined if it is no job's. */
export function parseJobState(text: string): JobState | undefined {
  return text.startsWith(JOB_EXITED)
    ? toJobState('exited', text.slice(JOB_EXITED.length))
    : toJobState(text, undefined);
}

/** Checks a state and a status from outside. */
export function toJobState(state: string | undefined, status: string | undefined): JobState | undefined {
  if (state === 'running' || state === 'lost') return { state };
  if (state !== 'exited' || status === undefined || !/^\d{1,3}$/.test(status) || Number(status) > 255) return undefined;
  return { state, status: Number(status) };
}

/** What the option gets of a job that is known. */
export function toJobOption(job: JobState): string {
  return job.state === 'exited' ? `${JOB_EXITED}${job.status}` : job.state;
}
