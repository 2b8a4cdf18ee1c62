import { findPins } from '../../operations/login/pins.ts';
import { findStaleName } from '../../workspace/ssh-config/users-pins.ts';
import type { World } from '../../workspace/world.ts';
import { openUsersKnownHosts } from '../wiring/user-machine.ts';

/**
 * The name under which the user's own known_hosts has another key for a local port: a workspace that had this port
 * before, or had another key. OpenSSH would refuse to log in there. Undefined where all is well, and where nobody can
 * tell: a hint is no reason to fail.
 */
export async function findStalePin(
  workspace: string,
  localPort: number,
  world: World,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { keys } = await findPins({ workspace, namespace: world.cluster.namespace }, world, signal);
    return findStaleName(await openUsersKnownHosts().read(), localPort, keys);
  } catch {
    return undefined;
  }
}
