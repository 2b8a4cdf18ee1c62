/** Makes a resumable stream of a carrier on which a supervisor answered. */
import type { Duplex } from 'node:stream';
import type { V1Pod } from '@kubernetes/client-node';
import { objectRequest } from '../api/requests.ts';
import type { RestClient } from '../api/rest.ts';
import type { Carriers } from './come-back.ts';
import type { PodAddress } from './pod-stream.ts';
import { ResumableStream } from './resumable-stream.ts';
import type { Handshake } from './shake-hands.ts';

/** How long the API server may take to say what became of a pod. */
const ASK_LIMIT_MS = 5000;

/** A pod on a node that is gone stays as one that is being deleted. By then nothing of it runs. */
const DELETED_MARGIN_MS = 10_000;

/** `open` opens the next carriers. */
export function carryOn(
  rest: RestClient,
  address: PodAddress,
  { carrier, heard }: { carrier: Duplex; heard: Handshake & { answer: { kind: 'welcome' } } },
  open: Carriers['open'],
): ResumableStream {
  const findEnd = (until: AbortSignal) => findPodEnd(rest, address, until);
  const stream = new ResumableStream({ open, findEnd }, heard.answer);
  stream.carry(carrier, heard);
  return stream;
}

/** Why a pod will never serve again; undefined while it may. Throws when the API server does not say. */
async function findPodEnd(rest: RestClient, { namespace, pod }: PodAddress, signal: AbortSignal) {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ASK_LIMIT_MS)]);
  const found = await rest.find<V1Pod>(objectRequest('get', 'pods', namespace, pod), limit);
  if (found === undefined) return `pod ${pod} is gone`;
  const { phase } = found.status ?? {};
  if (phase === 'Failed' || phase === 'Succeeded') return `pod ${pod} has ended`;
  const endMs = Date.parse(String(found.metadata?.deletionTimestamp));
  return Date.now() > endMs + DELETED_MARGIN_MS ? `pod ${pod} was deleted` : undefined;
}
