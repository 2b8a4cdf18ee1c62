/** The agent and key files that OpenSSH would use. Only `ssh -G` understands its configuration fully. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import type { AgentSocket } from './agent-client.ts';
import { readConfigMentions } from './ssh-config-mentions.ts';

/** The limit for `ssh -G`, because a `Match exec` of the user's may run anything. */
const LIMIT_MS = 3000;

/** No configuration prints more. */
const OUTPUT_LIMIT_BYTES = 1024 * 1024;

/** The agent that OpenSSH would ask. */
export type AgentChoice =
  | { kind: 'none' }
  /** `origin` says in words who named it. */
  | { kind: 'socket'; socket: AgentSocket; origin: string; isNamedByConfiguration: boolean; isOptional: boolean }
  /** The configuration names one but could not be read, so we ask the environment's agent. */
  | { kind: 'unknown'; reason: string; socket: AgentSocket | undefined };

export interface SshSettings {
  agent: AgentChoice;
  /** Private key files that the configuration names, as absolute paths. */
  identityFiles: string[];
}

export interface SshSettingsOptions {
  environment: Readonly<Record<string, string | undefined>>;
  homeDirectory: string;
  /** The home that OpenSSH uses; undefined where passwd has none. */
  accountHome: string | undefined;
  /** `ws`'s own file, which names no agent. */
  ownConfigFile: string;
  platform: NodeJS.Platform;
  /** The program, for tests. */
  ssh?: string;
}

/** A host that stands for all workspaces: blocks for `ws-*` hold for it, too. */
const ANY_WORKSPACE = 'workspace';

/** The settings for a workspace, read once. Without a workspace, the last ones read. */
export function openSshSettings(options: SshSettingsOptions): (workspace: string | undefined) => Promise<SshSettings> {
  const known = new Map<string, Promise<SshSettings>>();
  let last: Promise<SshSettings> | undefined;
  return (workspace) => {
    if (workspace === undefined && last !== undefined) return last;
    const name = workspace ?? ANY_WORKSPACE;
    last = known.get(name) ?? findSshSettings(`ws-${name}`, options);
    known.set(name, last);
    return last;
  };
}

/** The agent's socket, if there is an agent. */
export function findSocket(agent: AgentChoice): AgentSocket | undefined {
  return agent.kind === 'none' ? undefined : agent.socket;
}

/**
 * The settings for `ssh HOST`. OpenSSH is started only where its configuration speaks of agents or keys: most people
 * have none that does. Never throws.
 */
export async function findSshSettings(host: string, options: SshSettingsOptions): Promise<SshSettings> {
  const { environment, homeDirectory, accountHome } = options;
  const usersFile = path.join(homeDirectory, '.ssh', 'config');
  const mentions = readConfigMentions([usersFile, '/etc/ssh/ssh_config'], options.ownConfigFile);
  const preset: SshSettings = { agent: toEnvironmentAgent(environment, options.platform), identityFiles: [] };
  if (!mentions.agent && !mentions.identityFile && !mentions.unknown) return preset;
  // OpenSSH looks into passwd for the home; this user means the one of HOME.
  const file = homeDirectory === accountHome ? [] : ['-F', usersFile];
  const answer = await runSsh(options.ssh ?? 'ssh', [...file, '-G', host], environment);
  if ('text' in answer) return parseSshSettings(answer.text, options);
  if (!mentions.agent) return preset;
  const { agent } = preset;
  return {
    agent: { kind: 'unknown', reason: answer.fault, socket: agent.kind === 'socket' ? agent.socket : undefined },
    identityFiles: [],
  };
}

/** What `ssh -G` printed: a keyword and the rest of the line, unquoted, whatever it holds. */
export function parseSshSettings(text: string, options: Omit<SshSettingsOptions, 'ownConfigFile'>): SshSettings {
  const values = (keyword: string) =>
    text
      .split(/\r?\n/)
      .filter((line) => line.toLowerCase().startsWith(`${keyword} `))
      .map((line) => line.slice(keyword.length + 1).trim());
  const files = values('identityfile').map((file) => expand(file, options));
  return {
    agent: toAgentChoice(values('identityagent')[0], options),
    identityFiles: [...new Set(files)].filter((file) => path.isAbsolute(file)),
  };
}

function toAgentChoice(value: string | undefined, options: Omit<SshSettingsOptions, 'ownConfigFile'>): AgentChoice {
  const { environment, platform } = options;
  if (value === undefined || value === '' || value === 'SSH_AUTH_SOCK')
    return toEnvironmentAgent(environment, platform);
  if (value === 'none') return { kind: 'none' };
  const variable = /^\$(\w+)$/.exec(value)?.[1];
  const socket = variable === undefined ? expand(value, options) : environment[variable];
  if (!socket) return { kind: 'none' };
  return { kind: 'socket', socket, origin: 'IdentityAgent', isNamedByConfiguration: true, isOptional: false };
}

function toEnvironmentAgent(environment: SshSettingsOptions['environment'], platform: NodeJS.Platform): AgentChoice {
  const socket = environment['SSH_AUTH_SOCK'];
  const named = { kind: 'socket', isNamedByConfiguration: false } as const;
  if (socket) return { ...named, socket, origin: 'SSH_AUTH_SOCK', isOptional: false };
  // If nobody named one, Windows' own may be there or not.
  return platform === 'win32' && socket === undefined
    ? { ...named, socket: '\\\\.\\pipe\\openssh-ssh-agent', origin: "Windows' own", isOptional: true }
    : { kind: 'none' };
}

/**
 * Paths of files are printed as they were written, and those of agents by old versions: `~` and the tokens for home and
 * user.
 */
function expand(value: string, { homeDirectory, environment }: Omit<SshSettingsOptions, 'ownConfigFile'>): string {
  return value
    .replace(/^~(?=$|[/\\])/, () => homeDirectory)
    .replace(/%([du%])/g, (_, token: string) =>
      token === 'd' ? homeDirectory : token === '%' ? '%' : (environment['USER'] ?? ''),
    );
}

function runSsh(
  program: string,
  words: string[],
  environment: SshSettingsOptions['environment'],
): Promise<{ text: string } | { fault: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment as NodeJS.ProcessEnv,
      // End its children too: a `Match exec` may hang.
      detached: process.platform !== 'win32',
    });
    const chunks: Buffer[] = [];
    const complaints: Buffer[] = [];
    let size = 0;
    const stop = (fault: string) => {
      resolve({ fault });
      clearTimeout(timer);
      killGroup(child.pid);
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
    };
    const timer = setTimeout(() => stop(`ssh -G did not answer within ${LIMIT_MS / 1000} s`), LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > OUTPUT_LIMIT_BYTES) stop('ssh -G prints without an end');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaints.length < 20) complaints.push(chunk);
    });
    child.once('error', (error: NodeJS.ErrnoException) =>
      stop(error.code === 'ENOENT' ? 'ssh is not installed, which reads it' : `ssh -G: ${toReason(error, 'program')}`),
    );
    child.once('close', (code) => {
      clearTimeout(timer);
      const text = Buffer.concat(chunks).toString('utf8');
      const complaint = Buffer.concat(complaints).toString('utf8').trim().split('\n')[0] ?? '';
      resolve(code === 0 ? { text } : { fault: `ssh -G failed${complaint === '' ? '' : `: ${complaint}`}` });
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
