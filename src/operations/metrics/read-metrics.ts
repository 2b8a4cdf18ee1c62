import { parseMetrics } from '../../contract/metrics.ts';
import { HTTP_PORT } from '../../contract/ports.ts';
import type { World } from '../../workspace/world.ts';
import { readAnswer } from './read-answer.ts';

/** A pod that does not answer must not hold up a command. */
const LIMIT_MS = 5_000;

export type WorkspaceMetrics = ReturnType<typeof parseMetrics>;

/** The value of a label, if it is no more than what may be shown. `value` is a pattern. */
export function findLabel(labels: string, name: string, value = '[A-Za-z0-9_-]{1,100}'): string | undefined {
  return new RegExp(`(?:^|,)${name}="(${value})"`).exec(labels)?.[1];
}

/** Asks the server for its metrics. Throws what opening the stream throws, and an `Error` when no answer comes. */
export async function readMetrics(
  { pod, namespace }: { pod: string; namespace: string },
  world: World,
  signal: AbortSignal,
): Promise<WorkspaceMetrics> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const stream = await world.cluster.openPodStream(pod, HTTP_PORT, limit, { namespace });
  const stop = () => stream.destroy(new Error('no answer'));
  limit.addEventListener('abort', stop, { once: true });
  try {
    // An answer in HTTP 1.0 would not say how long it is.
    stream.write('GET /metrics HTTP/1.1\r\nHost: workspace\r\nConnection: close\r\n\r\n');
    return parseMetrics(await readAnswer(stream));
  } finally {
    limit.removeEventListener('abort', stop);
    stream.destroy();
  }
}
