/** Names of the server's metrics that the app reads as well. */

/** Connections that are logged in. */
export const SESSIONS_METRIC = 'ws_sessions';

/** What runs for a connection: shells, commands, transfers. A connection that forwards or waits has none. */
export const SESSION_PROGRAMS_METRIC = 'ws_session_programs';

/** When the oldest of these began, as Unix time. */
export const OLDEST_SESSION_PROGRAM_METRIC = 'ws_session_programs_oldest_start_time_seconds';

/** What runs without a connection, as tmux and nohup start it. What such a program has started is not counted. */
export const DETACHED_PROGRAMS_METRIC = 'ws_detached_programs';

export const HOME_USED_METRIC = 'ws_home_used_bytes';
export const HOME_SIZE_METRIC = 'ws_home_size_bytes';

/** Always 1; its label is the SHA-256 of the file with the authorized keys as the server reads it now. */
export const AUTHORIZED_KEYS_METRIC = 'ws_authorized_keys_info';
export const AUTHORIZED_KEYS_LABEL = 'sha256';

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
