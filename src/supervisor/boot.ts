import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOpening, readAuthorizedKeys } from '../contract/keys/authorized-keys.ts';
import {
  AUTHORIZED_KEYS_DIRECTORY,
  AUTHORIZED_KEYS_FILE,
  HOST_KEY_DIRECTORY,
  HOST_KEY_FILE,
  LOGIN_PATH,
  RETURNING_FILE,
  RUNTIME_DIRECTORY,
  SHARED_MEMORY_DIRECTORY,
  SKELETON_DIRECTORY,
} from '../contract/paths.ts';
import type { Config } from './config.ts';
import type { Door } from './connections/door.ts';
import { findGreetingFault, Greeting } from './connections/greeting.ts';
import { SshServer } from './connections/server.ts';
import { DROPBEAR, toDropbearArguments } from './dropbear/dropbear-arguments.ts';
import { DROPBEAR_KEY_NAME, installHostKey, installServedHostKey } from './dropbear/host-key.ts';
import { prepareHome } from './home/prepare-home.ts';
import { advance, type Lifecycle } from './lifecycle.ts';
import { readContainerUse } from './measures/cgroup.ts';
import type { Health } from './measures/health.ts';
import { startMemoryGuard } from './measures/memory-guard.ts';
import { Metrics } from './measures/metrics.ts';
import { listOwnProcesses } from './measures/proc.ts';
import { countPrograms, leadsTerminal, readStartMs, sharesSession } from './measures/programs.ts';
import { waitsAtPrompt } from './measures/shells.ts';
import { notifyTerminals } from './measures/terminals.ts';
import type { Log } from './output/log.ts';
import { listSession } from './programs/command-processes.ts';
import { Commands } from './programs/commands.ts';
import { serveResumable } from './resume/serve-resumable.ts';
import type { Returning } from './returning/returning.ts';
import { isStarting } from './returning/starting.ts';
import type { TmuxOptions } from './returning/tmux/tmux.ts';
import { installCertificates } from './runtime/certificates.ts';
import { followFile } from './runtime/follow.ts';
import { RuntimeFolder } from './runtime/runtime-folder.ts';
import { clearSharedMemory } from './runtime/shared-memory.ts';
import { verifyShell } from './runtime/users.ts';

const AUTHORIZED_KEYS = path.join(AUTHORIZED_KEYS_DIRECTORY, AUTHORIZED_KEYS_FILE);
const HOST_KEY_SOURCE = path.join(HOST_KEY_DIRECTORY, HOST_KEY_FILE);
const CGROUP_ROOT = '/sys/fs/cgroup';
const SHELLS_FILE = '/etc/shells';
const TINI_PID = 1;

/** At most this many unusable lines of authorized_keys are logged one by one; the log counts the rest. */
const MOST_FAULTS = 50;

/** What runs after a boot, for whoever ends it. */
export interface Boot {
  config: Config;
  server: SshServer;
  health: Health;
  lifecycle: { state: Lifecycle };
  stopGuard(): void;
  /** Undefined where sessions do not come back. */
  returning: Returning | undefined;
}

/** The listeners that were open before the start. */
export interface Listeners {
  health: Health;
  door: Door;
  resumeDoor: Door;
}

/**
 * The ordered start: shell, home, host key, authorized keys, server. Each step says what it did; a failing one ends the
 * start.
 */
export async function boot(
  config: Config,
  workspace: string | undefined,
  { health, door, resumeDoor }: Listeners,
  log: Log,
  ownPid: number,
): Promise<Boot> {
  const startedAtMs = Date.now();
  const runtime = new RuntimeFolder(RUNTIME_DIRECTORY);
  const restarts = await countRestart(runtime);
  const lifecycle: { state: Lifecycle } = { state: 'booting' };
  const metrics = new Metrics({
    version: config.version,
    home: config.home,
    cgroupRoot: CGROUP_ROOT,
    startedAtMs,
    restarts,
  });

  verifyShell(config.shell, readFileSync(SHELLS_FILE, 'utf8'));
  if (restarts > 0) await clearSharedMemory(SHARED_MEMORY_DIRECTORY);
  const home = await prepareHome(config.home, SKELETON_DIRECTORY);
  log.info('home.prepared', { home: config.home, kind: config.homeKind, ...home });
  const { hostKey, fault } = await installServedHostKey(HOST_KEY_DIRECTORY, runtime);
  if (fault !== undefined) log.error('host-key.unusable', { reason: `${fault}; the key from before serves` });
  log.info('host-key.installed', { type: hostKey.type });
  followHostKey(runtime, hostKey.blob, log);
  checkKeys(log);
  followFile(AUTHORIZED_KEYS, () => checkKeys(log));
  const environment = {
    LANG: 'C.UTF-8',
    ...(await trustCertificates(config.extraCaDirectory, runtime, log)),
    ...(workspace === undefined ? {} : { WS_WORKSPACE: workspace }),
    ...config.sessionEnvironment,
  };
  const toCommand = (keepaliveSeconds: number) => ({
    program: DROPBEAR,
    arguments: toDropbearArguments({ hostKeyFile: runtime.pathOf(DROPBEAR_KEY_NAME), keepaliveSeconds }),
    environment,
  });
  const command = toCommand(config.keepaliveSeconds);
  // The supervisor itself finds out whether such a client is there, and for how long it may be away.
  const resumableCommand = toCommand(0);
  const { uid, loginGraceMs, maxConnections, maxUnauthenticated } = config;
  const commands = new Commands({ listSession, kill: (pid, signal) => process.kill(pid, signal), sleep });
  const options = { command, resumableCommand, commands, uid, loginGraceMs, maxConnections, maxUnauthenticated };
  const server = new SshServer(options, door, log, metrics);
  // Before the first login: it waits a moment for what comes back, and `Returning` takes this away.
  if (config.restoreSessions) await runtime.place(RETURNING_FILE, 'returning', 0o644, false).catch(() => undefined);
  await server.serve();
  await serveResumable(config, { server, resumeDoor }, log, metrics);
  const greeting = new Greeting((begun) => findGreetingFault(command, begun));
  const listConnections = () => [...server.pids, ...greeting.pids];
  metrics.observeAuthorizedKeys(() => readFileSync(AUTHORIZED_KEYS));
  metrics.observePrograms(() =>
    countPrograms({
      processes: listOwnProcesses(),
      connectionPids: listConnections(),
      ownPids: [TINI_PID, ownPid],
      findStartMs: (pid) => readStartMs(pid, Date.now()),
      isServers: (pid) => sharesSession(pid, ownPid),
      leadsTerminal,
      waitsAtPrompt,
      isStarting: (pid, below) => isStarting(pid, below, Date.now()),
    }),
  );
  const stopGuard = guardMemory(config, server, log, metrics, ownPid);
  lifecycle.state = advance(lifecycle.state, 'booted');
  await health.listening;
  health.serve({ lifecycle: () => lifecycle.state, greet: () => greeting.ask(), metrics });
  log.info('server.ready', {
    port: config.sshPort,
    user: config.user,
    uid: config.uid,
    restarts,
    bootMs: Date.now() - startedAtMs,
  });
  // Not needed for the start, so not loaded before it.
  const { watchIdleness } = await import('./idle/idle-watch.ts');
  const isReady = () => lifecycle.state === 'ready';
  const { idleStopMs: stopAfterMs, endAfterMs } = config;
  watchIdleness({ ownPid, listConnections, isReady, stopAfterMs, endAfterMs, metrics: metrics.idle, log });
  const tmux = toTmuxOptions(config, command.environment);
  const { listJobs } = await import('./jobs/list-jobs.ts');
  const { Tmux } = await import('./returning/tmux/tmux.ts');
  metrics.jobs.observe(() => listJobs(new Tmux(tmux)));
  const returning = config.restoreSessions ? await startReturning(config.home, tmux, runtime, log) : undefined;
  return { config, server, health, lifecycle, stopGuard, returning };
}

function toTmuxOptions({ uid, user, home, shell }: Config, environment: Record<string, string>): TmuxOptions {
  const login = { HOME: home, USER: user, LOGNAME: user, SHELL: shell, PATH: LOGIN_PATH };
  return { uid, environment: { ...login, ...environment } };
}

/** The kubelet hears first that the server is ready: nobody waits for what comes back. */
async function startReturning(home: string, tmux: TmuxOptions, runtime: RuntimeFolder, log: Log): Promise<Returning> {
  const { Returning: Sessions } = await import('./returning/returning.ts');
  const returning = new Sessions({ ...tmux, home, runtime, temporary: '/tmp', log });
  returning.start();
  return returning;
}

/**
 * The file lives in memory as long as the pod, so it counts this container's starts. A failure to count stops nothing.
 */
async function countRestart(runtime: RuntimeFolder): Promise<number> {
  const starts = Number.parseInt((await runtime.find('starts')) ?? '', 10) || 0;
  await runtime.place('starts', String(starts + 1), 0o644, true).catch(() => undefined);
  return starts;
}

/** A start without the extra certificates breaks some programs; no start at all would leave nobody to find out. */
async function trustCertificates(
  folder: string | undefined,
  runtime: RuntimeFolder,
  log: Log,
): Promise<Record<string, string>> {
  try {
    return await installCertificates(folder, runtime);
  } catch (error) {
    log.error('certificates.unusable', { reason: (error as Error).message });
    return {};
  }
}

function checkKeys(log: Log): void {
  try {
    const lines = readAuthorizedKeys(readFileSync(AUTHORIZED_KEYS, 'utf8'));
    const usable = lines.filter(isOpening).length;
    const faults = lines.filter(({ fault }) => fault !== undefined);
    for (const { number, fault = '' } of faults.slice(0, MOST_FAULTS))
      log.error('key.unusable', { line: number, reason: fault });
    if (usable === 0) log.error('keys.none', { reason: 'no usable key: nobody can log in' });
    else log.info('keys.read', { usable, unusable: faults.length });
  } catch (error) {
    log.error('keys.none', { reason: `${AUTHORIZED_KEYS} cannot be read: ${(error as Error).message}` });
  }
}

/**
 * Another key in the Secret is the key of the connections from then on; those that stand keep theirs. One that cannot
 * serve changes nothing.
 */
function followHostKey(runtime: RuntimeFolder, installed: string, log: Log): void {
  let blob = installed;
  const install = async () => {
    try {
      const hostKey = await installHostKey(HOST_KEY_SOURCE, runtime, false);
      if (hostKey.blob !== blob) log.warn('host-key.replaced', { type: hostKey.type });
      blob = hostKey.blob;
    } catch (error) {
      log.error('host-key.unusable', { reason: (error as Error).message });
    }
  };
  followFile(HOST_KEY_SOURCE, () => void install());
}

function guardMemory(config: Config, server: SshServer, log: Log, metrics: Metrics, ownPid: number): () => void {
  return startMemoryGuard({
    killPercent: config.memoryKillPercent,
    readUse: () => readContainerUse(CGROUP_ROOT),
    listProcesses: () => listOwnProcesses(),
    protectedPids: () => [TINI_PID, ownPid, ...server.pids],
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
