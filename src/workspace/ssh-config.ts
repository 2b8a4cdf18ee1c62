/**
 * The OpenSSH configuration that `ws config-ssh` writes: one Host block per workspace, in a file of `ws`'s own. Each block
 * starts with a comment that says where its workspace is, so that other namespaces' blocks stay when one is written anew.
 */
import { toConfigArgument, toProxyCommand } from './ssh-config-words.ts';

/** A text file as bytes, one character each (latin1), so that whatever stands in it survives. */
export interface TextFile {
  readonly path: string;
  /** '' for a file that is not there. */
  read(): Promise<string>;
  /** Replaces the text, in one step and only when it differs, by what `change` makes of it. Throws `LOCAL_FILE_FAILED`. */
  update(change: (text: string) => string): Promise<void>;
  /** Nothing happens when it is not there. */
  remove(): Promise<void>;
}

/** Both files that `ws config-ssh` touches. */
export interface SshConfigFiles {
  /** `ws`'s own, with the Host blocks. */
  own: TextFile;
  /** The user's `~/.ssh/config`, which gets one line. */
  users: TextFile;
}

/** Where workspaces are; part of each block's comment and of its ProxyCommand. */
export interface SshPlace {
  context: string;
  namespace: string;
  /** Absolute path, where it is not the one that kubectl takes by itself. */
  kubeconfig: string | undefined;
}

export interface SshHost {
  workspace: string;
  user: string;
  hostKeyAlias: string;
  /** Private key file; undefined leaves the choice to OpenSSH and its agent. */
  identityFile: string | undefined;
}

export interface SshProgram {
  /** The words that run `ws`. */
  words: string[];
  platform: NodeJS.Platform;
  /** `ws`'s known_hosts. */
  knownHostsFile: string;
}

const HEADER = '# Written by ws config-ssh, and written anew each time. Your own settings belong in ~/.ssh/config.\n';
const BLOCK_START = /^(?=# context ")/m;

/** What is typed after `ssh`. */
export function toHostName({ workspace }: Pick<SshHost, 'workspace'>): string {
  return `ws-${workspace}`;
}

/** The own file's new text: this place's hosts first, then what other places have under other names. */
export function renderSshConfig(before: string, hosts: SshHost[], place: SshPlace, program: SshProgram): string {
  const mark = toMark(place);
  const names = new Set(hosts.map(toHostName));
  const others = before
    .split(BLOCK_START)
    .filter((block) => block.startsWith('# context "'))
    .filter((block) => !block.startsWith(`${mark}\n`) && !names.has(/^Host (\S+)$/m.exec(block)?.[1] ?? ''))
    .map((block) => block.trimEnd());
  const own = hosts.map((host) => `${mark}\n${renderHost(host, place, program)}`.trimEnd());
  return [HEADER, ...[...own, ...others].map((block) => `${block}\n`)].join('\n');
}

function toMark({ context, namespace, kubeconfig }: SshPlace): string {
  const place = `# context ${JSON.stringify(context)}, namespace ${JSON.stringify(namespace)}`;
  return toBytes(kubeconfig === undefined ? place : `${place}, kubeconfig ${JSON.stringify(kubeconfig)}`);
}

function renderHost(host: SshHost, place: SshPlace, { words, platform, knownHostsFile }: SshProgram): string {
  const proxy = [...words, 'proxy', host.workspace, '--context', place.context, '--namespace', place.namespace];
  if (place.kubeconfig !== undefined) proxy.push('--kubeconfig', place.kubeconfig);
  const settings: [string, string][] = [
    ['HostKeyAlias', host.hostKeyAlias],
    ['UserKnownHostsFile', toConfigArgument(knownHostsFile, platform)],
    ['StrictHostKeyChecking', 'yes'],
    ['UpdateHostKeys', 'no'],
    ['CheckHostIP', 'no'],
    ['User', host.user],
  ];
  if (host.identityFile !== undefined)
    settings.push(['IdentitiesOnly', 'yes'], ['IdentityFile', toConfigArgument(host.identityFile, platform)]);
  settings.push(
    ['ForwardAgent', 'no'],
    // Waiting is `ws proxy`'s business: it knows what it waits for, and its own limit ends it.
    ['ConnectTimeout', '0'],
    ['ServerAliveInterval', '15'],
    ['ProxyCommand', toProxyCommand(proxy, platform)],
  );
  const lines = settings.map(([name, value]) => `  ${name} ${value}\n`);
  return toBytes(`Host ${toHostName(host)}\n${lines.join('')}`);
}

/** One character per byte of its UTF-8, as `TextFile` has it. */
function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
