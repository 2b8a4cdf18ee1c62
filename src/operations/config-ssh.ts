import { parseServedHostKey } from '../contract/keys/host-key.ts';
import type { PublicKey } from '../contract/keys/public-key.ts';
import { compareTexts } from '../workspace/compare-texts.ts';
import { failure, hasCode, interrupted, withOutcome } from '../workspace/errors/errors.ts';
import { findNearest } from '../workspace/errors/nearest.ts';
import { type Command, ws } from '../workspace/errors/suggestion.ts';
import { toHostKeyAlias } from '../workspace/keys/identities.ts';
import { DEFAULT_WORKSPACE } from '../workspace/names.ts';
import type { WakeRule } from '../workspace/sleep/waking.ts';
import { findLateHost, nameHost } from '../workspace/ssh-config/host-names.ts';
import { listHosts, renderSshConfig, type SshConfigFiles } from '../workspace/ssh-config/ssh-config.ts';
import { addInclude } from '../workspace/ssh-config/ssh-config-include.ts';
import { type UsersPin, withPins } from '../workspace/ssh-config/users-pins.ts';
import { toHostKeySource } from '../workspace/state/endpoint.ts';
import type { WorkspaceSnapshot } from '../workspace/state/snapshot.ts';
import { type DirectAddress, formatDirect } from '../workspace/ways/direct.ts';
import type { World } from '../workspace/world.ts';
import { verifyNamespace } from './checks/find-namespace-fault.ts';
import { listIdentities } from './login/connect.ts';
import { pinHostKey } from './login/pin-host-key.ts';
import { findSshIdentity, type SshConfigRequest, toHostPlace } from './ssh-config/find-ssh-identity.ts';
import { updateUsers } from './ssh-config/made-files.ts';
import {
  type ConfigSshResult,
  listChanges,
  type NamedHost,
  planPublicKeys,
  type SshConfigPlan,
  toChange,
  toResult,
  writePublicKeys,
} from './ssh-config/plan.ts';

export interface ConfigSshRequest extends SshConfigRequest {
  includeLine: string;
  /** Whether to write the host keys into the user's own known_hosts as well. */
  pinsForUser: boolean;
  /** Which logins wake them, by the workspace's name; undefined as a name: all others. */
  wake?: ReadonlyMap<string | undefined, WakeRule>;
  /** Where they are reached past the API server, by the workspace's name. */
  direct?: ReadonlyMap<string, DirectAddress | 'none'>;
}

/** A host key that could not be pinned. It does not hold up the others. */
export interface Unpinned {
  workspace: string;
  error: Error;
}

export interface SetUpPlan extends SshConfigPlan {
  /** Pins the host keys and returns the failure of each workspace that had one. */
  pin(signal: AbortSignal): Promise<Unpinned[]>;
}

/** Looks at the namespace's workspaces and at both files. Stopped workspaces are in it: `ssh` then says so. */
export async function planSshConfig(
  request: ConfigSshRequest,
  files: SshConfigFiles,
  world: World,
  signal: AbortSignal,
): Promise<SetUpPlan> {
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
    .toSorted((a, b) => compareTexts(a.name, b.name));
  const there = standing.filter(({ deployment }) => deployment?.user !== undefined);
  verifyNamed('--wake', request.wake, there, (name, rule) => ws`config-ssh --wake ${`${name}=${rule}`}`);
  const toWord = (address: DirectAddress | 'none') => (address === 'none' ? '' : formatDirect(address));
  verifyNamed('--direct', request.direct, there, (name, to) => ws`config-ssh --direct ${`${name}=${toWord(to)}`}`);
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
    wake: request.wake?.get(snapshot.name) ?? request.wake?.get(undefined),
    direct: request.direct?.get(snapshot.name),
    isTlsPostQuantum: world.cluster.isTlsPostQuantum,
  }));
  const place = toHostPlace(request, world);
  const named = hosts.map((host) => ({ ...host, name: nameHost(own, host, place) }));
  const after = renderSshConfig(own, hosts, place, request.program);
  // Of a namespace that has gone, hosts may be left to be taken away.
  const isLast = standing.length === 0 && listHosts(after).length === listHosts(own).length;
  if (isLast) await verifyNamespace(DEFAULT_WORKSPACE, world, signal);
  const pins = request.pinsForUser ? await readPins(named, there, world, signal) : [];
  return {
    hosts: named,
    late: named.flatMap(({ workspace, name }) => findLateHost(own, workspace, name) ?? []),
    damaged: standing.filter(({ deployment }) => deployment?.damage !== undefined).map(({ name }) => name),
    includeLine: request.includeLine,
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
      const good = pins.filter((pin) => !problems.some(({ workspace }) => workspace === pin.workspace));
      const { usersKnownHosts } = files;
      if (good.length > 0 && usersKnownHosts !== undefined)
        await updateUsers(usersKnownHosts, (text) => withPins(text, good), files);
      return problems;
    },
  };
}

/**
 * Pins the host keys and writes the files of a plan: the user's own configuration only where its user has agreed.
 * Throws `INTERRUPTED` before it writes anything but host keys.
 */
export async function writeSshConfig(
  plan: SetUpPlan,
  isIncluded: boolean,
  files: SshConfigFiles,
  signal: AbortSignal,
): Promise<{ result: ConfigSshResult; unpinned: Unpinned[] }> {
  const unpinned = await plan.pin(signal);
  if (signal.aborted) throw withOutcome(interrupted(), 'No file was written, but for host keys in known_hosts');
  await writePublicKeys(plan.publicKeys);
  await files.own.update(() => plan.own.after);
  if (isIncluded) await updateUsers(files.users, (text) => addInclude(text, plan.includeLine), files);
  const changes = listChanges(plan).filter((change) => isIncluded || change !== plan.users);
  return { result: toResult(plan, isIncluded, changes), unpinned };
}

/** Throws `WORKSPACE_MISSING` for a flag of a workspace that gets no host. */
function verifyNamed<Value>(
  flag: '--wake' | '--direct',
  wanted: ReadonlyMap<string | undefined, Value> = new Map(),
  there: WorkspaceSnapshot[],
  mend: (name: string, value: Value) => Command,
): void {
  const names = there.map(({ name }) => name);
  for (const [name, value] of wanted) {
    if (name === undefined || names.includes(name)) continue;
    const near = findNearest(name, names);
    throw failure('WORKSPACE_MISSING', {
      message: `${flag} names workspace ${name}, which gets no host here`,
      reason: `There is: ${names.join(', ') || 'none'}`,
      suggestions: [near === undefined ? ws`ls` : mend(near, value)],
    });
  }
}

/** The host keys in the cluster. Pinning complains about a key that cannot be read. */
async function readPins(
  hosts: NamedHost[],
  snapshots: WorkspaceSnapshot[],
  world: World,
  signal: AbortSignal,
): Promise<(UsersPin & { workspace: string })[]> {
  const pins = await Promise.all(
    hosts.map(async (host, index) => {
      const name = snapshots[index]?.deployment?.hostKeySecret;
      const secret =
        name === undefined ? undefined : await world.cluster.findSecret(name, signal).catch(() => undefined);
      const hostKey = findHostKey(secret);
      return {
        workspace: host.workspace,
        name: host.name,
        hostKeyAlias: host.hostKeyAlias,
        hostKeys: hostKey === undefined ? [] : [hostKey],
      };
    }),
  );
  return pins.filter(({ hostKeys }) => hostKeys.length > 0);
}

function findHostKey(entries: ReadonlyMap<string, Buffer> | undefined): PublicKey | undefined {
  try {
    return parseServedHostKey(entries);
  } catch {
    return undefined;
  }
}

async function pinAll(snapshots: WorkspaceSnapshot[], world: World, signal: AbortSignal): Promise<Unpinned[]> {
  const problems: Unpinned[] = [];
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
