import { ENVIRONMENT } from '../contract/environment.ts';
import { Explained } from '../contract/explained.ts';
import { HTTP_PORT, SSH_PORT } from '../contract/ports.ts';

/** What the supervisor was told, read once and checked. Times are milliseconds unless the name says otherwise. */
export interface Config {
  user: string;
  uid: number;
  gid: number;
  home: string;
  homeKind: 'emptyDir' | 'claim';
  shell: string;
  sshPort: number;
  httpPort: number;
  loginGraceMs: number;
  keepaliveSeconds: number;
  /** How long a resumable stream is kept without a carrier; 0 is not at all. */
  resumeSeconds: number;
  maxConnections: number;
  /** Without a login yet, of those through the port and of those by loopback each; see `judge`. */
  maxUnauthenticated: number;
  gracePeriodMs: number;
  /** Of the memory limit; 0 switches the memory guard off. */
  memoryKillPercent: number;
  /** tmux's sessions are kept in the home and come back. Never on an emptyDir. */
  restoreSessions: boolean;
  /** Somebody lets the workspace sleep once it has been idle for so long; undefined where nobody does. */
  idleStopMs: number | undefined;
  /** Somebody stops the workspace so long after its server has started; undefined where nobody does. */
  endAfterMs: number | undefined;
  logLevel: string;
  version: string;
  /** Variables of the container that sessions get too. */
  sessionEnvironment: Record<string, string>;
  /** Folder with certificates to trust besides the system's; undefined when there is none. */
  extraCaDirectory: string | undefined;
}

/** A user's line of passwd. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

/** As the chart: more than any pod lives. */
const LONGEST_IDLE_SECONDS = 3_600_000_000;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'];

/**
 * Reads the environment. Throws `Explained` with the variable and what it may be. `account` is the passwd entry of
 * the running UID: the user's name, home and shell unless the environment says otherwise.
 */
export function readConfig(environment: Record<string, string | undefined>, account: Account): Config {
  const number = (name: string, fallback: number, lowest: number, highest: number) =>
    readNumber(name, environment[name], fallback, lowest, highest);
  const logLevel = environment[ENVIRONMENT.logLevel] ?? 'info';
  if (!LOG_LEVELS.includes(logLevel))
    throw new Explained(`${ENVIRONMENT.logLevel} is "${logLevel}"; it may be ${LOG_LEVELS.join(', ')}`);
  const homeKind = environment[ENVIRONMENT.homeKind] === 'claim' ? 'claim' : 'emptyDir';
  return Object.freeze({
    user: environment[ENVIRONMENT.user] ?? account.name,
    uid: account.uid,
    gid: account.gid,
    home: environment[ENVIRONMENT.home] ?? account.home,
    homeKind,
    shell: account.shell,
    sshPort: number(ENVIRONMENT.sshPort, SSH_PORT, 1, 65_535),
    httpPort: number(ENVIRONMENT.httpPort, HTTP_PORT, 1, 65_535),
    loginGraceMs: number(ENVIRONMENT.loginGraceSeconds, 30, 1, 3600) * 1000,
    keepaliveSeconds: number(ENVIRONMENT.keepaliveSeconds, 30, 0, 3600),
    resumeSeconds: number(ENVIRONMENT.resumeSeconds, 3600, 0, 604_800),
    maxConnections: number(ENVIRONMENT.maxConnections, 1000, 1, 100_000),
    maxUnauthenticated: number(ENVIRONMENT.maxUnauthenticated, 200, 1, 100_000),
    gracePeriodMs: number(ENVIRONMENT.gracePeriodSeconds, 30, 5, 86_400) * 1000,
    memoryKillPercent: number(ENVIRONMENT.memoryKillPercent, 92, 0, 99),
    restoreSessions: readSwitch(ENVIRONMENT.restoreSessions, environment) && homeKind === 'claim',
    idleStopMs: number(ENVIRONMENT.idleStopSeconds, 0, 0, LONGEST_IDLE_SECONDS) * 1000 || undefined,
    endAfterMs: number(ENVIRONMENT.endAfterSeconds, 0, 0, LONGEST_IDLE_SECONDS) * 1000 || undefined,
    logLevel,
    version: environment[ENVIRONMENT.version] ?? '0.0.0',
    sessionEnvironment: pickEnvironment(environment),
    extraCaDirectory: environment[ENVIRONMENT.extraCaDirectory],
  } satisfies Config);
}

function readSwitch(name: string, environment: Record<string, string | undefined>): boolean {
  const text = environment[name] || 'true';
  if (text === 'true' || text === 'false') return text === 'true';
  throw new Explained(`${name} is "${text}"; it may be true or false`);
}

function readNumber(name: string, text: string | undefined, fallback: number, lowest: number, highest: number): number {
  if (text === undefined || text === '') return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= lowest && value <= highest) return value;
  throw new Explained(`${name} is "${text}"; it must be a whole number from ${lowest} to ${highest}`);
}

function pickEnvironment(environment: Record<string, string | undefined>): Record<string, string> {
  const names = (environment[ENVIRONMENT.sessionEnvironment] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] === undefined ? [] : [[name, environment[name] as string]])),
  );
}
