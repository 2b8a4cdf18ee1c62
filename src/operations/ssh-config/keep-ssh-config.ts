import { toHostKeyAlias } from '../../workspace/keys/identities.ts';
import { findLateHost, type LateHost, nameHost } from '../../workspace/ssh-config/host-names.ts';
import {
  findHost,
  listHosts,
  listPublicKeyNames,
  type SshConfigFiles,
  withFreshHost,
  withHost,
  withoutHost,
} from '../../workspace/ssh-config/ssh-config.ts';
import { LAUNCHER_NAME } from '../../workspace/ssh-config/ssh-launcher.ts';
import { hasPin, withoutPins, withPins } from '../../workspace/ssh-config/users-pins.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';
import { listIdentities } from '../login/connect.ts';
import type { SshConfigRequest } from './find-ssh-identity.ts';
import { findSshIdentity, toHostPlace } from './find-ssh-identity.ts';

/**
 * Keeps `ws`'s own file of Host blocks current after `ws up`, once `ws config-ssh` has made it; the user's own file is
 * not touched. It rewrites the block, since this machine may have changed, with the key that was chosen for it. Blocks
 * that lead to another place stay. Returns the new host that could not be called `ws-NAME`.
 */
export async function addSshHost(
  snapshot: WorkspaceSnapshot,
  request: SshConfigRequest,
  files: SshConfigFiles,
  world: World,
  signal: AbortSignal,
): Promise<LateHost | undefined> {
  const { namespace, isTlsPostQuantum } = world.cluster;
  const own = await files.own.read();
  const { name, deployment } = snapshot;
  const user = deployment?.user;
  if (own === '' || user === undefined) return undefined;
  const place = toHostPlace(request, world);
  const hostKeyAlias = toHostKeyAlias(name, namespace, await world.cluster.getClusterId(signal));
  const block = findHost(own, name, place);
  const hostName = nameHost(own, { workspace: name, hostKeyAlias }, place);
  await keepUsersPin(hostName, hostKeyAlias, block?.hostKeyAlias ?? hostKeyAlias, files, world);
  if (request.program.launcher !== undefined) {
    const { launcher } = request.program;
    await files.beside(LAUNCHER_NAME).update(() => launcher);
  }
  // Another context or kubeconfig leads to the same workspace.
  if (block === undefined && listHosts(own).some((host) => host.hostKeyAlias === hostKeyAlias)) return undefined;
  if (block?.hostKeyAlias === hostKeyAlias && block.user === user) {
    const host = { workspace: name, user, hostKeyAlias, identityFile: undefined, isTlsPostQuantum };
    await files.own.update((text) => withFreshHost(text, host, place, request.program));
    return undefined;
  }
  const { identities } = await listIdentities(request, undefined, world, signal);
  const isWanted = request.identityPath !== undefined;
  const identity = await findSshIdentity(snapshot, identities, isWanted, files, world, signal);
  if (identity?.publicKey !== undefined) {
    const { name: file, text } = identity.publicKey;
    await files.beside(file).update(() => text);
  }
  const host = { workspace: name, user, hostKeyAlias, identityFile: identity?.path, isTlsPostQuantum };
  await files.own.update((text) => withHost(text, host, place, request.program));
  return block === undefined ? findLateHost(own, name, hostName) : undefined;
}

/** Updates the user's own known_hosts with the pinned host key, where it has the workspace by any of its names. */
async function keepUsersPin(
  name: string,
  hostKeyAlias: string,
  formerAlias: string,
  files: SshConfigFiles,
  world: World,
) {
  const { usersKnownHosts } = files;
  const text = await usersKnownHosts?.read();
  if (usersKnownHosts === undefined || text === undefined) return;
  if (!hasPin(text, hostKeyAlias) && !hasPin(text, formerAlias)) return;
  const hostKeys = await world.knownHosts.find(hostKeyAlias);
  if (hostKeys.length === 0) return;
  await usersKnownHosts.update((text) => withPins(text, [{ name, hostKeyAlias, hostKeys }]));
}

/** Removes the block when nothing is left of its workspace. */
export async function removeSshHost(
  workspace: string,
  request: SshConfigRequest,
  files: SshConfigFiles,
  world: World,
): Promise<undefined> {
  const place = toHostPlace(request, world);
  const before = await files.own.read();
  const after = withoutHost(before, workspace, place);
  const host = findHost(before, workspace, place);
  if (host === undefined) return;
  await files.usersKnownHosts?.update((text) => withoutPins(text, [host]));
  await files.own.update((text) => withoutHost(text, workspace, place));
  const named = listPublicKeyNames(after);
  for (const name of listPublicKeyNames(before)) if (!named.includes(name)) await files.beside(name).remove();
}
