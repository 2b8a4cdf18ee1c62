/** Opens a byte pipe to a port of a pod: a WebSocket of the API server. */

import type { ClientRequest } from 'node:http';
import type { Duplex } from 'node:stream';
import WebSocket from 'ws';
import type { PodStreamOptions } from '../../../workspace/byte-stream.ts';
import { failure, interrupted } from '../../../workspace/errors/errors.ts';
import { kubectl, ws } from '../../../workspace/errors/suggestion.ts';
import { readRefusal } from '../api/answer-body.ts';
import type { Route } from '../api/connection.ts';
import { type RestClient, toStatus } from '../api/rest.ts';
import { type ApiAction, ApiRefusal, tellForeign, toApiError, toConnectionError } from '../api/translate.ts';
import { CLOSE_LIMIT_MS, type Framing, PORT_FORWARD, type PodAddress, PodStream } from './pod-stream.ts';

/** Which request to the pod opens it, and how its bytes stand in messages. */
export interface Dialect {
  subresource: string;
  query: [string, string][];
  subprotocols: string[];
  framing: Framing;
}

const OPEN_LIMIT_MS = 20_000;

export interface Opening extends Pick<PodStreamOptions, 'openLimitMs' | 'onAsked'> {
  /** How much of that the TCP connection may take; by default all of it. */
  connectLimitMs?: number;
  /** Whether a connection that was kept for the next request may be dead. */
  distrustsKept?: boolean;
}

/** A port-forward. Throws what `openSocketStream` throws. */
export function openPodStream(
  rest: RestClient,
  address: PodAddress,
  signal: AbortSignal,
  opening: Opening = {},
): Promise<Duplex> {
  const query: Dialect['query'] = [['ports', String(address.port)]];
  const dialect = { subresource: 'portforward', query, subprotocols: ['v4.channel.k8s.io'], framing: PORT_FORWARD };
  return openSocketStream(rest, address, dialect, signal, opening);
}

/**
 * Opens a stream. Throws what `RestClient` throws, and `CONNECTION_FAILED` when the opening takes longer than the
 * limit, without the time that the credentials took; the signal ends the opening only, `destroy` the stream.
 */
export function openSocketStream(
  rest: RestClient,
  address: PodAddress,
  dialect: Dialect,
  signal: AbortSignal,
  { openLimitMs = OPEN_LIMIT_MS, connectLimitMs = openLimitMs, distrustsKept = false, onAsked }: Opening = {},
): Promise<Duplex> {
  return rest.withPatience(signal, async (route) => {
    const limit = AbortSignal.timeout(openLimitMs);
    if (distrustsKept) for (const socket of Object.values(route.agent.freeSockets).flat()) socket?.destroy();
    try {
      const either = AbortSignal.any([signal, limit]);
      return await connect(route, { ...dialect, address }, either, { connectLimitMs, onAsked });
    } catch (error) {
      if (!limit.aborted || signal.aborted) throw error;
      throw failure('CONNECTION_FAILED', {
        message: `No stream to pod ${address.pod} can be opened`,
        // Kubernetes calls a pod ready for as long as nobody tells it otherwise, and then nobody can.
        reason: `the API server has not opened it within ${openLimitMs / 1000} s; the pod's node or its container runtime may not answer`,
        suggestions: [ws`status`, { ...kubectl`get nodes`, note: "shows whether the pod's node is ready" }],
        cause: error,
      });
    }
  });
}

type Target = Dialect & { address: PodAddress };

function connect(
  route: Route,
  target: Target,
  signal: AbortSignal,
  { connectLimitMs = OPEN_LIMIT_MS, onAsked }: Opening,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const encrypted = route.server.protocol === 'https:';
    const socket = new WebSocket(toUrl(route.server, target), target.subprotocols, {
      agent: route.agent,
      headers: route.headers as Record<string, string>,
      perMessageDeflate: false,
      skipUTF8Validation: true,
      maxPayload: 64 * 1024 * 1024,
      handshakeTimeout: OPEN_LIMIT_MS,
      closeTimeout: CLOSE_LIMIT_MS,
      finishRequest(request) {
        limitConnecting(request, connectLimitMs);
        request.end(onAsked);
      },
      // Masking protects shared plain-text proxies from what a web page may send. Under TLS there is no proxy to
      // protect, and a mask of zeros lets `ws` hand our bytes to the socket untouched.
      ...(encrypted ? { generateMask: (mask: Buffer) => void mask.fill(0) } : {}),
    } as WebSocket.ClientOptions);
    // Listening starts now: the server's first messages may arrive together with its handshake.
    const stream = new PodStream(socket, target.address, target.framing);
    const abort = () => {
      stream.destroy();
      reject(interrupted());
    };
    signal.addEventListener('abort', abort, { once: true });
    const settle = () => signal.removeEventListener('abort', abort);
    socket.once('open', () => {
      settle();
      stream.off('error', fail);
      // The server's next words, perhaps an error, wait until the caller reads. By then it listens for errors too.
      socket.pause();
      resolve(stream);
    });
    const fail = (cause: Error) => {
      settle();
      reject(toConnectionError(cause, route.server, signal));
    };
    stream.once('error', fail);
    socket.once('unexpected-response', async (request, response) => {
      // Or Node's agent would keep the connection that ends below, and hand it to whoever asks next.
      request.shouldKeepAlive = false;
      const text = await readRefusal(response);
      response.destroy();
      settle();
      const status = toStatus(text, response.headers['retry-after']);
      reject(toRefusedStream(new ApiRefusal(response.statusCode ?? 500, status), target, route.server));
      stream
        .off('error', fail)
        .on('error', () => undefined)
        .destroy();
    });
  });
}

/** Through a proxy the socket is connected when the request gets it. */
function limitConnecting(request: ClientRequest, limitMs: number): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const late = () => request.destroy(Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' }));
    const timer = setTimeout(late, limitMs);
    for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(timer));
  });
}

function toUrl(server: URL, { address: { namespace, pod }, subresource, query }: Target): URL {
  const url = new URL(server);
  url.protocol = server.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/namespaces/${namespace}/pods/${pod}/${subresource}`;
  for (const [name, value] of query) url.searchParams.append(name, value);
  return url;
}

function toRefusedStream(
  refusal: ApiRefusal,
  { address: { namespace, pod }, subresource }: Target,
  server: URL,
): Error {
  // Both are needed, and the answer says which one is missing.
  const verb = /cannot get resource/.test(refusal.message) ? 'get' : 'create';
  const action: ApiAction = { verb, resource: `pods/${subresource}`, namespace };
  const isForeign = refusal.statusCode === 403 && refusal.status.isForeign === true;
  if ([401, 403].includes(refusal.statusCode) && !isForeign) return toApiError(refusal, action, server);
  return failure('CONNECTION_FAILED', {
    message: `No stream to pod ${pod} can be opened`,
    reason: isForeign ? tellForeign(refusal) : refusal.message,
    suggestions: [ws`status`],
    cause: refusal,
    // What stands before the API server says no: 400, 403, 426. A gateway's 502 may pass.
    isLasting: refusal.status.isForeign === true && refusal.statusCode < 500,
  });
}
