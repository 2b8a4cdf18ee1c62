/**
 * What the machine says of its user, asked in one place. In containers and CI a UID need not have a line in passwd, and
 * then Node throws where it is asked for a name or a home; variables may be empty or relative, and then count as unset.
 */
import { realpathSync } from 'node:fs';
import { homedir, hostname, tmpdir, type UserInfo, userInfo } from 'node:os';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** All that the XDG Base Directory Specification and systemd call a folder; "all paths must be absolute", it says. */
const XDG_FOLDERS = [
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'XDG_CACHE_HOME',
  'XDG_BIN_HOME',
  'XDG_RUNTIME_DIR',
] as const;

const TEMPORARY_FOLDERS = ['TMPDIR', 'TMP', 'TEMP'] as const;

/** Where a container without any home begins. Nothing is written there by those who may not. */
const NO_HOME = '/';

/** A folder that a variable names; undefined where it is unset, empty or relative. */
export function folderOf(environment: Environment, name: string): string | undefined {
  const value = environment[name];
  return value !== undefined && path.isAbsolute(value) ? value : undefined;
}

/** A folder of the XDG Base Directory Specification. */
export function xdgFolder(environment: Environment, name: (typeof XDG_FOLDERS)[number]): string | undefined {
  return folderOf(environment, name);
}

/** HOME, else the home of passwd, else `/`. Always absolute. */
export function homeFolder(environment: Environment = process.env): string {
  if (process.platform === 'win32') return homedir();
  return folderOf(environment, 'HOME') ?? accountHome() ?? NO_HOME;
}

/** The home of passwd, which OpenSSH goes by whatever HOME says; undefined where this UID has no line there. */
export function accountHome(): string | undefined {
  const home = findAccount()?.homedir;
  return home !== undefined && path.isAbsolute(home) ? home : undefined;
}

/** OpenSSH's programs refuse to run for a UID that has no line in passwd. Windows has no such file. */
export function isRefusedByOpenSsh(): boolean {
  return process.platform !== 'win32' && findAccount() === undefined;
}

/** Whether two paths lead to one file: a home may be a link to the other. A path that leads nowhere is only itself. */
export function isSameFile(one: string, other: string): boolean {
  try {
    return one === other || realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
}

/** The home of passwd, where HOME says another one: OpenSSH looks there. A link from one to the other is no other. */
export function findOtherHome(): string | undefined {
  const home = accountHome();
  if (home === undefined || process.platform === 'win32' || isSameFile(home, homeFolder())) return undefined;
  return home;
}

/**
 * The user's ssh configuration where ssh does not read it by itself: it takes the home from passwd, whatever HOME says.
 * Undefined where it does.
 */
export function findUnreadConfig(): { file: string; read: string } | undefined {
  const other = findOtherHome();
  if (other === undefined) return undefined;
  const [file = '', read = ''] = [homeFolder(), other].map((home) => path.join(home, '.ssh', 'config'));
  return isSameFile(file, read) ? undefined : { file, read };
}

/** The user's name, else the UID as a number. */
export function accountName(): string {
  return findAccount()?.username || String(process.getuid?.() ?? 'user');
}

/** Who and where, as ssh-keygen writes it into a new key. */
export function accountAddress(): string {
  return `${accountName()}@${hostname()}`;
}

/** A folder for what may be lost: TMPDIR, else the system's. Always absolute. */
export function temporaryFolder(environment: Environment = process.env): string {
  if (process.platform === 'win32') return tmpdir();
  return TEMPORARY_FOLDERS.map((name) => folderOf(environment, name)).find((folder) => folder !== undefined) ?? '/tmp';
}

/** `ws`'s own folder: WS_CONFIG_DIR, else the platform's place for configuration. */
export function configFolder(): string {
  const { env } = process;
  if (env.WS_CONFIG_DIR) return path.resolve(env.WS_CONFIG_DIR);
  if (process.platform === 'win32')
    return path.join(env.APPDATA || path.join(homeFolder(), 'AppData', 'Roaming'), 'ws');
  if (process.platform === 'darwin') return path.join(homeFolder(), 'Library', 'Application Support', 'ws');
  return path.join(xdgFolder(env, 'XDG_CONFIG_HOME') ?? path.join(homeFolder(), '.config'), 'ws');
}

/** The variable that says the folder of `configFolder`; undefined where that follows from the home. */
export function findFolderVariable(): { name: string; value: string } | undefined {
  const { env } = process;
  if (env.WS_CONFIG_DIR) return { name: 'WS_CONFIG_DIR', value: env.WS_CONFIG_DIR };
  if (process.platform === 'win32' || process.platform === 'darwin') return undefined;
  const value = xdgFolder(env, 'XDG_CONFIG_HOME');
  return value === undefined ? undefined : { name: 'XDG_CONFIG_HOME', value };
}

/** The environment no longer says what was taken out of it, and `ws doctor` has to. */
const ignored: string[] = [];

/** The variables that name a folder and counted as unset, because they are empty or relative. */
export function listIgnored(): readonly string[] {
  return ignored;
}

/** Whether a shell that reads our lines knows a home: some read `~` as nothing where HOME is unset. */
let isHomeSaid = true;

/** The home as a line that is copied names it: `~`, else the folder itself where HOME said none. */
export function shownHome(): string {
  return isHomeSaid ? '~' : homeFolder();
}

/**
 * Makes the environment say what this machine means, once, before anything else is loaded: libraries and the programs
 * that are started (helm, ssh, credential plugins) read these variables, too, and several end where there is no home.
 */
export function settleEnvironment(environment: NodeJS.ProcessEnv): void {
  ignored.length = 0;
  isHomeSaid = true;
  // The parser takes an empty variable of ours for unset: whatever else reads it does so as well.
  for (const [name, value] of Object.entries(environment))
    if (name.startsWith('WS_') && value === '') delete environment[name];
  if (process.platform === 'win32') return;
  for (const name of [...XDG_FOLDERS, ...TEMPORARY_FOLDERS])
    if (environment[name] !== undefined && folderOf(environment, name) === undefined) {
      ignored.push(name);
      delete environment[name];
    }
  isHomeSaid = folderOf(environment, 'HOME') !== undefined;
  if (!isHomeSaid) {
    if (environment.HOME !== undefined) ignored.push('HOME');
    environment.HOME = homeFolder(environment);
  }
  // oclif asks passwd for it otherwise.
  if (environment.SHELL === undefined && findAccount() === undefined) environment.SHELL = '/bin/sh';
}

/** The line of passwd for this UID. */
export function findAccount(): UserInfo<string> | undefined {
  try {
    return userInfo();
  } catch {
    // ERR_SYSTEM_ERROR: this UID has no line in passwd.
    return undefined;
  }
}
