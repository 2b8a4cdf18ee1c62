import { text } from 'node:stream/consumers';
import { HTTP_PORT } from '../../contract/ports.ts';
import type { WorkspaceSnapshot } from '../../workspace/state/snapshot.ts';
import type { World } from '../../workspace/world.ts';

/** A pod that does not answer must not hold up the list. */
const LIMIT_MS = 5_000;

/** Of the file system that the home is on: where volumes are folders of a node's disk, that is the disk. */
export interface HomeUsage {
  usedBytes: number;
  totalBytes: number;
}

/** Reads the workspace's own metrics; undefined when it is not ready or does not answer. Throws `INTERRUPTED`. */
export async function readUsage(
  { pod, namespace }: WorkspaceSnapshot,
  world: World,
  signal: AbortSignal,
): Promise<HomeUsage | undefined> {
  if (pod?.ready !== true) return undefined;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const stream = await world.cluster.openPodStream(pod.name, HTTP_PORT, limit, { namespace });
    const stop = () => stream.destroy(new Error('no answer'));
    limit.addEventListener('abort', stop, { once: true });
    try {
      // The pipe has no half-close; in HTTP 1.0 the server closes after its answer.
      stream.write('GET /metrics HTTP/1.0\r\n\r\n');
      return toUsage(await text(stream));
    } finally {
      limit.removeEventListener('abort', stop);
      stream.destroy();
    }
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

/** From the text form of Prometheus. */
export function toUsage(metrics: string): HomeUsage | undefined {
  const read = (name: string) => Number(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'm').exec(metrics)?.[1]);
  const usedBytes = read('ws_home_used_bytes');
  const totalBytes = read('ws_home_size_bytes');
  return Number.isFinite(usedBytes) && Number.isFinite(totalBytes) ? { usedBytes, totalBytes } : undefined;
}
