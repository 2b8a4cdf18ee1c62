/** A job is a command that was started in a tmux session. */
export { type Job, MOST_JOBS, parseJobState, toJobState } from '../../contract/jobs.ts';

/** What a wait prints where there is no end to wait for. Else it prints the job's state. */
export const NO_SESSION = 'no-session';
export const NO_JOB = 'no-job';
export const JOB_GONE = 'gone';
