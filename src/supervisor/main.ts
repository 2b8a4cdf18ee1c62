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
 *   WS_RESUME_SECONDS            a client may come back for so long after a loss; default 3600, 0 is never
 *   WS_MAX_CONNECTIONS           default 1000; the last tenth for loopback, where the API server's port-forward arrives
 *   WS_MAX_UNAUTHENTICATED       without a login yet, through the port and by loopback each; default 200
 *   WS_GRACE_PERIOD_SECONDS      the pod's termination grace period; default 30
 *   WS_MEMORY_KILL_PERCENT       at this share of the memory limit the largest process is ended; default 92, 0 is never
 *   WS_RESTORE_SESSIONS          `false` leaves tmux's sessions alone; default true, on a claim's home
 *   WS_IDLE_STOP_SECONDS         somebody lets the workspace sleep once it was idle for so long; default 0, nobody does
 *   WS_LOG_LEVEL                 debug, info (default), warn, error
 *   WS_VERSION                   shown in the metrics
 *   WS_SESSION_ENVIRONMENT       comma-separated names of variables that sessions get as well
 *   WS_EXTRA_CA_DIRECTORY        folder with certificates that the session's programs shall trust
 *
 * Usage: main [users FOLDER | home]. The second form writes passwd and group for the running UID and ends; the third
 * makes the home, so that something can be mounted into it, and ends.
 */
import { ENVIRONMENT } from '../contract/environment.ts';
import { HTTP_PORT, RESUME_PORT, SSH_PORT } from '../contract/ports.ts';
import { Door, OWN_LOOPBACK } from './connections/door.ts';
import { Health } from './measures/health.ts';

const [, , mode, folder] = process.argv;
/** An invalid port is reported later, with the rest of the environment. */
const toPort = (name: string, ordinary: number) => Number(process.env[name] || ordinary);
const listeners =
  mode === undefined
    ? {
        health: new Health(toPort(ENVIRONMENT.httpPort, HTTP_PORT)),
        // First: a client that finds it shut takes the other one.
        resumeDoor: new Door(RESUME_PORT, OWN_LOOPBACK),
        door: new Door(toPort(ENVIRONMENT.sshPort, SSH_PORT)),
      }
    : undefined;
// Import the rest after the ports are open. A failed listen surfaces when its listener is first used.
await Promise.allSettled([listeners?.health.listening, listeners?.door.listening, listeners?.resumeDoor.listening]);
const { run } = await import('./run.ts');
await run(mode, folder, listeners);
