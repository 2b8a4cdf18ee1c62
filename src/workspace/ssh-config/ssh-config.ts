/**
 * The OpenSSH configuration that `ws config-ssh` writes: one Host block per workspace, in a file of `ws`'s own. Each
 * block starts with a comment that says where its workspace is, so that other namespaces' blocks stay when one is
 * rewritten.
 */

import { isPrintable } from '../errors/printable.ts';
import { DEFAULT_WAKE, type WakeRule } from '../sleep/waking.ts';
import { type DirectAddress, formatDirect } from '../ways/direct.ts';
import {
  type HostPlace,
  isOfPlace,
  readBlocks,
  readDirect,
  readWake,
  type SETTINGS,
  toBytes,
  toMark,
} from './host-blocks.ts';
import { isBlockOf, nameHost } from './host-names.ts';
import { toConfigArgument, toConfigWord, toProxyCommand } from './ssh-config-words.ts';

/** A text file as bytes, one character each (latin1), so that whatever stands in it survives. */
export interface TextFile {
  readonly path: string;
  /** '' for a file that is not there. */
  read(): Promise<string>;
  /**
   * Replaces the text in one step, only when `change` makes another one of it. Returns whether that made the file.
   * Throws `LOCAL_FILE_FAILED`.
   */
  update(change: (text: string) => string): Promise<boolean>;
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

export interface SshHost {
  workspace: string;
  user: string;
  hostKeyAlias: string;
  /** Private key file, or the public one of a key that the agent holds; undefined leaves the choice to OpenSSH. */
  identityFile: string | undefined;
  /** Which logins wake it; undefined: what an earlier block said, else the default. */
  wake?: WakeRule | undefined;
  /** Where it is reached past the API server; undefined: as an earlier block said. */
  direct?: DirectAddress | 'none' | undefined;
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

const HEADER = '# Written by ws config-ssh, and written anew each time. Your own settings belong in ~/.ssh/config.\n';

/** A file name for a public key, which depends on the key alone. */
export function toPublicKeyName(fingerprint: string): string {
  const digest = Buffer.from(fingerprint.replace(/^SHA256:/, ''), 'base64').toString('hex');
  return `ssh_key-${digest.slice(0, 16)}.pub`;
}

/** The public key files that our own file names. */
export function listPublicKeyNames(text: string): string[] {
  return [...new Set(text.match(PUBLIC_KEY_NAME) ?? [])];
}

/** This place's block of a workspace. */
export function findHost(
  text: string,
  workspace: string,
  place: HostPlace,
): { name: string; hostKeyAlias: string | undefined; user: string | undefined } | undefined {
  const block = readBlocks(text).find((found) => isBlockOf(found, workspace, place));
  if (block === undefined) return undefined;
  return { name: block.name, hostKeyAlias: block.readSetting('HostKeyAlias'), user: block.readSetting('User') };
}

/** Every host in a text, wherever its workspace is. */
export function listHosts(text: string): { name: string; hostKeyAlias: string | undefined }[] {
  return readBlocks(text).map(({ name, readSetting }) => ({ name, hostKeyAlias: readSetting('HostKeyAlias') }));
}

/** The text with this host's block added or replaced, and all others as they are. */
export function withHost(text: string, host: SshHost, place: HostPlace, program: SshProgram): string {
  const name = nameHost(text, host, place);
  const others = readBlocks(text).filter((block) => block.name !== name && !isBlockOf(block, host.workspace, place));
  return toText([renderHost(name, withKept(text, host, place), place, program), ...others.map((block) => block.text)]);
}

/** The text with this place's block of a host rewritten, but with the key that was chosen for it. Others stay. */
export function withFreshHost(text: string, host: SshHost, place: HostPlace, program: SshProgram): string {
  const blocks = readBlocks(text).map((block) => {
    if (!isBlockOf(block, host.workspace, place)) return block.text;
    const kept = block.readSetting('IdentityFile');
    const fresh = { ...withKept(text, host, place), identityFile: undefined };
    return renderHost(block.name, fresh, place, program, kept);
  });
  return toText(blocks);
}

/** The text without this place's block of a workspace. */
export function withoutHost(text: string, workspace: string, place: HostPlace): string {
  const blocks = readBlocks(text);
  const left = blocks.filter((block) => !isBlockOf(block, workspace, place));
  return left.length === blocks.length ? text : toText(left.map((block) => block.text));
}

/** The own file's new text: this place's hosts first, then what other places have. */
export function renderSshConfig(before: string, hosts: SshHost[], place: HostPlace, program: SshProgram): string {
  const named = hosts.map((host) => ({
    host: withKept(before, host, place),
    name: nameHost(before, host, place),
  }));
  const names = new Set(named.map(({ name }) => name));
  const others = readBlocks(before).filter((block) => !isOfPlace(block.text, place) && !names.has(block.name));
  return toText([
    ...named.map(({ host, name }) => renderHost(name, host, place, program)),
    ...others.map((block) => block.text),
  ]);
}

/** With the rule and the address that the host has had, where no others are asked for. */
function withKept(text: string, host: SshHost, place: HostPlace): SshHost {
  const block = readBlocks(text).find((found) => isBlockOf(found, host.workspace, place));
  if (block === undefined) return host;
  return { ...host, wake: host.wake ?? readWake(block), direct: host.direct ?? readDirect(block) };
}

function toText(blocks: string[]): string {
  return [HEADER, ...blocks.map((block) => `${block}\n`)].join('\n');
}

/** `keptIdentity` is the setting of an earlier block, as it stands there. */
function renderHost(name: string, host: SshHost, place: HostPlace, program: SshProgram, keptIdentity?: string): string {
  const { words, platform, knownHostsFile } = program;
  const proxy = [...words, 'proxy', host.workspace, '--context', place.context, '--namespace', place.namespace];
  if (place.kubeconfig !== undefined && place.isKubeconfigList === true)
    proxy.unshift('/usr/bin/env', `KUBECONFIG=${place.kubeconfig}`);
  else if (place.kubeconfig !== undefined) proxy.push('--kubeconfig', place.kubeconfig);
  const direct = host.direct === 'none' ? undefined : host.direct;
  if (direct !== undefined) proxy.push('--direct', formatDirect(direct));
  if (host.wake !== undefined && host.wake !== DEFAULT_WAKE) proxy.push('--wake', host.wake);
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
  if (host.isTlsPostQuantum && direct === undefined) settings.push(['KexAlgorithms', '-sntrup761*']);
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
    // So is asking whether the way stands. It waits for one that is lost, and OpenSSH would not. What is lost past the
    // API server does not come back.
    ['ServerAliveInterval', direct === undefined ? '0' : '15'],
    ['ProxyCommand', toProxyCommand(proxy, platform)],
  );
  const lines = settings.map(([name, value]) => `  ${name} ${verifyLine(value)}\n`);
  return `${toMark(place)}\n${toBytes(`Host ${toConfigWord(name)}\n${lines.join('')}`)}`.trimEnd();
}

/** The last check of every value: it must not start a second line. */
function verifyLine(value: string): string {
  if (value === '' || !isPrintable(value)) throw new Error('a value of the ssh configuration is not one line');
  return value;
}
