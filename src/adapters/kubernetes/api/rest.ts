/**
 * A thin REST client: JSON calls and line streams on kept-alive connections. The generated API classes load too slowly.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import { interrupted } from '../../../workspace/errors/errors.ts';
import { findExpired } from '../credentials/expiry.ts';
import { readRefusal, readText, splitLines } from './answer-body.ts';
import type { Connection, Route } from './connection.ts';
import { findRetryDelay } from './patience/busy.ts';
import type { Patience } from './patience/server-comeback.ts';
import {
  type ApiAction,
  ApiRefusal,
  type ApiStatus,
  findStatusCode,
  toApiError,
  toConnectionError,
  withExpiry,
} from './translate.ts';

/** Time for TCP and TLS, and for the head of an answer. A stream's body has no limit. */
const CONNECT_LIMIT_MS = 10_000;
const ANSWER_LIMIT_MS = 30_000;

export interface ApiRequest extends ApiAction {
  path: string;
  query?: Record<string, string | undefined>;
  /** Sent as JSON, for a patch as a merge patch. */
  body?: object;
  /** A patch that knows the lists of Kubernetes' own kinds by their keys. */
  isStrategic?: boolean;
  /** The form of the answer. Default: plain JSON. */
  accept?: string;
}

const METHODS: Record<string, string> = { create: 'POST', patch: 'PATCH', delete: 'DELETE' };

export class RestClient {
  readonly #connection: Connection;
  readonly #patience: Patience;
  #isTlsPostQuantum = false;

  constructor(connection: Connection, patience: Patience) {
    this.#connection = connection;
    this.#patience = patience;
  }

  get server(): URL {
    return this.#connection.server;
  }

  /** Of the last answer's connection; see `Cluster`. */
  get isTlsPostQuantum(): boolean {
    return this.#isTlsPostQuantum;
  }

  /** The answer's JSON document. Throws a translated error whose cause is an `ApiRefusal` when the server says no. */
  async call<T>(request: ApiRequest, signal: AbortSignal): Promise<T> {
    const response = await this.#send(request, signal);
    try {
      return JSON.parse(await readText(response)) as T;
    } catch (cause) {
      throw toConnectionError(cause, this.server, signal);
    }
  }

  /** Like `call`, but undefined when there is no such object. */
  async find<T>(request: ApiRequest, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await this.call<T>(request, signal);
    } catch (error) {
      if (findStatusCode(error) === 404) return undefined;
      throw error;
    }
  }

  /** The answer's lines as they come. Ends when the server ends it, throws `INTERRUPTED` when the signal fires. */
  async *stream(request: ApiRequest, signal: AbortSignal): AsyncGenerator<string, void, void> {
    const response = await this.#send(request, signal);
    try {
      yield* splitLines(response);
    } catch (cause) {
      throw toConnectionError(cause, this.server, signal);
    } finally {
      response.destroy();
    }
  }

  /** Runs an attempt with the user's route; a 401 asks for new credentials once. */
  async withRoute<T>(signal: AbortSignal, attempt: (route: Route) => Promise<T>): Promise<T> {
    if (signal.aborted) throw interrupted();
    const route = await this.#connection.getRoute(signal);
    try {
      return await this.#try(route, attempt);
    } catch (error) {
      if (findStatusCode(error) !== 401) throw error;
      this.#connection.renew(route);
      const renewed = await this.#connection.getRoute(signal);
      return this.#try(renewed, attempt).catch((again) => {
        if (findStatusCode(again) !== 401) throw again;
        this.#connection.renew(renewed);
        throw withExpiry(again, findExpired(renewed.headers['Authorization'], renewed.certificate, Date.now()));
      });
    }
  }

  async #try<T>(route: Route, attempt: (route: Route) => Promise<T>): Promise<T> {
    const answer = await attempt(route);
    this.#connection.confirm(route);
    this.#patience.comeback?.noteAnswer(route.server);
    return answer;
  }

  async #send(request: ApiRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
    const isRead = METHODS[request.verb] === undefined;
    return this.withPatience(signal, (route) => this.#attempt(request, route, signal), isRead);
  }

  /**
   * Like `withRoute`, and asks a busy API server again after the time that it names, and one that was there lately for
   * as long as it may be restarting.
   */
  async withPatience<T>(signal: AbortSignal, attempt: (route: Route) => Promise<T>, isRead = true): Promise<T> {
    for (let retries = 0; ; retries += 1) {
      try {
        return await this.withRoute(signal, attempt);
      } catch (error) {
        const busyMs = findRetryDelay(error, retries);
        const waitMs = busyMs ?? this.#findComeback(error, isRead);
        if (waitMs === undefined) throw error;
        await sleep(waitMs, undefined, { signal }).catch(() => {
          throw interrupted();
        });
      }
    }
  }

  #findComeback(error: unknown, isRead: boolean): number | undefined {
    if (this.#connection.usesProxy) return undefined;
    return this.#patience.comeback?.findPause(error, this.server, { isRead, nowMs: performance.now() });
  }

  async #attempt(request: ApiRequest, route: Route, signal: AbortSignal): Promise<http.IncomingMessage> {
    let response: http.IncomingMessage;
    try {
      response = await this.#patience.silent.await(this.server, open(request, route, signal));
    } catch (cause) {
      const dates = hasWrongDate(cause) ? await this.#connection.readServerDates() : undefined;
      throw toConnectionError(cause, this.server, signal, dates);
    }
    this.#isTlsPostQuantum = hasPostQuantumTls(response.socket);
    if ((response.statusCode ?? 500) < 300) return response;
    const status = toStatus(await readRefusal(response), response.headers['retry-after']);
    throw toApiError(new ApiRefusal(response.statusCode ?? 500, status), request, this.server);
  }
}

function hasWrongDate(cause: unknown): boolean {
  return ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

/**
 * The hybrids of ML-KEM are all there are in TLS (draft-ietf-tls-ecdhe-mlkem); OpenSSL names them `X25519MLKEM768` and
 * the like.
 */
function hasPostQuantumTls(socket: Socket): boolean {
  const { name } = (socket instanceof TLSSocket ? (socket.getEphemeralKeyInfo() ?? {}) : {}) as { name?: string };
  return name?.includes('MLKEM') ?? false;
}

/** Sends and waits for the answer's head. A kept connection that the server had just closed is tried again. */
function open(request: ApiRequest, route: Route, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const body = request.body === undefined ? undefined : JSON.stringify(request.body);
    const { request: start } = route.server.protocol === 'https:' ? https : http;
    const outgoing = start(toUrl(request, route.server), {
      agent: route.agent,
      signal,
      method: METHODS[request.verb] ?? 'GET',
      headers: {
        ...route.headers,
        Accept: request.accept ?? 'application/json',
        ...(body === undefined ? {} : toBodyHeaders(request, body)),
      },
    });
    const limit = limitTime(outgoing);
    outgoing.on('response', (response) => {
      clearTimeout(limit.timer);
      resolve(response);
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(limit.timer);
      if (outgoing.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted) {
        resolve(open(request, route, signal));
        return;
      }
      reject(error);
    });
    outgoing.end(body);
  });
}

/** One timer, started for the connection and again for the answer. */
function limitTime(outgoing: http.ClientRequest): { timer: NodeJS.Timeout } {
  const fail = (words: string) => () => outgoing.destroy(Object.assign(new Error(words), { code: 'ETIMEDOUT' }));
  const limit = { timer: setTimeout(fail('no connection'), CONNECT_LIMIT_MS) };
  outgoing.on('finish', () => {
    clearTimeout(limit.timer);
    limit.timer = setTimeout(fail('no answer'), ANSWER_LIMIT_MS);
  });
  return limit;
}

function toUrl(request: ApiRequest, server: URL): URL {
  const url = new URL(server);
  url.pathname = url.pathname.replace(/\/$/, '') + request.path;
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

function toBodyHeaders(request: ApiRequest, body: string): Record<string, string | number> {
  const patch = request.isStrategic === true ? 'strategic-merge-patch' : 'merge-patch';
  const type = request.verb === 'patch' ? `application/${patch}+json` : 'application/json';
  return { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) };
}

/** The refusal's `Status` document, or what else an answer has to say (a proxy's page, say). */
export function toStatus(text: string, retryAfter: string | undefined): ApiStatus {
  const words = text.trim().slice(0, 300);
  const status = parseStatus(text) ?? { isForeign: true, ...(words === '' ? {} : { message: words }) };
  // Ignore a date, because this machine's clock may be wrong.
  const retryAfterSeconds = /^\d{1,6}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  return retryAfterSeconds === undefined ? status : { ...status, details: { ...status.details, retryAfterSeconds } };
}

/** Undefined for what is no `Status`: a proxy may answer with any document. */
function parseStatus(text: string): ApiStatus | undefined {
  try {
    const status: unknown = JSON.parse(text);
    if (typeof status !== 'object' || status === null) return undefined;
    const { code, message, reason, details } = status as Record<string, unknown>;
    return {
      ...(typeof code === 'number' ? { code } : {}),
      ...(typeof message === 'string' ? { message } : {}),
      ...(typeof reason === 'string' ? { reason } : {}),
      ...(typeof details === 'object' && details !== null ? { details } : {}),
    };
  } catch {
    return undefined;
  }
}
