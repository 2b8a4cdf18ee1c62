import type { Duplex } from 'node:stream';
import { complete } from '../workspace/events.ts';
import type { World } from '../workspace/world.ts';
import { findEndpoint } from './steps/find-endpoint.ts';
import { pinHostKey } from './steps/pin-host-key.ts';

/** Raw bytes to a workspace's SSH server, with its host key pinned first, for OpenSSH's ProxyCommand. */
export async function openProxy(
  name: string | undefined,
  waitTimeoutMs: number,
  world: World,
  signal: AbortSignal,
): Promise<Duplex> {
  const endpoint = await complete(findEndpoint(name, waitTimeoutMs, world, signal));
  const [stream] = await Promise.all([
    world.cluster.openPodStream(endpoint.pod, endpoint.sshPort, signal),
    pinHostKey(endpoint, world, signal),
  ]);
  return stream;
}
