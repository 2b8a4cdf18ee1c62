/** What the server does once it listens for the kubelet, and what the image's other mode does. */
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { userInfo } from 'node:os';
import { ENVIRONMENT } from '../contract/environment.ts';
import { RUNTIME_DIRECTORY } from '../contract/paths.ts';
import { type Boot, boot, type Listeners } from './boot.ts';
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

async function serve(listeners: Listeners): Promise<void> {
  const started: Boot = await boot(
    readConfig(process.env, findAccount()),
    process.env[ENVIRONMENT.workspace],
    listeners,
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

/** The server, on the ports where it listens already; or, with `users` and a folder, passwd and group in there. */
export async function run(mode: string | undefined, folder: string | undefined, listeners: Listeners | undefined) {
  if (listeners !== undefined) {
    if (!existsSync(RUNTIME_DIRECTORY)) die(new Error(`${RUNTIME_DIRECTORY} is not mounted`));
    await serve(listeners).catch(die);
  } else if (mode === 'users' && folder !== undefined) {
    const image = { passwd: readFileSync('/etc/passwd', 'utf8'), group: readFileSync('/etc/group', 'utf8') };
    writeUserFiles(folder, findAccount(), image);
  } else {
    die(new Error(`unknown arguments: ${process.argv.slice(2).join(' ')}`));
  }
}
