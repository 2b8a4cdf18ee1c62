import type { ByteStream } from '../../workspace/byte-stream.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { World } from '../../workspace/world.ts';

/**
 * A byte pipe to a workspace's SSH server, resumable where the server offers that. Throws what `openPodStream` throws.
 */
export function openSshStream(
  { pod, sshPort, resumePort }: Endpoint,
  { cluster }: Pick<World, 'cluster'>,
  signal: AbortSignal,
  openLimitMs?: number,
): Promise<ByteStream> {
  return cluster.openPodStream(pod, sshPort, signal, {
    ...(resumePort === undefined ? {} : { resumePort }),
    ...(openLimitMs === undefined ? {} : { openLimitMs }),
  });
}
