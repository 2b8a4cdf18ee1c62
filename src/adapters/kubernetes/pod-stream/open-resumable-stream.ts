/** Opens a resumable stream to a workspace's supervisor, where it offers them. */
import type { V1Pod } from '@kubernetes/client-node';
import type { ByteStream, PodStreamOptions } from '../../../workspace/byte-stream.ts';
import { interrupted } from '../../../workspace/errors/errors.ts';
import { objectRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import { type Opening, openPodStream } from './open-pod-stream.ts';
import type { PodAddress } from './pod-stream.ts';
import { ResumableStream } from './resumable-stream.ts';
import { shakeHands } from './shake-hands.ts';

/** How long the API server may take to say what became of a pod. */
const ASK_LIMIT_MS = 5000;

/** A pod on a node that is gone stays as one that is being deleted. By then nothing of it runs. */
const DELETED_MARGIN_MS = 10_000;

/**
 * A resumable stream where the options say that there may be one, else a plain one. Throws what `openPodStream` throws.
 */
export async function openStream(
  rest: RestClient,
  address: PodAddress,
  signal: AbortSignal,
  { resumePort: port, ...options }: PodStreamOptions,
): Promise<ByteStream> {
  const resumable =
    port === undefined ? undefined : await openResumableStream(rest, { ...address, port }, signal, options);
  return resumable ?? openPodStream(rest, address, signal, options);
}

/**
 * Undefined when nothing at this port speaks our frames, as in a pod with an older image. Throws what `openPodStream`
 * throws.
 */
async function openResumableStream(
  rest: RestClient,
  address: PodAddress,
  signal: AbortSignal,
  options: Opening,
): Promise<ResumableStream | undefined> {
  const carrier = await openPodStream(rest, address, signal, options);
  const heard = await shakeHands(carrier, { kind: 'start' }, signal);
  if (signal.aborted) {
    carrier.destroy();
    throw interrupted();
  }
  if (heard?.answer.kind !== 'welcome') {
    carrier.destroy();
    return undefined;
  }
  const carriers = {
    open: (until: AbortSignal, limitMs: number) => openPodStream(rest, address, until, { openLimitMs: limitMs }),
    findEnd: (until: AbortSignal) => findEnd(rest, address, until),
  };
  const stream = new ResumableStream(carriers, heard.answer);
  stream.carry(carrier, heard);
  return stream;
}

/** Throws when the API server does not say. */
async function findEnd(rest: RestClient, { namespace, pod }: PodAddress, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ASK_LIMIT_MS)]);
  const found = await rest.find<V1Pod>(objectRequest('get', 'pods', namespace, pod), limit);
  if (found === undefined) return `pod ${pod} is gone`;
  const { phase } = found.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return `pod ${pod} has ended`;
  const endMs = Date.parse(String(found.metadata?.deletionTimestamp));
  return Date.now() > endMs + DELETED_MARGIN_MS ? `pod ${pod} was deleted` : undefined;
}
