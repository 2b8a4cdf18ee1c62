/** Reads the file of Host blocks: what stands in each, and where its workspace is. */

import { toPrintableJson } from '../errors/printable.ts';
import type { Place } from '../place.ts';
import { findWakeRule, type WakeRule } from '../sleep/waking.ts';
import { parseUser } from '../state/cluster-words.ts';
import { type DirectAddress, parseDirect } from '../ways/direct.ts';

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

/** The settings that a block may have, each once. */
export const SETTINGS = [
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

const BLOCK_START = /^(?=# context ")/m;

/** A workspace, by where a block leads. */
export interface BlockPlace {
  context: string;
  namespace: string;
  kubeconfig: string | undefined;
}

/** Every block, one character per byte. */
export function readBlocks(text: string) {
  return toBlocks(text).map((block) => ({
    name: toName(block),
    text: block,
    /** Of the workspace that it leads to. */
    workspace: toWorkspace(block),
    /** Undefined where its comment does not say it. */
    place: readPlace(block.split('\n')[0] ?? ''),
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

function toName(block: string): string {
  return /^Host (\S+)$/m.exec(block)?.[1] ?? '';
}

function readSetting(block: string, setting: string): string | undefined {
  return new RegExp(`^  ${setting} (.*)$`, 'm').exec(block)?.[1];
}

/** Which logins a block lets wake its workspace; undefined where it says nothing of it. */
export function readWake(block: { readSetting(setting: 'ProxyCommand'): string | undefined }): WakeRule | undefined {
  return findWakeRule(/ --wake (\w+)$/.exec(block.readSetting('ProxyCommand') ?? '')?.[1]);
}

/** Where a block reaches its workspace past the API server. */
export function readDirect(block: {
  readSetting(setting: 'ProxyCommand'): string | undefined;
}): DirectAddress | undefined {
  const words = block.readSetting('ProxyCommand')?.replaceAll('%%', '%');
  const [, quoted, plain] = / --direct (?:["']([^"' ]+)["']|([^"' ]+))(?: |$)/.exec(words ?? '') ?? [];
  const address = quoted ?? plain;
  if (address === undefined) return undefined;
  try {
    return parseDirect(address);
  } catch {
    // Somebody else wrote it.
    return undefined;
  }
}

export function isOfPlace(block: string, place: HostPlace): boolean {
  return block.startsWith(`${toMark(place)}\n`);
}

export function toMark({ context, namespace, kubeconfig }: HostPlace): string {
  const place = `# context ${toPrintableJson(context)}, namespace ${toPrintableJson(namespace)}`;
  return toBytes(kubeconfig === undefined ? place : `${place}, kubeconfig ${toPrintableJson(kubeconfig)}`);
}

/** By the words that run `ws proxy`: the host's name may have more in it. */
function toWorkspace(block: string): string {
  const words = readSetting(block, 'ProxyCommand') ?? '';
  return / proxy ([a-z0-9.-]+) --context /.exec(words)?.[1] ?? toName(block).replace(/^ws-/, '');
}

function readPlace(mark: string): BlockPlace | undefined {
  const words =
    /^# context ("(?:[^"\\]|\\.)*"), namespace ("(?:[^"\\]|\\.)*")(?:, kubeconfig ("(?:[^"\\]|\\.)*"))?$/.exec(
      Buffer.from(mark, 'latin1').toString('utf8'),
    );
  if (words === null) return undefined;
  const [context = '', namespace = '', kubeconfig] = words.slice(1).map(parseWord);
  return { context, namespace, kubeconfig };
}

function parseWord(word: string | undefined): string | undefined {
  if (word === undefined) return undefined;
  try {
    return JSON.parse(word) as string;
  } catch {
    return undefined;
  }
}

/** One character per byte of its UTF-8, like a `TextFile`. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
