import { readFileSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  AUTHORIZED_KEYS_DIRECTORY,
  AUTHORIZED_KEYS_FILE,
  HOST_KEY_DIRECTORY,
  HOST_KEY_FILE,
  RUNTIME_DIRECTORY,
  SKELETON_DIRECTORY,
} from '../contract/paths.ts';
import { checkAuthorizedKeys } from './authorized-keys.ts';
import { installCertificates } from './certificates.ts';
import { readContainerUse } from './cgroup.ts';
import type { Config } from './config.ts';
import type { Door } from './door.ts';
import type { Health } from './health.ts';
import { prepareHome } from './home.ts';
import { installHostKey } from './host-key.ts';
import { advance, type Lifecycle } from './lifecycle.ts';
import type { Log } from './log.ts';
import { startMemoryGuard } from './memory-guard.ts';
import { Metrics } from './metrics.ts';
import { listProcesses } from './proc.ts';
import { SshServer } from './server.ts';
import { notifyTerminals } from './terminals.ts';
import { verifyShell } from './users.ts';

const CGROUP_ROOT = '/sys/fs/cgroup';
const SHELLS_FILE = '/etc/shells';
const TINI_PID = 1;

/** What runs after a boot, for whoever ends it. */
export interface Boot {
  config: Config;
  server: SshServer;
  health: Health;
  lifecycle: { state: Lifecycle };
  stopGuard(): void;
}

/** What listens since before the start. */
export interface Listeners {
  health: Health;
  door: Door;
}

/** The ordered start: shell, home, host key, authorized keys, server. Each step says what it did; a failing one ends the start. */
export async function boot(
  config: Config,
  workspace: string | undefined,
  { health, door }: Listeners,
  log: Log,
  ownPid: number,
): Promise<Boot> {
  const startedAtMs = Date.now();
  const restarts = countRestart(path.join(RUNTIME_DIRECTORY, 'starts'));
  const lifecycle: { state: Lifecycle } = { state: 'booting' };
  const metrics = new Metrics({
    version: config.version,
    home: config.home,
    cgroupRoot: CGROUP_ROOT,
    startedAtMs,
    restarts,
  });

  verifyShell(config.shell, readFileSync(SHELLS_FILE, 'utf8'));
  const home = prepareHome(config.home, SKELETON_DIRECTORY);
  log.info('home.prepared', { home: config.home, kind: config.homeKind, ...home });
  const hostKeyFile = path.join(RUNTIME_DIRECTORY, 'hostkey');
  const hostKey = installHostKey(path.join(HOST_KEY_DIRECTORY, HOST_KEY_FILE), hostKeyFile);
  log.info('host-key.installed', { type: hostKey.type });
  watchHostKey(hostKeyFile, hostKey.blob, log);
  checkKeys(log);
  watchKeys(log);
  const certificates = installCertificates(
    config.extraCaDirectory,
    path.join(RUNTIME_DIRECTORY, 'ca-certificates.crt'),
  );

  const server = new SshServer(
    {
      hostKeyFile,
      home: config.home,
      loginGraceMs: config.loginGraceMs,
      keepaliveSeconds: config.keepaliveSeconds,
      maxConnections: config.maxConnections,
      maxUnauthenticated: config.maxUnauthenticated,
      environment: {
        LANG: 'C.UTF-8',
        ...certificates,
        ...(workspace === undefined ? {} : { WS_WORKSPACE: workspace }),
        ...config.sessionEnvironment,
      },
    },
    door,
    log,
    metrics,
  );
  await server.serve();
  const stopGuard = guardMemory(config, log, metrics, ownPid);
  lifecycle.state = advance(lifecycle.state, 'booted');
  await health.listening;
  health.serve({ lifecycle: () => lifecycle.state, probePort: () => server.probePort, metrics });
  log.info('server.ready', {
    port: config.sshPort,
    user: config.user,
    uid: config.uid,
    restarts,
    bootMs: Date.now() - startedAtMs,
  });
  return { config, server, health, lifecycle, stopGuard };
}

/** The file lies in memory that lives as long as the pod, so it counts this container's starts. */
function countRestart(file: string): number {
  let starts = 0;
  try {
    starts = Number.parseInt(readFileSync(file, 'latin1'), 10) || 0;
  } catch {
    // The first start of this pod.
  }
  writeFileSync(file, String(starts + 1));
  return starts;
}

function checkKeys(log: Log): void {
  const file = path.join(AUTHORIZED_KEYS_DIRECTORY, AUTHORIZED_KEYS_FILE);
  try {
    const { usable, faults } = checkAuthorizedKeys(readFileSync(file, 'utf8'));
    for (const fault of faults) log.error('key.unusable', { line: fault.line, reason: fault.reason });
    if (usable === 0) log.error('keys.none', { reason: 'no usable key: nobody can log in' });
    else log.info('keys.read', { usable, unusable: faults.length });
  } catch (error) {
    log.error('keys.none', { reason: `${file} cannot be read: ${(error as Error).message}` });
  }
}

/** Kubernetes changes a Secret's volume by swapping the link `..data`, which a watch on the file itself would miss. */
function watchKeys(log: Log): void {
  const watcher = watch(AUTHORIZED_KEYS_DIRECTORY, (_event, name) => {
    if (name === '..data' || name === AUTHORIZED_KEYS_FILE) checkKeys(log);
  });
  watcher.on('error', (error) => log.warn('keys.unwatched', { reason: error.message }));
  watcher.unref();
}

/**
 * Another key in the Secret is the key of the connections from then on; those that stand keep theirs. One that cannot
 * serve changes nothing.
 */
function watchHostKey(hostKeyFile: string, installed: string, log: Log): void {
  let blob = installed;
  const watcher = watch(HOST_KEY_DIRECTORY, (_event, name) => {
    if (name !== '..data' && name !== HOST_KEY_FILE) return;
    try {
      const hostKey = installHostKey(path.join(HOST_KEY_DIRECTORY, HOST_KEY_FILE), hostKeyFile);
      if (hostKey.blob !== blob) log.warn('host-key.replaced', { type: hostKey.type });
      blob = hostKey.blob;
    } catch (error) {
      log.error('host-key.unusable', { reason: (error as Error).message });
    }
  });
  watcher.on('error', (error) => log.warn('host-key.unwatched', { reason: error.message }));
  watcher.unref();
}

function guardMemory(config: Config, log: Log, metrics: Metrics, ownPid: number): () => void {
  return startMemoryGuard({
    killPercent: config.memoryKillPercent,
    readUse: () => readContainerUse(CGROUP_ROOT),
    listProcesses: () => listProcesses(),
    protectedPids: [TINI_PID, ownPid],
    kill: (pid) => process.kill(pid, 'SIGKILL'),
    killed: (victim, use) => {
      metrics.guardKilled();
      const megabytes = Math.round(victim.memoryBytes / 2 ** 20);
      log.error('memory.killed', {
        process: victim.name,
        pid: victim.pid,
        processBytes: victim.memoryBytes,
        usedBytes: use.memoryBytes,
        limitBytes: use.memoryLimitBytes,
      });
      notifyTerminals(
        `Out of memory: ${victim.name} (process ${victim.pid}, ${megabytes} MiB) was ended to keep the workspace alive`,
      );
    },
  });
}
