/** A job is a command that was started in a tmux session. */
import { type JobState, parseJobState, toJobState } from '../../contract/jobs.ts';

export { parseJobState, toJobState };

/** What a wait prints where there is no end to wait for. Else it prints the job's state. */
export const NO_SESSION = 'no-session';
export const NO_JOB = 'no-job';
export const JOB_GONE = 'gone';

/** `session`: the tmux session. `lost`: nobody knows its status, because its pod or its shell ended first. */
export type Job = { session: string } & JobState;
