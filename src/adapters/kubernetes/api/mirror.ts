/** A local copy of a list of objects that a watch keeps current: one list, then only changes. Nothing is polled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, hasCode } from '../../../workspace/errors/errors.ts';
import type { ApiRequest, RestClient } from './rest.ts';
import { ApiRefusal, findStatusCode, toApiError } from './translate.ts';

interface MirroredObject {
  metadata?: { name?: string; uid?: string; resourceVersion?: string };
}

interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: MirroredObject;
}

export interface MirrorTimes {
  /** How long the cluster may be out of reach before a watch gives up. An upgrade of a control plane takes less. */
  outageMs: number;
  /** How long it may refuse in an outage. A server that has just started does not know all rights yet. */
  refusalMs: number;
  /** Between tries, doubling from the first to the last. */
  firstRetryMs: number;
  lastRetryMs: number;
  /**
   * The server ends a watch after this long and we open the next one. So we notice a dead connection that says nothing.
   */
  watchMs: number;
}

const TIMES: MirrorTimes = {
  outageMs: 300_000,
  refusalMs: 30_000,
  firstRetryMs: 1000,
  lastRetryMs: 10_000,
  watchMs: 240_000,
};

/** Extra time for the server to end a watch by itself and for its last words to arrive. */
const GRACE_MS = 20_000;

/** A try that took longer than any connection or answer may take was a working watch in which nothing happened. */
const CARRIED_MS = 45_000;

/** We keep at most this many objects of one list and drop the oldest first. */
const MOST_OBJECTS = 1000;

export class Mirror<T extends MirroredObject> {
  readonly #rest: RestClient;
  readonly #request: ApiRequest;
  readonly #times: MirrorTimes;
  readonly #objects = new Map<string, T>();
  readonly #stopped = new AbortController();
  /** Where the watch goes on; undefined when the list has to be read first. */
  #version: string | undefined;
  /** When the outage began. */
  #outage: { sinceMs: number; tries: number } | undefined;

  constructor(rest: RestClient, request: ApiRequest, times: MirrorTimes = TIMES) {
    this.#rest = rest;
    this.#request = request;
    this.#times = times;
  }

  get items(): T[] {
    return [...this.#objects.values()];
  }

  /** Reads the list. `follow` does it where nobody has. */
  async load(signal: AbortSignal): Promise<void> {
    const list = await this.#rest.call<{ items: T[] | null; metadata: { resourceVersion: string } }>(
      this.#request,
      signal,
    );
    this.#objects.clear();
    for (const object of list.items ?? []) this.#keep(object);
    this.#version = list.metadata.resourceVersion;
  }

  /** Applies changes until stopped or the signal fires; rejects when the cluster stays away or refuses. */
  async follow(onChange: () => void, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#stopped.signal]);
    while (!either.aborted) {
      const startedAtMs = performance.now();
      try {
        if (this.#version === undefined) {
          await this.load(either);
          onChange();
        }
        await this.#watch(onChange, either);
        this.#outage = undefined;
      } catch (error) {
        if (either.aborted) return;
        if (findStatusCode(error) === 410) this.#version = undefined;
        else this.#bear(error, startedAtMs);
      }
      // A server that ends each watch at once must not be asked in a tight loop.
      if (performance.now() - startedAtMs < this.#times.firstRetryMs) await this.#pause(either);
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** Adds a failure to the outage. Throws it when the outage lasts too long, or when the failure will not pass. */
  #bear(error: unknown, startedAtMs: number): void {
    const nowMs = performance.now();
    const { outageMs, refusalMs } = this.#times;
    const isAway = hasCode(error, 'CLUSTER_UNREACHABLE', 'CONNECTION_LOST');
    const isRefused = this.#outage !== undefined && hasCode(error, 'NOT_PERMITTED', 'CREDENTIALS_REJECTED');
    if (!isAway && !isRefused) throw error;
    if (nowMs - startedAtMs > CARRIED_MS) this.#outage = undefined;
    this.#outage ??= { sinceMs: nowMs, tries: 0 };
    if (nowMs - this.#outage.sinceMs > (isAway ? outageMs : refusalMs)) throw error;
  }

  async #watch(onChange: () => void, signal: AbortSignal): Promise<void> {
    const { watchMs } = this.#times;
    const limit = AbortSignal.timeout(watchMs + GRACE_MS);
    const query = {
      ...this.#request.query,
      watch: '1',
      resourceVersion: this.#version,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(Math.ceil(watchMs / 1000)),
    };
    const request = { ...this.#request, verb: 'watch', query };
    try {
      for await (const line of this.#rest.stream(request, AbortSignal.any([signal, limit]))) {
        if (this.#apply(parseLine(line))) onChange();
      }
    } catch (error) {
      // The server has been silent for too long and has not even ended the watch. Try another connection.
      if (!limit.aborted || signal.aborted) throw error;
    }
  }

  /** True when the list changed. */
  #apply({ type, object }: WatchLine): boolean {
    if (type === 'ERROR') {
      const status = object as { code?: number; message?: string };
      throw toApiError(
        new ApiRefusal(status.code ?? 500, status),
        { ...this.#request, verb: 'watch' },
        this.#rest.server,
      );
    }
    this.#outage = undefined;
    this.#version = object.metadata?.resourceVersion ?? this.#version;
    if (type === 'BOOKMARK') return false;
    if (type === 'DELETED') this.#objects.delete(toKey(object));
    else this.#keep(object as T);
    return true;
  }

  #keep(object: T): void {
    this.#objects.set(toKey(object), object);
    const [oldest] = this.#objects.size > MOST_OBJECTS ? this.#objects.keys() : [];
    if (oldest !== undefined) this.#objects.delete(oldest);
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { firstRetryMs, lastRetryMs } = this.#times;
    const tries = this.#outage?.tries ?? 0;
    if (this.#outage !== undefined) this.#outage.tries += 1;
    await sleep(Math.min(firstRetryMs * 2 ** tries, lastRetryMs), undefined, { signal }).catch(() => undefined);
  }
}

function toKey({ metadata }: MirroredObject): string {
  return metadata?.uid ?? metadata?.name ?? '';
}

/** The last line of a broken connection may be half a document. */
function parseLine(line: string): WatchLine {
  try {
    const parsed = JSON.parse(line) as Partial<WatchLine> | null;
    if (typeof parsed?.object === 'object' && parsed.object !== null) return parsed as WatchLine;
    throw new Error('a line is no event');
  } catch (cause) {
    throw failure('CONNECTION_LOST', { message: 'The watch broke off', reason: 'half a line came', cause });
  }
}
