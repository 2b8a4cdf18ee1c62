import type { Duplex } from 'node:stream';
import { complete } from '../workspace/events.ts';
import type { World } from '../workspace/world.ts';
import { openStream } from './steps/connect.ts';
import { findEndpoint } from './steps/find-endpoint.ts';
import { pinHostKey } from './steps/pin-host-key.ts';

/** Raw bytes to a workspace's SSH server, with its host key pinned first, for OpenSSH's ProxyCommand. */
export async function openProxy(
  name: string | undefined,
  waitTimeoutMs: number,
  world: World,
  signal: AbortSignal,
): Promise<Duplex> {
  const found = await complete(findEndpoint(name, waitTimeoutMs, world, signal));
  const [stream] = await Promise.all([
    openStream(found.endpoint, found.stream, world, signal),
    pinHostKey(found.endpoint, world, signal),
  ]);
  await world.recent.keep(found.endpoint);
  return stream;
}
