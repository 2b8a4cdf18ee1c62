/**
 * The OpenSSH configuration that `ws config-ssh` writes: one Host block per workspace, in a file of `ws`'s own. Each
 * block starts with a comment that says where its workspace is, so that other namespaces' blocks stay when one is
 * rewritten.
 */

import { isPrintable, toPrintableJson } from '../errors/printable.ts';
import type { Place } from '../place.ts';
import { parseUser } from '../state/cluster-words.ts';
import { toConfigArgument, toConfigWord, toProxyCommand } from './ssh-config-words.ts';

/** A text file as bytes, one character each (latin1), so that whatever stands in it survives. */
export interface TextFile {
  readonly path: string;
  /** '' for a file that is not there. */
  read(): Promise<string>;
  /** Replaces the text in one step, only when `change` makes another one of it. Throws `LOCAL_FILE_FAILED`. */
  update(change: (text: string) => string): Promise<void>;
  /** Nothing happens when it is not there. */
  remove(): Promise<void>;
}

/** The files that `ws config-ssh` touches. */
export interface SshConfigFiles {
  /** `ws`'s own, with the Host blocks. */
  own: TextFile;
  /** The user's `~/.ssh/config`, which gets one line. */
  users: TextFile;
  /** The user's `~/.ssh/known_hosts`, which gets host keys only when it was asked for. */
  usersKnownHosts?: TextFile;
  /** A file of this name beside `own`: the launcher, or the public half of a key that only an agent holds. */
  beside(name: string): TextFile;
}

/**
 * Where workspaces are; part of each block's comment and of its ProxyCommand. The kubeconfig is an absolute path, and
 * is named only where kubectl would not take it by itself.
 */
export interface HostPlace extends Place {
  context: string;
  namespace: string;
  /** Whether the kubeconfig is a list, which KUBECONFIG can name and a flag cannot. */
  isKubeconfigList?: boolean;
}

export interface SshHost {
  workspace: string;
  user: string;
  hostKeyAlias: string;
  /** Private key file, or the public one of a key that the agent holds; undefined leaves the choice to OpenSSH. */
  identityFile: string | undefined;
  /** Whether the TLS that carries SSH to the API server has a post-quantum key exchange of its own. */
  isTlsPostQuantum: boolean;
}

export interface SshProgram {
  /** The words that run `ws`. */
  words: string[];
  platform: NodeJS.Platform;
  /** `ws`'s known_hosts. */
  knownHostsFile: string;
  /** The text of the launcher that the words run; undefined where they need none. */
  launcher?: string | undefined;
}

/** Names of the files that `toPublicKeyName` gives. */
const PUBLIC_KEY_NAME = /ssh_key-[0-9a-f]{16}\.pub/g;

/** The settings that a block may have, each once. */
const SETTINGS = [
  'HostKeyAlias',
  'UserKnownHostsFile',
  'StrictHostKeyChecking',
  'UpdateHostKeys',
  'CheckHostIP',
  'User',
  'Ciphers',
  'KexAlgorithms',
  'IdentitiesOnly',
  'IdentityFile',
  'ForwardAgent',
  'SendEnv',
  'ConnectTimeout',
  'ServerAliveInterval',
  'ProxyCommand',
] as const;

const HEADER = '# Written by ws config-ssh, and written anew each time. Your own settings belong in ~/.ssh/config.\n';
const BLOCK_START = /^(?=# context ")/m;

/** The name to type after `ssh`. */
export function toHostName({ workspace }: Pick<SshHost, 'workspace'>): string {
  return `ws-${workspace}`;
}

/** A file name for a public key, which depends on the key alone. */
export function toPublicKeyName(fingerprint: string): string {
  const digest = Buffer.from(fingerprint.replace(/^SHA256:/, ''), 'base64').toString('hex');
  return `ssh_key-${digest.slice(0, 16)}.pub`;
}

/** The public key files that our own file names. */
export function listPublicKeyNames(text: string): string[] {
  return [...new Set(text.match(PUBLIC_KEY_NAME) ?? [])];
}

/** A workspace's block, and whether it leads to this place; undefined when there is none of its name. */
export function findHost(
  text: string,
  workspace: string,
  place: HostPlace,
): { isHere: boolean; hostKeyAlias: string | undefined; user: string | undefined } | undefined {
  const block = toBlocks(text).find((found) => toName(found) === toHostName({ workspace }));
  if (block === undefined) return undefined;
  return {
    isHere: isOfPlace(block, place),
    hostKeyAlias: readSetting(block, 'HostKeyAlias'),
    user: readSetting(block, 'User'),
  };
}

/** Every host in a text, wherever its workspace is. */
export function listHosts(text: string): { name: string; hostKeyAlias: string | undefined }[] {
  return toBlocks(text).map((block) => ({ name: toName(block), hostKeyAlias: readSetting(block, 'HostKeyAlias') }));
}

/** The text with this host's block added or replaced, and all others as they are. */
export function withHost(text: string, host: SshHost, place: HostPlace, program: SshProgram): string {
  const others = toBlocks(text).filter((block) => toName(block) !== toHostName(host));
  return toText([`${toMark(place)}\n${renderHost(host, place, program)}`.trimEnd(), ...others]);
}

/** The text with this place's block of a host rewritten, but with the key that was chosen for it. Others stay. */
export function withFreshHost(text: string, host: SshHost, place: HostPlace, program: SshProgram): string {
  const blocks = toBlocks(text).map((block) => {
    if (toName(block) !== toHostName(host) || !isOfPlace(block, place)) return block;
    const kept = readSetting(block, 'IdentityFile');
    const fresh = renderHost({ ...host, identityFile: undefined }, place, program, kept);
    return `${toMark(place)}\n${fresh}`.trimEnd();
  });
  return toText(blocks);
}

/** The text without this place's block of a workspace. */
export function withoutHost(text: string, workspace: string, place: HostPlace): string {
  const blocks = toBlocks(text);
  const left = blocks.filter((block) => toName(block) !== toHostName({ workspace }) || !isOfPlace(block, place));
  return left.length === blocks.length ? text : toText(left);
}

/** The own file's new text: this place's hosts first, then what other places have under other names. */
export function renderSshConfig(before: string, hosts: SshHost[], place: HostPlace, program: SshProgram): string {
  const names = new Set(hosts.map(toHostName));
  const others = toBlocks(before).filter((block) => !isOfPlace(block, place) && !names.has(toName(block)));
  return toText([...hosts.map((host) => `${toMark(place)}\n${renderHost(host, place, program)}`.trimEnd()), ...others]);
}

/** Every block: its name, the comment that says where it leads, and its settings, one character per byte. */
export function readBlocks(text: string) {
  return toBlocks(text).map((block) => ({
    name: toName(block),
    mark: block.split('\n')[0] ?? '',
    readSetting: (setting: (typeof SETTINGS)[number]) => readSetting(block, setting),
  }));
}

/**
 * Anything not written here is no block. Nobody else writes this file, and a line that a value brought in goes with it.
 */
function toBlocks(text: string): string[] {
  return text
    .split(BLOCK_START)
    .map((block) => block.trimEnd())
    .filter(isOwnBlock);
}

function isOwnBlock(block: string): boolean {
  const [mark = '', host = '', ...lines] = block.split('\n');
  const settings = lines.map((line) => /^ {2}(\w+) (\S.*)$/.exec(line));
  const names = new Set(settings.map((setting) => setting?.[1]));
  return (
    mark.startsWith('# context "') &&
    /^Host ws-[a-z0-9.-]+$/.test(host) &&
    names.size === lines.length &&
    settings.every((setting) => SETTINGS.some((name) => name === setting?.[1])) &&
    !/[\x00-\x09\x0b-\x1f\x7f]/.test(block) &&
    parseUser(readSetting(block, 'User')) !== undefined
  );
}

function toText(blocks: string[]): string {
  return [HEADER, ...blocks.map((block) => `${block}\n`)].join('\n');
}

function toName(block: string): string {
  return /^Host (\S+)$/m.exec(block)?.[1] ?? '';
}

function readSetting(block: string, setting: string): string | undefined {
  return new RegExp(`^  ${setting} (.*)$`, 'm').exec(block)?.[1];
}

function isOfPlace(block: string, place: HostPlace): boolean {
  return block.startsWith(`${toMark(place)}\n`);
}

function toMark({ context, namespace, kubeconfig }: HostPlace): string {
  const place = `# context ${toPrintableJson(context)}, namespace ${toPrintableJson(namespace)}`;
  return toBytes(kubeconfig === undefined ? place : `${place}, kubeconfig ${toPrintableJson(kubeconfig)}`);
}

/** `keptIdentity` is the setting of an earlier block, as it stands there. */
function renderHost(host: SshHost, place: HostPlace, program: SshProgram, keptIdentity?: string): string {
  const { words, platform, knownHostsFile } = program;
  const proxy = [...words, 'proxy', host.workspace, '--context', place.context, '--namespace', place.namespace];
  if (place.kubeconfig !== undefined && place.isKubeconfigList === true)
    proxy.unshift('/usr/bin/env', `KUBECONFIG=${place.kubeconfig}`);
  else if (place.kubeconfig !== undefined) proxy.push('--kubeconfig', place.kubeconfig);
  const settings: [(typeof SETTINGS)[number], string][] = [
    ['HostKeyAlias', toConfigWord(host.hostKeyAlias)],
    ['UserKnownHostsFile', toConfigArgument(knownHostsFile, platform)],
    ['StrictHostKeyChecking', 'yes'],
    ['UpdateHostKeys', 'no'],
    ['CheckHostIP', 'no'],
    ['User', toConfigWord(host.user)],
    // In hardware at both ends: a copy takes two thirds of the time. ChaCha20 is left out, because a client in FIPS
    // mode would refuse the whole file over its name.
    ['Ciphers', 'aes128-gcm@openssh.com,aes256-gcm@openssh.com'],
  ];
  // OpenSSH's first choice from 9.0 to 9.8 takes a third of a login, for a protection that TLS around it gives already.
  // Later ones have ML-KEM, which is quick, and takes its place. Versions without any of them ignore the pattern.
  if (host.isTlsPostQuantum) settings.push(['KexAlgorithms', '-sntrup761*']);
  const identity =
    host.identityFile === undefined
      ? keptIdentity && Buffer.from(keptIdentity, 'latin1').toString('utf8')
      : toConfigArgument(host.identityFile, platform);
  if (identity !== undefined) settings.push(['IdentitiesOnly', 'yes'], ['IdentityFile', identity]);
  settings.push(
    ['ForwardAgent', 'no'],
    ['SendEnv', 'COLORTERM'],
    // Waiting is `ws proxy`'s business: it knows what it waits for, and its own limit ends it.
    ['ConnectTimeout', '0'],
    ['ServerAliveInterval', '15'],
    ['ProxyCommand', toProxyCommand(proxy, platform)],
  );
  const lines = settings.map(([name, value]) => `  ${name} ${verifyLine(value)}\n`);
  return toBytes(`Host ${toConfigWord(toHostName(host))}\n${lines.join('')}`);
}

/** The last check of every value: it must not start a second line. */
function verifyLine(value: string): string {
  if (value === '' || !isPrintable(value)) throw new Error('a value of the ssh configuration is not one line');
  return value;
}

/** One character per byte of its UTF-8, like a `TextFile`. */
function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
