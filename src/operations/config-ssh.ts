import { AUTHORIZED_KEYS_FILE } from '../contract/paths.ts';
import { hasCode } from '../workspace/errors.ts';
import { chooseIdentities, parseAuthorizedBlobs, toHostKeyAlias } from '../workspace/identities.ts';
import type { Identity } from '../workspace/keys.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import {
  renderSshConfig,
  type SshConfigFiles,
  type SshHost,
  type SshPlace,
  type SshProgram,
} from '../workspace/ssh-config.ts';
import { addInclude, removeInclude } from '../workspace/ssh-config-include.ts';
import type { World } from '../workspace/world.ts';
import { pinHostKey } from './steps/pin-host-key.ts';

export interface ConfigSshRequest {
  program: SshProgram;
  /** Where the ProxyCommand is to look, as far as it has to be said. */
  kubeconfig: string | undefined;
  /** The key to log in with, for every workspace; undefined: each one's own. */
  identityPath: string | undefined;
  includeLine: string;
}

/** What is to be written; nothing is yet. */
export interface SshConfigPlan {
  hosts: SshHost[];
  own: FileChange;
  users: FileChange;
  /** Pins the host keys and returns what went wrong with which workspace: the others are not held up. */
  pin(signal: AbortSignal): Promise<{ workspace: string; error: Error }[]>;
}

export interface FileChange {
  path: string;
  before: string;
  after: string;
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
    request.identityPath === undefined
      ? world.identities.list(signal)
      : world.identities.read(request.identityPath).then((identity) => [identity]),
    files.own.read(),
    files.users.read(),
  ]);
  const there = snapshots
    .filter((snapshot) => snapshot.deployment !== undefined)
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const hosts = await Promise.all(
    there.map(async (snapshot) => ({
      workspace: snapshot.name,
      user: snapshot.deployment?.user ?? '',
      hostKeyAlias: toHostKeyAlias(snapshot.name, namespace, clusterId),
      identityFile: await findIdentityFile(snapshot, identities, request.identityPath !== undefined, world, signal),
    })),
  );
  const place: SshPlace = { context, namespace, kubeconfig: request.kubeconfig };
  return {
    hosts,
    own: { path: files.own.path, before: own, after: renderSshConfig(own, hosts, place, request.program) },
    users: { path: files.users.path, before: users, after: addInclude(users, request.includeLine) },
    pin: (during) => pinAll(there, world, during),
  };
}

/** Taking both away. It needs no cluster. */
export async function planRemoval(
  includeLine: string,
  files: SshConfigFiles,
): Promise<{ own: FileChange; users: FileChange }> {
  const [own, users] = await Promise.all([files.own.read(), files.users.read()]);
  return {
    own: { path: files.own.path, before: own, after: '' },
    users: { path: files.users.path, before: users, after: removeInclude(users, includeLine) },
  };
}

/** Of the keys that the workspace authorizes, the first that is a file: the agent finds its own by it. */
async function findIdentityFile(
  snapshot: WorkspaceSnapshot,
  identities: Identity[],
  isWanted: boolean,
  world: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (isWanted) return identities[0]?.path;
  const name = snapshot.deployment?.authorizedKeysSecret ?? '';
  const secret = await world.cluster.findSecret(name, signal).catch(() => undefined);
  const text = secret?.get(AUTHORIZED_KEYS_FILE)?.toString('utf8');
  if (text === undefined) return undefined;
  return chooseIdentities(identities, parseAuthorizedBlobs(text)).find(({ path }) => path !== undefined)?.path;
}

async function pinAll(snapshots: WorkspaceSnapshot[], world: World, signal: AbortSignal) {
  const problems: { workspace: string; error: Error }[] = [];
  for (const snapshot of snapshots) {
    try {
      await pinHostKey(snapshot, world, signal);
    } catch (error) {
      if (hasCode(error, 'INTERRUPTED')) throw error;
      problems.push({ workspace: snapshot.name, error: error as Error });
    }
  }
  return problems;
}
