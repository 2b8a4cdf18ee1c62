/** Environment variables that the chart sets and the supervisor reads, once, at start. */
export const ENVIRONMENT = {
  user: 'WS_USER',
  home: 'WS_HOME',
  sshPort: 'WS_SSH_PORT',
  httpPort: 'WS_HTTP_PORT',
  loginGraceSeconds: 'WS_LOGIN_GRACE_SECONDS',
  keepaliveSeconds: 'WS_KEEPALIVE_SECONDS',
  maxConnections: 'WS_MAX_CONNECTIONS',
  gracePeriodSeconds: 'WS_GRACE_PERIOD_SECONDS',
  memoryKillPercent: 'WS_MEMORY_KILL_PERCENT',
  homeKind: 'WS_HOME_KIND',
  logLevel: 'WS_LOG_LEVEL',
  version: 'WS_VERSION',
} as const;
