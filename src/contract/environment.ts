/**
 * Environment variables that the chart sets and the supervisor reads, once, at start. `supervisor/main.ts` explains
 * each.
 */
export const ENVIRONMENT = {
  user: 'WS_USER',
  home: 'WS_HOME',
  homeKind: 'WS_HOME_KIND',
  shell: 'WS_SHELL',
  workspace: 'WS_WORKSPACE',
  sshPort: 'WS_SSH_PORT',
  httpPort: 'WS_HTTP_PORT',
  loginGraceSeconds: 'WS_LOGIN_GRACE_SECONDS',
  keepaliveSeconds: 'WS_KEEPALIVE_SECONDS',
  resumeSeconds: 'WS_RESUME_SECONDS',
  maxConnections: 'WS_MAX_CONNECTIONS',
  maxUnauthenticated: 'WS_MAX_UNAUTHENTICATED',
  gracePeriodSeconds: 'WS_GRACE_PERIOD_SECONDS',
  memoryKillPercent: 'WS_MEMORY_KILL_PERCENT',
  restoreSessions: 'WS_RESTORE_SESSIONS',
  idleStopSeconds: 'WS_IDLE_STOP_SECONDS',
  endAfterSeconds: 'WS_END_AFTER_SECONDS',
  logLevel: 'WS_LOG_LEVEL',
  version: 'WS_VERSION',
  sessionEnvironment: 'WS_SESSION_ENVIRONMENT',
  extraCaDirectory: 'WS_EXTRA_CA_DIRECTORY',
} as const;
