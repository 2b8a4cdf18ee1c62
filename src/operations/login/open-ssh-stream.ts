import type { ByteStream, PodStreamOptions } from '../../workspace/byte-stream.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { World } from '../../workspace/world.ts';

/**
 * A byte pipe to a workspace's SSH server, resumable where the server offers that. Throws what `openPodStream` throws.
 */
export function openSshStream(
  { pod, sshPort, resumePort }: Endpoint,
  { cluster }: Pick<World, 'cluster'>,
  signal: AbortSignal,
  options: Pick<PodStreamOptions, 'openLimitMs' | 'onAsked'> = {},
): Promise<ByteStream> {
  return cluster.openPodStream(pod, sshPort, signal, {
    speaksFirst: true,
    ...(resumePort === undefined ? {} : { resumePort }),
    ...options,
  });
}
