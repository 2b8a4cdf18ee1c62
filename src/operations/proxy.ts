import type { Duplex } from 'node:stream';
import { hasCode } from '../workspace/errors/errors.ts';
import { runToEnd } from '../workspace/state/events.ts';
import type { World } from '../workspace/world.ts';
import { findEndpoint } from './login/find-endpoint.ts';
import { pinHostKey, verifyHostKey } from './login/pin-host-key.ts';
import { openRecalled, recall } from './login/recall.ts';

/**
 * Raw bytes to a workspace's SSH server, for OpenSSH's ProxyCommand, which compares the host key with the pinned one.
 * It is pinned before, or was pinned the last time: then a key that has changed since breaks the stream with
 * `HOST_KEY_CHANGED`.
 */
export async function openProxy(
  address: string | undefined,
  waitTimeoutMs: number,
  world: World,
  signal: AbortSignal,
): Promise<Duplex> {
  const again = address === undefined ? undefined : await openAgain(address, world, signal);
  if (again !== undefined) return again;
  const endpoint = await runToEnd(findEndpoint(address, waitTimeoutMs, world, signal));
  const [stream, { alias }] = await Promise.all([
    world.cluster.openPodStream(endpoint.pod, endpoint.sshPort, signal),
    pinHostKey(endpoint, world, signal),
  ]);
  await world.recent.keep({ endpoint, hostKeyAlias: alias, identities: [] });
  return stream;
}

async function openAgain(address: string, world: World, signal: AbortSignal): Promise<Duplex | undefined> {
  const recalled = await recall(address, world);
  if (recalled === undefined) return undefined;
  const stream = await openRecalled(recalled, world, signal);
  if (stream === undefined) return undefined;
  verifyHostKey(recalled.login, world, signal).catch((error: Error) => {
    if (hasCode(error, 'HOST_KEY_CHANGED')) stream.destroy(error);
  });
  return stream;
}
