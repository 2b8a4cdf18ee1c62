/** The user's key pairs: what the agent holds and what lies in `~/.ssh`. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { findKeyFault } from '../../../contract/keys/authorized-keys.ts';
import { findKeyType } from '../../../contract/keys/public-key.ts';
import { failure, hasCode, interrupted } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { run } from '../../../workspace/errors/suggestion.ts';
import { type Identity, toNamedKey } from '../../../workspace/keys/keys.ts';
import type { Identities } from '../../../workspace/world.ts';
import { lookAtAgent } from './agent-state.ts';
import { generateKeyPair } from './generate-key.ts';
import { findKeyPair, readKeyFile } from './key-files.ts';
import type { SshSettings } from './ssh-settings.ts';

/** An agent on a forwarded or dead socket may never answer; keys in files must not wait for it. */
const AGENT_LIMIT_MS = 1000;

/** If there is nothing else, it may ask its owner to unlock it first. */
const ONLY_AGENT_LIMIT_MS = 5000;

/** The keys that plain ssh offers by itself, and the ones that `ws config-ssh` names for it at least. */
const NEW_KEY_NAMES = ['id_ed25519', 'id_ed25519_ws'];

export interface IdentitiesOptions {
  homeDirectory: string;
  /** The same as a person writes it; default: `~`. */
  shownHome?: string;
  /** Makes the folder of a new key, with all that is missing above it. */
  makeFolder(folder: string): Promise<void>;
  /** The settings that OpenSSH would use for a workspace, or for any. */
  findSettings(workspace: string | undefined): Promise<SshSettings>;
}

export function createIdentities(options: IdentitiesOptions): Identities {
  const toPath = (path: string) => resolve(path.replace(/^~(?=$|[/\\])/, () => options.homeDirectory));
  const look = async (signal: AbortSignal, workspace?: string) => {
    const directory = join(options.homeDirectory, '.ssh');
    const [settings, fromDirectory] = await Promise.all([
      options.findSettings(workspace),
      listFromDirectory(directory),
    ]);
    const named = await listNamed(settings.identityFiles, directory);
    const fromFiles = [...named, ...fromDirectory];
    const limitMs = fromFiles.length > 0 ? AGENT_LIMIT_MS : ONLY_AGENT_LIMIT_MS;
    const { keys, state } = await lookAtAgent(settings.agent, limitMs, signal);
    if (signal.aborted) throw interrupted();
    const fromAgent = keys.flatMap(({ blob, comment }) => toAgentIdentity(blob, comment));
    return { identities: mergeIdentities(fromAgent, fromFiles), agent: state };
  };
  return {
    folder: join(options.shownHome ?? '~', '.ssh'),
    look,
    list: async (signal, workspace) => (await look(signal, workspace)).identities,
    // Absolute, because a program that starts elsewhere may read this path later.
    read: (path) => readKeyFile(toPath(path)),
    findFreePath: () =>
      NEW_KEY_NAMES.map((name) => join(options.homeDirectory, '.ssh', name)).find(
        (path) => !existsSync(path) && !existsSync(`${path}.pub`),
      ),
    generate: (path, comment) => generateKeyPair(toPath(path), comment, options.makeFolder),
  };
}

/** One entry per public key. A key that the agent holds and a file too is the agent's, with the file's path. */
export function mergeIdentities(fromAgent: Identity[], fromFiles: Identity[]): Identity[] {
  const merged = new Map<string, Identity>();
  for (const identity of [...fromAgent, ...fromFiles]) {
    const known = merged.get(identity.blob);
    if (known === undefined) merged.set(identity.blob, identity);
    else if (known.path === undefined) merged.set(identity.blob, { ...known, path: identity.path });
  }
  return [...merged.values()];
}

/**
 * Keys that the server does not take are left out, and so are certificates: the plain key is listed beside its
 * certificate.
 */
function toAgentIdentity(bytes: Buffer, comment: string): Identity[] {
  const type = findKeyType(bytes);
  if (type === undefined) return [];
  const key = toNamedKey({ type, blob: bytes.toString('base64'), comment });
  if (findKeyFault(key) !== undefined) return [];
  return [{ ...key, source: 'agent', path: undefined, encrypted: false }];
}

/** Files that OpenSSH's configuration names and that lie elsewhere: those of `~/.ssh` are looked at anyway. */
async function listNamed(files: string[], directory: string): Promise<Identity[]> {
  const elsewhere = files.filter((file) => dirname(file) !== directory || !isKeyName(basename(file)));
  const pairs = await Promise.all(elsewhere.map((file) => findUsablePair(file)));
  return pairs.filter((pair) => pair !== undefined);
}

async function listFromDirectory(directory: string): Promise<Identity[]> {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw failure('KEY_UNREADABLE', {
      message: `The directory ${directory} cannot be read`,
      reason: toReason(cause, 'file'),
      suggestions: [run('ls')`-ld ${directory}`],
      cause,
    });
  }
  const pairs = await Promise.all(toPrivateNames(names).map((name) => findUsablePair(join(directory, name))));
  return pairs.filter((pair) => pair !== undefined);
}

/** Private files worth a look: those with a .pub beside them and those named like OpenSSH's own; ed25519 first. */
export function toPrivateNames(names: string[]): string[] {
  const present = new Set(names);
  const stems = names.filter((name) => name.endsWith('.pub')).map((name) => name.slice(0, -'.pub'.length));
  const candidates = new Set([...stems.filter((stem) => present.has(stem)), ...names.filter(isKeyName)]);
  const rank = (name: string) => (name.includes('ed25519') ? 0 : 1);
  return [...candidates].toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function isKeyName(name: string): boolean {
  return /^id_/.test(name) && !/\.pub$|~$|\.bak$/.test(name);
}

/** A hardware-backed key's file is only a handle: without the agent nobody here can sign with it. */
async function findUsablePair(path: string): Promise<Identity | undefined> {
  try {
    const pair = await findKeyPair(path);
    return pair?.type.startsWith('sk-') ? undefined : pair;
  } catch (error) {
    if (hasCode(error, 'KEY_UNREADABLE', 'KEY_NOT_FOUND')) return undefined;
    throw error;
  }
}
