import { toHostKeyPlace } from '../workspace/endpoint.ts';
import { hasCode } from '../workspace/errors.ts';
import { toHostKeyAlias } from '../workspace/identities.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import {
  listPublicKeyNames,
  renderSshConfig,
  type SshConfigFiles,
  type SshHost,
  type SshPlace,
  type TextFile,
} from '../workspace/ssh-config.ts';
import { addInclude, removeInclude } from '../workspace/ssh-config-include.ts';
import type { World } from '../workspace/world.ts';
import {
  findSshIdentity,
  listSshIdentities,
  type SshConfigRequest,
  type SshIdentity,
} from './steps/find-ssh-identity.ts';
import { pinHostKey } from './steps/pin-host-key.ts';

export interface ConfigSshRequest extends SshConfigRequest {
  includeLine: string;
}

/** What is to be written; nothing is yet. */
export interface SshConfigPlan {
  hosts: SshHost[];
  own: FileChange;
  users: FileChange;
  /** Public keys to be written beside the own file, and those of earlier that no block names any more. */
  publicKeys: PublicKeyChange[];
  /** Pins the host keys and returns what went wrong with which workspace: the others are not held up. */
  pin(signal: AbortSignal): Promise<{ workspace: string; error: Error }[]>;
}

export interface FileChange {
  path: string;
  before: string;
  after: string;
}

/** A file that goes where `after` is empty. */
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
  const { context, namespace } = world.cluster;
  const [snapshots, clusterId, identities, own, users] = await Promise.all([
    world.cluster.listWorkspaces(signal),
    world.cluster.getClusterId(signal),
    listSshIdentities(request, world, signal),
    files.own.read(),
    files.users.read(),
  ]);
  const there = snapshots
    .filter((snapshot) => snapshot.deployment !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name));
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
  }));
  const place: SshPlace = { context, namespace, kubeconfig: request.kubeconfig };
  const after = renderSshConfig(own, hosts, place, request.program);
  return {
    hosts,
    own: { path: files.own.path, before: own, after },
    publicKeys: await planPublicKeys(
      own,
      after,
      found.map(({ identity }) => identity),
      files,
    ),
    users: { path: files.users.path, before: users, after: addInclude(users, request.includeLine) },
    pin: (during) => pinAll(there, world, during),
  };
}

/** Taking both away. It needs no cluster. */
export async function planRemoval(
  includeLine: string,
  files: SshConfigFiles,
): Promise<{ own: FileChange; users: FileChange; publicKeys: PublicKeyChange[] }> {
  const [own, users] = await Promise.all([files.own.read(), files.users.read()]);
  return {
    publicKeys: await planPublicKeys(own, '', [], files),
    own: { path: files.own.path, before: own, after: '' },
    users: { path: files.users.path, before: users, after: removeInclude(users, includeLine) },
  };
}

/** What the blocks of `after` name, and what those of `before` named and they do not. */
async function planPublicKeys(
  before: string,
  after: string,
  identities: (SshIdentity | undefined)[],
  files: SshConfigFiles,
): Promise<PublicKeyChange[]> {
  const wanted = new Map(
    identities.flatMap((identity) => identity?.publicKey ?? []).map((key) => [key.name, key.text]),
  );
  const stale = listPublicKeyNames(before).filter((name) => !listPublicKeyNames(after).includes(name));
  const changes = [...wanted, ...stale.map((name): [string, string] => [name, ''])];
  return Promise.all(
    changes.map(async ([name, text]) => {
      const file = files.publicKey(name);
      return { path: file.path, before: await file.read(), after: text, file };
    }),
  );
}

async function pinAll(snapshots: WorkspaceSnapshot[], world: World, signal: AbortSignal) {
  const problems: { workspace: string; error: Error }[] = [];
  for (const snapshot of snapshots) {
    try {
      await pinHostKey(toHostKeyPlace(snapshot), world, signal);
    } catch (error) {
      if (hasCode(error, 'INTERRUPTED')) throw error;
      problems.push({ workspace: snapshot.name, error: error as Error });
    }
  }
  return problems;
}
