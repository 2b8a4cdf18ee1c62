/** From a WebSocket that leads nowhere to the ways that may mend its trouble. Loaded only then. */
import type { ByteStream } from '../../../workspace/byte-stream.ts';
import { amended, hasCode, WorkspaceError } from '../../../workspace/errors/errors.ts';
import { nameShort, type Way, type WayNotTaken } from '../../../workspace/ways/ways.ts';
import type { Failed, Tried } from './try-way.ts';
import { describeFault, listOthers, toLine } from './way-faults.ts';

export interface Climbing {
  tryWay(way: Way): Promise<Tried>;
  /** Why this way was none a moment ago: it is not tried again so soon. */
  findFailure(way: Way): string | undefined;
  noteFailure(way: Way, why: string): void;
  /** Whether the pod says that its server is ready: else it may just be silent still. */
  isReady(): Promise<boolean>;
}

/** The stream and the ways that were none; without a stream, why the first way is none, where it says so by itself. */
export interface Climbed {
  found: { stream: ByteStream; way: Way } | undefined;
  instead: WayNotTaken[];
  error: Error | undefined;
}

/** Throws what is wrong on every way, if that shows meanwhile on the first one. */
export async function climbOn(first: Failed, climbing: Climbing): Promise<Climbed> {
  let failed = first;
  if (failed.fault === 'cut') {
    // What restarts has cut it as well, and is there again, or says that it is not.
    const again = await climbing.tryWay('websocket');
    if ('stream' in again) return { found: { ...again, way: 'websocket' }, instead: [], error: undefined };
    failed = again;
  }
  const { fault, error } = failed;
  const instead: WayNotTaken[] = [{ way: 'websocket', why: describeFault(fault, error) }];
  if (fault === 'silent' && !(await climbing.isReady())) return { found: undefined, instead, error };
  for (const way of listOthers(fault, error)) {
    const known = climbing.findFailure(way);
    const tried = known ?? (await tryOther(way, climbing));
    if (typeof tried !== 'string') return { found: { ...tried, way }, instead, error: undefined };
    if (known === undefined) climbing.noteFailure(way, tried);
    instead.push({ way, why: tried });
  }
  return { found: undefined, instead, error };
}

/** The stream, or why there is none. */
async function tryOther(way: Way, climbing: Climbing): Promise<{ stream: ByteStream } | string> {
  try {
    const tried = await climbing.tryWay(way);
    return 'stream' in tried ? tried : describeFault(tried.fault, tried.error);
  } catch (error) {
    if (hasCode(error, 'INTERRUPTED') || !(error instanceof WorkspaceError)) throw error;
    return toLine(error);
  }
}

/** The error of the first way, and a line for each other one that was tried. */
export function withOthers(error: Error, [, ...others]: WayNotTaken[]): Error {
  if (!(error instanceof WorkspaceError) || others.length === 0) return error;
  const { reason } = error;
  const lines = others.map(({ way, why }) => `${nameShort(way)} was tried instead: ${why}`);
  const all = [...(reason === undefined ? [] : [reason]), ...lines];
  return amended(error, { reason: all.join('\n') });
}
