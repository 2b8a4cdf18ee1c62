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

/** For how long a time or a file still holds it, whatever else works; absent where none does, or a program does. */
export const HELD_METRIC = 'ws_held_seconds';

/** Always 1, and only there while something works; its labels say what. */
export const BUSY_METRIC = 'ws_busy_info';
export const BUSY_REASON_LABEL = 'reason';
export const BUSY_AGENT_LABEL = 'agent';

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

/** Metrics by name, from the text form of Prometheus: the last one of a name that stands there with several labels. */
export function parseMetrics(text: string): Map<string, { labels: string; value: number }> {
  const lines = text.matchAll(/^(?<name>[a-z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/gim);
  return new Map(
    [...lines].flatMap(({ groups = {} }) => {
      const { name = '', labels = '', value = '' } = groups;
      return Number.isFinite(Number(value)) ? [[name, { labels, value: Number(value) }] as const] : [];
    }),
  );
}
