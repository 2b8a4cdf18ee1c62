/** What the server does once the kubelet's port is open, and the image's other modes. */

import { existsSync, readFileSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ENVIRONMENT } from '../contract/environment.ts';
import { Explained } from '../contract/explained.ts';
import { RUNTIME_DIRECTORY, SKELETON_DIRECTORY } from '../contract/paths.ts';
import { type Boot, boot, type Listeners } from './boot.ts';
import { type Account, readConfig } from './config.ts';
import { drain } from './drain.ts';
import { prepareHome } from './home/prepare-home.ts';
import { makePatient } from './output/descriptor.ts';
import { toFatalFacts } from './output/fatal.ts';
import { LineWriter } from './output/line-writer.ts';
import { createLog, toLostLine } from './output/log.ts';
import { leaveLastWords } from './output/termination.ts';
import { isVolumeAwaited } from './runtime/slow-call.ts';
import { writeUserFiles } from './runtime/users.ts';

const FLUSH_MS = 1000;

/** How long the last line waits for its reader. */
const LAST_LINE_MS = 500;

const stdout = makePatient(() => process.stdout);
const lines = new LineWriter({
  write: (bytes) => writeSync(stdout, bytes),
  toLostLine: (count) => toLostLine(count, Date.now()),
});
const log = createLog({
  level: process.env[ENVIRONMENT.logLevel] ?? 'info',
  write: (line) => lines.write(line),
  nowMs: Date.now,
});

/**
 * Whatever goes wrong ends as one JSON line and the pod's termination message, never as Node's own report on stderr.
 */
function die(error: unknown): never {
  const facts = toFatalFacts(error);
  log.fatal('supervisor.failed', facts);
  leaveLastWords(facts.reason);
  end(1);
}

function end(status: number): never {
  lines.flushNow(LAST_LINE_MS);
  if (isVolumeAwaited()) process.kill(process.pid, 'SIGKILL');
  process.exit(status);
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
    // passwd has no entry for this UID.
    return undefined;
  }
}

async function serve(listeners: Listeners): Promise<void> {
  const started: Boot = await boot(
    readConfig(process.env, findAccount()),
    process.env[ENVIRONMENT.workspace],
    listeners,
    log,
    process.pid,
  );
  let draining: Promise<void> | undefined;
  // A second signal changes nothing: programs have the time that the first one gave them.
  const stop = (signal: string) => {
    draining ??= drain(started, log, signal).then(() => end(0), die);
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

/**
 * The server, on the ports where it listens already; or, with `users` and a folder, passwd and group in there; or, with
 * `home`, the home alone.
 */
export async function run(mode: string | undefined, folder: string | undefined, listeners: Listeners | undefined) {
  if (listeners !== undefined) {
    if (!existsSync(RUNTIME_DIRECTORY)) die(new Explained(`${RUNTIME_DIRECTORY} is not mounted`));
    await serve(listeners).catch(die);
  } else if (mode === 'users' && folder !== undefined) {
    const image = { passwd: readFileSync('/etc/passwd', 'utf8'), group: readFileSync('/etc/group', 'utf8') };
    writeUserFiles(folder, findAccount(), image);
  } else if (mode === 'home') {
    const { home } = findAccount();
    log.info('home.prepared', { home, ...(await prepareHome(home, SKELETON_DIRECTORY).catch(die)) });
  } else {
    die(new Explained(`unknown arguments: ${process.argv.slice(2).join(' ')}`));
  }
}
