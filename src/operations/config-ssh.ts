import { parseHostKey } from '../contract/keys/host-key.ts';
import type { PublicKey } from '../contract/keys/public-key.ts';
import { HOST_KEY_FILE } from '../contract/paths.ts';
import { hasCode } from '../workspace/errors/errors.ts';
import { toHostKeyAlias } from '../workspace/keys/identities.ts';
import {
  listHosts,
  listPublicKeyNames,
  renderSshConfig,
  type SshConfigFiles,
  type SshHost,
  type TextFile,
  toHostName,
} from '../workspace/ssh-config/ssh-config.ts';
import { addInclude, removeInclude } from '../workspace/ssh-config/ssh-config-include.ts';
import { LAUNCHER_NAME } from '../workspace/ssh-config/ssh-launcher.ts';
import { type UsersPin, withoutPins, withPins } from '../workspace/ssh-config/users-pins.ts';
import { toHostKeySource } from '../workspace/state/endpoint.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import type { World } from '../workspace/world.ts';
import { listIdentities } from './login/connect.ts';
import { pinHostKey } from './login/pin-host-key.ts';
import {
  findSshIdentity,
  type SshConfigRequest,
  type SshIdentity,
  toHostPlace,
} from './ssh-config/find-ssh-identity.ts';

export interface ConfigSshRequest extends SshConfigRequest {
  includeLine: string;
  /** Whether to write the host keys into the user's own known_hosts as well. */
  pinsForUser: boolean;
}

/** What to write. Nothing is written yet. */
export interface SshConfigPlan {
  hosts: SshHost[];
  /** Workspaces that get no block, because what they say of themselves cannot be believed. */
  damaged: WorkspaceSnapshot[];
  own: FileChange;
  users: FileChange;
  /**
   * The launcher and public keys to be written beside the own file, and keys of earlier that no block names any more.
   */
  publicKeys: PublicKeyChange[];
  /** The change of the user's own known_hosts. */
  usersKnownHosts: FileChange;
  /** Pins the host keys and returns the failure of each workspace that had one. It does not hold up the others. */
  pin(signal: AbortSignal): Promise<{ workspace: string; error: Error }[]>;
}

export interface FileChange {
  path: string;
  before: string;
  after: string;
}

/** A file; it is removed where `after` is empty. */
export interface PublicKeyChange extends FileChange {
  file: TextFile;
}

/** Writes and removes the public key files of a plan. */
export async function writePublicKeys(changes: PublicKeyChange[]): Promise<void> {
  for (const { file, after } of changes) await (after === '' ? file.remove() : file.update(() => after));
}

/** Looks at the namespace's workspaces and at both files. Stopped workspaces are in it: `ssh` then says so. */
export async function planSshConfig(
  request: ConfigSshRequest,
  files: SshConfigFiles,
  world: World,
  signal: AbortSignal,
): Promise<SshConfigPlan> {
  const { namespace } = world.cluster;
  const [snapshots, clusterId, { identities }, own, users] = await Promise.all([
    world.cluster.listWorkspaces(signal),
    world.cluster.getClusterId(signal),
    listIdentities(request, undefined, world, signal),
    files.own.read(),
    files.users.read(),
  ]);
  const standing = snapshots
    .filter((snapshot) => snapshot.deployment !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const there = standing.filter(({ deployment }) => deployment?.user !== undefined);
  const found = await Promise.all(
    there.map(async (snapshot) => ({
      snapshot,
      identity: await findSshIdentity(snapshot, identities, request.identityPath !== undefined, files, world, signal),
    })),
  );
  const hosts = found.map(({ snapshot, identity }) => ({
    workspace: snapshot.name,
    user: snapshot.deployment?.user ?? '',
    hostKeyAlias: toHostKeyAlias(snapshot.name, namespace, clusterId),
    identityFile: identity?.path,
    isTlsPostQuantum: world.cluster.isTlsPostQuantum,
  }));
  const place = toHostPlace(request, world);
  const after = renderSshConfig(own, hosts, place, request.program);
  const pins = request.pinsForUser ? await readPins(hosts, there, world, signal) : [];
  return {
    hosts,
    damaged: standing.filter(({ deployment }) => deployment?.damage !== undefined),
    usersKnownHosts: await toChange(files.usersKnownHosts, (text) => withPins(text, pins)),
    own: { path: files.own.path, before: own, after },
    publicKeys: await planPublicKeys(
      own,
      after,
      found.map(({ identity }) => identity),
      files,
      request.program.launcher,
    ),
    users: { path: files.users.path, before: users, after: addInclude(users, request.includeLine) },
    pin: async (during) => {
      const problems = await pinAll(there, world, during);
      const good = pins.filter((pin) => !problems.some(({ workspace }) => toHostName({ workspace }) === pin.name));
      if (good.length > 0) await files.usersKnownHosts?.update((text) => withPins(text, good));
      return problems;
    },
  };
}

/** The host keys in the cluster. Pinning complains about a key that cannot be read. */
async function readPins(
  hosts: SshHost[],
  snapshots: WorkspaceSnapshot[],
  world: World,
  signal: AbortSignal,
): Promise<UsersPin[]> {
  const pins = await Promise.all(
    hosts.map(async (host, index) => {
      const name = snapshots[index]?.deployment?.hostKeySecret;
      const secret =
        name === undefined ? undefined : await world.cluster.findSecret(name, signal).catch(() => undefined);
      const hostKey = findHostKey(secret?.get(HOST_KEY_FILE));
      return {
        name: toHostName(host),
        hostKeyAlias: host.hostKeyAlias,
        hostKeys: hostKey === undefined ? [] : [hostKey],
      };
    }),
  );
  return pins.filter(({ hostKeys }) => hostKeys.length > 0);
}

function findHostKey(privateKey: Buffer | undefined): PublicKey | undefined {
  try {
    return privateKey === undefined ? undefined : parseHostKey(privateKey);
  } catch {
    return undefined;
  }
}

async function toChange(file: TextFile | undefined, change: (text: string) => string): Promise<FileChange> {
  const before = (await file?.read()) ?? '';
  return { path: file?.path ?? '', before, after: change(before) };
}

/** Removes both. This needs no cluster. */
export async function planRemoval(
  includeLine: string,
  files: SshConfigFiles,
): Promise<{ own: FileChange; users: FileChange; usersKnownHosts: FileChange; publicKeys: PublicKeyChange[] }> {
  const [own, users] = await Promise.all([files.own.read(), files.users.read()]);
  return {
    usersKnownHosts: await toChange(files.usersKnownHosts, (text) => withoutPins(text, listHosts(own))),
    publicKeys: await planPublicKeys(own, '', [], files),
    own: { path: files.own.path, before: own, after: '' },
    users: { path: files.users.path, before: users, after: removeInclude(users, includeLine) },
  };
}

/** Names the launcher, the files that the blocks of `after` use, and those that only the blocks of `before` used. */
async function planPublicKeys(
  before: string,
  after: string,
  identities: (SshIdentity | undefined)[],
  files: SshConfigFiles,
  launcher = '',
): Promise<PublicKeyChange[]> {
  const wanted = new Map(
    identities.flatMap((identity) => identity?.publicKey ?? []).map((key) => [key.name, key.text]),
  );
  const stale = listPublicKeyNames(before).filter((name) => !listPublicKeyNames(after).includes(name));
  const changes: [string, string][] = [
    [LAUNCHER_NAME, launcher],
    ...wanted,
    ...stale.map((name): [string, string] => [name, '']),
  ];
  return Promise.all(
    changes.map(async ([name, text]) => {
      const file = files.beside(name);
      return { path: file.path, before: await file.read(), after: text, file };
    }),
  );
}

async function pinAll(snapshots: WorkspaceSnapshot[], world: World, signal: AbortSignal) {
  const problems: { workspace: string; error: Error }[] = [];
  for (const snapshot of snapshots) {
    try {
      await pinHostKey(toHostKeySource(snapshot), world, signal);
    } catch (error) {
      if (hasCode(error, 'INTERRUPTED')) throw error;
      problems.push({ workspace: snapshot.name, error: error as Error });
    }
  }
  return problems;
}
