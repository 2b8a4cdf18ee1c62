import { toHostKeyAlias } from '../workspace/identities.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import {
  findHost,
  listPublicKeyNames,
  type SshConfigFiles,
  type SshPlace,
  toHostName,
  withHost,
  withoutHost,
} from '../workspace/ssh-config.ts';
import { hasPin, withoutPins, withPins } from '../workspace/users-pins.ts';
import type { World } from '../workspace/world.ts';
import type { SshConfigRequest } from './steps/find-ssh-identity.ts';
import { findSshIdentity, listSshIdentities } from './steps/find-ssh-identity.ts';

/**
 * Keeps `ws`'s own file of Host blocks current after `ws up`, once `ws config-ssh` has made it; the user's own file is not
 * touched. A block that says what it should stays, with the key that was chosen for it, and so does one that another
 * place has under the name.
 */
export async function addSshHost(
  snapshot: WorkspaceSnapshot,
  request: SshConfigRequest,
  files: SshConfigFiles,
  world: World,
  signal: AbortSignal,
): Promise<void> {
  const { context, namespace } = world.cluster;
  const own = await files.own.read();
  const { name, deployment } = snapshot;
  const user = deployment?.user;
  if (own === '' || user === undefined) return;
  const place: SshPlace = { context, namespace, kubeconfig: request.kubeconfig };
  const hostKeyAlias = toHostKeyAlias(name, namespace, await world.cluster.getClusterId(signal));
  const block = findHost(own, name, place);
  await keepUsersPin(name, hostKeyAlias, block?.hostKeyAlias ?? hostKeyAlias, files, world);
  if (block?.isHere === false || (block?.hostKeyAlias === hostKeyAlias && block.user === user)) return;
  const identities = await listSshIdentities(request, world, signal);
  const isWanted = request.identityPath !== undefined;
  const identity = await findSshIdentity(snapshot, identities, isWanted, files, world, signal);
  if (identity?.publicKey !== undefined) {
    const { name: file, text } = identity.publicKey;
    await files.publicKey(file).update(() => text);
  }
  const { isTlsPostQuantum } = world.cluster;
  const host = { workspace: name, user, hostKeyAlias, identityFile: identity?.path, isTlsPostQuantum };
  await files.own.update((text) => withHost(text, host, place, request.program));
}

/** Where the user's own known_hosts has the workspace, also by a former name, it gets the host key that is pinned now. */
async function keepUsersPin(
  workspace: string,
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
  await usersKnownHosts.update((text) => withPins(text, [{ name: toHostName({ workspace }), hostKeyAlias, hostKeys }]));
}

/** Takes the block away when nothing is left of the workspace that it leads to. */
export async function removeSshHost(
  workspace: string,
  request: SshConfigRequest,
  files: SshConfigFiles,
  world: World,
): Promise<void> {
  const { context, namespace } = world.cluster;
  const before = await files.own.read();
  const after = withoutHost(before, workspace, { context, namespace, kubeconfig: request.kubeconfig });
  if (after === before) return;
  const { hostKeyAlias } = findHost(before, workspace, { context, namespace, kubeconfig: request.kubeconfig }) ?? {};
  await files.usersKnownHosts?.update((text) => withoutPins(text, [{ name: toHostName({ workspace }), hostKeyAlias }]));
  await files.own.update((text) =>
    withoutHost(text, workspace, { context, namespace, kubeconfig: request.kubeconfig }),
  );
  const named = listPublicKeyNames(after);
  for (const name of listPublicKeyNames(before)) if (!named.includes(name)) await files.publicKey(name).remove();
}
