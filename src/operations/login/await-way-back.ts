import type { ByteStream } from '../../workspace/byte-stream.ts';
import { hasCode, type WorkspaceError } from '../../workspace/errors/errors.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { hasGreeting } from '../ready/greeting.ts';
import { openSshStream } from './open-ssh-stream.ts';

/** A kubelet or a container runtime that restarts is back within some seconds. */
const LIMIT_MS = 10_000;
/** What is back sooner needs no words. */
const SILENT_MS = 1000;
const PAUSE_MS = 300;

/** Whether the way to a pod that serves may be closed for a moment only. */
export function mayComeBack(error: unknown): error is WorkspaceError {
  return hasCode(error, 'CONNECTION_FAILED') && !error.isLasting;
}

/**
 * A stream in which the server's greeting waits, from a pod that serves and to which no stream opened just now, for
 * `refused`: a command that begins while the kubelet or the container runtime restarts waits for them. Throws the last
 * reason when they do not come back in time, and any other error at once.
 */
export async function* awaitWayBack(
  endpoint: Endpoint,
  refused: WorkspaceError,
  world: Pick<World, 'cluster' | 'clock'>,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, ByteStream, void> {
  const { clock } = world;
  const begunMs = clock.nowMs();
  let error = refused;
  let isTold = false;
  for (;;) {
    const waitedMs = clock.nowMs() - begunMs;
    if (waitedMs >= LIMIT_MS) throw error;
    if (!isTold && waitedMs >= SILENT_MS) {
      isTold = true;
      const notice = {
        kind: 'way-closed' as const,
        pod: endpoint.pod,
        reason: error.reason ?? 'it ended without a word',
        forMs: LIMIT_MS,
      };
      yield { type: 'noticed', level: 'warning', notice };
    }
    await clock.sleep(PAUSE_MS, signal);
    try {
      const stream = await openSshStream(endpoint, world, signal, { openLimitMs: LIMIT_MS });
      if (await hasGreeting(stream, signal)) return stream;
      stream.destroy();
    } catch (next) {
      if (!mayComeBack(next)) throw next;
      error = next;
    }
  }
}
