/** Tries one way to a port of a pod, up to the first sign of the server there: an open connection says nothing yet. */
import type { Duplex } from 'node:stream';
import type { ByteStream, PodStreamOptions } from '../../../workspace/byte-stream.ts';
import { failure, hasCode, interrupted } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import type { Way } from '../../../workspace/ways/ways.ts';
import type { RestClient } from '../api/rest.ts';
import type { Carriers } from '../pod-stream/come-back.ts';
import type { Opening } from '../pod-stream/open-pod-stream.ts';
import { carryOn } from '../pod-stream/open-resumable-stream.ts';
import type { PodAddress } from '../pod-stream/pod-stream.ts';
import { shakeHands } from '../pod-stream/shake-hands.ts';
import { hearGreeting } from './hear-greeting.ts';
import { type Fault, findFault } from './way-faults.ts';

export type Tried = { stream: ByteStream } | Failed;

/** What another way may mend. */
export interface Failed {
  fault: Fault;
  error: Error | undefined;
}

export interface WayTools {
  rest: RestClient;
  open(way: Way, address: PodAddress, signal: AbortSignal, opening: Opening): Promise<Duplex>;
  /** Opens the next carriers of a resumable stream that began on this way. */
  toCarriers(way: Way, address: PodAddress): Carriers['open'];
}

/**
 * A resumable stream where the options say that there may be one, else a plain one. Throws what is wrong on every way.
 */
export async function tryWay(
  way: Way,
  address: PodAddress,
  signal: AbortSignal,
  options: PodStreamOptions,
  tools: WayTools,
): Promise<Tried> {
  const { resumePort: port, speaksFirst, openLimitMs, onAsked } = options;
  const opening = {
    ...(openLimitMs === undefined ? {} : { openLimitMs }),
    ...(onAsked === undefined ? {} : { onAsked }),
  };
  try {
    const begun = port === undefined ? undefined : await begin(way, { ...address, port }, signal, opening, tools);
    if (begun !== undefined) return begun;
    const stream = await tools.open(way, address, signal, opening);
    // A server that offered to resume, on the first way, need not prove itself again.
    const isProven = way === 'websocket' && port !== undefined;
    return speaksFirst !== true || isProven ? { stream } : await hear(stream, address, signal);
  } catch (error) {
    const fault = signal.aborted ? undefined : findFault(error);
    if (fault === undefined) throw error;
    return { fault, error: error as Error };
  }
}

/** Undefined when nothing at this port speaks our frames, as in a pod with an older image. */
async function begin(
  way: Way,
  address: PodAddress,
  signal: AbortSignal,
  opening: Opening,
  { rest, open, toCarriers }: WayTools,
): Promise<Tried | undefined> {
  const carrier = await open(way, address, signal, opening);
  const heard = await shakeHands(carrier, { kind: 'start' }, signal);
  if (signal.aborted) {
    carrier.destroy();
    throw interrupted();
  }
  if ('fault' in heard) return heard.fault === 'other' ? undefined : { fault: heard.fault, error: undefined };
  const { answer, rest: behind } = heard;
  if (answer.kind === 'welcome') {
    const begun = { carrier, heard: { answer, rest: behind } };
    return { stream: carryOn(rest, address, begun, toCarriers(way, address)) };
  }
  carrier.destroy();
  return undefined;
}

async function hear(stream: Duplex, { pod }: PodAddress, signal: AbortSignal): Promise<Tried> {
  const heard = await hearGreeting(stream, signal);
  if (heard === 'greeted') return { stream };
  const { errored } = stream;
  stream.destroy();
  if (signal.aborted) throw interrupted();
  if (heard === 'silent') return { fault: 'silent', error: undefined };
  if (hasCode(errored, 'CONNECTION_LOST')) return { fault: 'cut', error: errored };
  throw (
    errored ??
    failure('CONNECTION_FAILED', { message: `No SSH server answers in pod ${pod}`, suggestions: [ws`status`] })
  );
}
