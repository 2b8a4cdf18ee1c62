/** Names of the server's metrics that the app reads as well. */

/** Connections that are logged in. */
export const SESSIONS_METRIC = 'ws_sessions';

/** What runs for a connection: shells, commands, transfers. A connection that forwards or waits has none. */
export const SESSION_PROGRAMS_METRIC = 'ws_session_programs';

/** When the oldest of these began, as Unix time. */
export const OLDEST_SESSION_PROGRAM_METRIC = 'ws_session_programs_oldest_start_time_seconds';

/**
 * What runs without a connection: a program for each terminal of tmux, and others, as of nohup; not what these start,
 * nor shells at their prompts.
 */
export const DETACHED_PROGRAMS_METRIC = 'ws_detached_programs';

export const HOME_USED_METRIC = 'ws_home_used_bytes';
export const HOME_SIZE_METRIC = 'ws_home_size_bytes';

/** Always 1; its label is the SHA-256 of the file with the authorized keys as the server reads it now. */
export const AUTHORIZED_KEYS_METRIC = 'ws_authorized_keys_info';
export const AUTHORIZED_KEYS_LABEL = 'sha256';

/** For how long nobody and nothing has worked; 0 as long as something does. */
export const IDLE_METRIC = 'ws_idle_seconds';

/** An idle workspace sleeps after so long; absent where nothing lets it. */
export const IDLE_STOP_METRIC = 'ws_idle_stop_seconds';

/** Until its time is over and it is stopped, whatever works in it; absent where it has no such time. */
export const TIME_LEFT_METRIC = 'ws_time_left_seconds';

/** For how long a time or a file still holds it, whatever else works; absent where none does, or a program does. */
export const HELD_METRIC = 'ws_held_seconds';

/** Always 1, and only there while something works; its labels say what. */
export const BUSY_METRIC = 'ws_busy_info';
export const BUSY_REASON_LABEL = 'reason';
export const BUSY_AGENT_LABEL = 'agent';

/** How many commands were started in tmux sessions that are still there; absent where tmux does not say. */
export const JOBS_METRIC = 'ws_jobs';

/** Always 1, for each of them; its labels say which and how it is. The status is empty until it has ended. */
export const JOB_METRIC = 'ws_job_info';
export const JOB_SESSION_LABEL = 'session';
export const JOB_STATE_LABEL = 'state';
export const JOB_STATUS_LABEL = 'status';

/** What keeps a workspace from being idle: the first of them is said where there are several. */
export const BUSY_REASONS = [
  'typed',
  'command',
  'computes',
  'transfer',
  'network',
  'output',
  'lease',
  'agent',
  'unseen',
] as const;
export type BusyReason = (typeof BUSY_REASONS)[number];

export interface Metric {
  /** Of the last one with this name. */
  labels: string;
  value: number;
  /** The labels of each one with this name. */
  series: string[];
}

/** Metrics by name, from the text form of Prometheus. */
export function parseMetrics(text: string): Map<string, Metric> {
  const metrics = new Map<string, Metric>();
  for (const { groups = {} } of text.matchAll(/^(?<name>[a-z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/gim)) {
    const { name = '', labels = '', value = '' } = groups;
    if (!Number.isFinite(Number(value))) continue;
    const series = metrics.get(name)?.series ?? [];
    series.push(labels);
    metrics.set(name, { labels, value: Number(value), series });
  }
  return metrics;
}
