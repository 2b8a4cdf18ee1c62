/**
 * The workspace's server: PID 1's only child. It accepts each SSH connection and hands it to a Dropbear of its own.
 *
 * Environment, all optional:
 *   WS_USER, WS_HOME, WS_SHELL   the user; default: the passwd entry of the running UID
 *   WS_WORKSPACE                 the workspace's name, for the prompt
 *   WS_HOME_KIND                 `claim` or `emptyDir` (default)
 *   WS_SSH_PORT, WS_HTTP_PORT    default 2222 and 9222
 *   WS_LOGIN_GRACE_SECONDS       a connection that has not logged in by then is closed; default 30
 *   WS_KEEPALIVE_SECONDS         three unanswered in a row end a connection; default 30, 0 is never
 *   WS_MAX_CONNECTIONS           default 1000
 *   WS_MAX_UNAUTHENTICATED       from here on new connections are dropped at random, at twice as many all; default 200
 *   WS_GRACE_PERIOD_SECONDS      the pod's termination grace period; default 30
 *   WS_MEMORY_KILL_PERCENT       at this share of the memory limit the largest process is ended; default 92, 0 is never
 *   WS_LOG_LEVEL                 debug, info (default), warn, error
 *   WS_VERSION                   shown in the metrics
 *   WS_SESSION_ENVIRONMENT       comma-separated names of variables that sessions get as well
 *   WS_EXTRA_CA_DIRECTORY        folder with certificates that the session's programs shall trust
 *
 * Usage: main [users FOLDER]. The second form writes passwd and group for the running UID and ends.
 */
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import path from 'node:path';
import { ENVIRONMENT } from '../contract/environment.ts';
import { RUNTIME_DIRECTORY } from '../contract/paths.ts';
import { type Boot, boot } from './boot.ts';
import { type Account, readConfig } from './config.ts';
import { drain } from './drain.ts';
import { createLog } from './log.ts';
import { writeUserFiles } from './users.ts';

const FLUSH_MS = 1000;

const log = createLog({
  level: process.env[ENVIRONMENT.logLevel] ?? 'info',
  // Synchronous: the last line before an end must not be lost.
  write: (line) => void writeSync(1, line),
  nowMs: Date.now,
});

/** Whatever goes wrong ends as one JSON line, never as Node's own report on stderr. */
function die(error: unknown): never {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  log.fatal('supervisor.failed', { reason: message, stack });
  process.exit(1);
}

function findAccount(): Account {
  const environment = process.env;
  const known = readPasswdEntry();
  const name = environment[ENVIRONMENT.user] ?? known?.name ?? 'developer';
  return {
    name,
    uid: process.getuid?.() ?? 0,
    gid: process.getgid?.() ?? 0,
    home: environment[ENVIRONMENT.home] ?? known?.home ?? `/home/${name}`,
    shell: environment[ENVIRONMENT.shell] ?? known?.shell ?? '/bin/bash',
  };
}

function readPasswdEntry(): { name: string; home: string; shell: string } | undefined {
  try {
    const { username, homedir, shell } = userInfo();
    return { name: username, home: homedir, shell: shell ?? '/bin/bash' };
  } catch {
    // A UID that passwd does not know.
    return undefined;
  }
}

async function serve(): Promise<void> {
  const started: Boot = await boot(
    readConfig(process.env, findAccount()),
    process.env[ENVIRONMENT.workspace],
    log,
    process.pid,
  );
  const stop = (signal: string) => {
    drain(started, log, signal).then(() => process.exit(0), die);
  };
  setInterval(() => log.flush(), FLUSH_MS).unref();
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

// Node's own listener writes plain text to stderr, and each line of the log is JSON.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => log.warn('supervisor.warned', { reason: `${name}: ${message}` }));
process.on('uncaughtException', die);
process.on('unhandledRejection', die);
const [, , mode, folder] = process.argv;
if (mode === 'users' && folder !== undefined) {
  const image = { passwd: readFileSync('/etc/passwd', 'utf8'), group: readFileSync('/etc/group', 'utf8') };
  writeUserFiles(folder, findAccount(), image);
} else if (mode === undefined) {
  if (!existsSync(path.join(RUNTIME_DIRECTORY))) die(new Error(`${RUNTIME_DIRECTORY} is not mounted`));
  serve().catch(die);
} else {
  die(new Error(`unknown arguments: ${process.argv.slice(2).join(' ')}`));
}
