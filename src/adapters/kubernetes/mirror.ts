/** A local copy of a list of objects that a watch keeps current: one list, then only changes. Nothing is polled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { failure, hasCode } from '../../workspace/errors.ts';
import type { ApiRequest, RestClient } from './rest.ts';
import { ApiRefusal, findStatusCode, toApiError } from './translate.ts';

interface MirroredObject {
  metadata?: { name?: string; uid?: string; resourceVersion?: string };
}

interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: MirroredObject;
}

/** How long the cluster may be out of reach before a watch gives up, and between tries. */
const OUTAGE_LIMIT_MS = 30_000;
const RETRY_MS = 1_000;

export class Mirror<T extends MirroredObject> {
  readonly #rest: RestClient;
  readonly #request: ApiRequest;
  readonly #objects = new Map<string, T>();
  readonly #stopped = new AbortController();
  #version = '';

  constructor(rest: RestClient, request: ApiRequest) {
    this.#rest = rest;
    this.#request = request;
  }

  get items(): T[] {
    return [...this.#objects.values()];
  }

  /** Reads the list. Call before `follow`. */
  async load(signal: AbortSignal): Promise<void> {
    const list = await this.#rest.call<{ items: T[]; metadata: { resourceVersion: string } }>(this.#request, signal);
    this.#objects.clear();
    for (const object of list.items) this.#objects.set(toKey(object), object);
    this.#version = list.metadata.resourceVersion;
  }

  /** Applies changes until stopped or the signal fires; rejects when the cluster stays away or refuses. */
  async follow(onChange: () => void, signal: AbortSignal): Promise<void> {
    const either = AbortSignal.any([signal, this.#stopped.signal]);
    let outOfReachSinceMs: number | undefined;
    while (!either.aborted) {
      const startedAtMs = Date.now();
      try {
        await this.#watch(onChange, either);
        outOfReachSinceMs = undefined;
        // A server that ends each watch at once must not be asked in a tight loop.
        if (Date.now() - startedAtMs < RETRY_MS) await pause(either);
      } catch (error) {
        if (either.aborted) return;
        if (findStatusCode(error) === 410) {
          await this.load(either);
          onChange();
          continue;
        }
        if (!hasCode(error, 'CLUSTER_UNREACHABLE', 'CONNECTION_LOST')) throw error;
        // Only a try that failed at once counts as an outage; a watch that broke after minutes starts anew.
        if (Date.now() - startedAtMs > OUTAGE_LIMIT_MS) outOfReachSinceMs = undefined;
        outOfReachSinceMs ??= Date.now();
        if (Date.now() - outOfReachSinceMs > OUTAGE_LIMIT_MS) throw error;
        await pause(either);
      }
    }
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #watch(onChange: () => void, signal: AbortSignal): Promise<void> {
    const query = { ...this.#request.query, watch: '1', resourceVersion: this.#version, allowWatchBookmarks: 'true' };
    for await (const line of this.#rest.stream({ ...this.#request, verb: 'watch', query }, signal)) {
      if (this.#apply(parseLine(line))) onChange();
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
    this.#version = object.metadata?.resourceVersion ?? this.#version;
    if (type === 'BOOKMARK') return false;
    if (type === 'DELETED') this.#objects.delete(toKey(object));
    else this.#objects.set(toKey(object), object as T);
    return true;
  }
}

function toKey({ metadata }: MirroredObject): string {
  return metadata?.uid ?? metadata?.name ?? '';
}

/** The last line of a broken connection may be half a document. */
function parseLine(line: string): WatchLine {
  try {
    return JSON.parse(line) as WatchLine;
  } catch (cause) {
    throw failure('CONNECTION_LOST', { message: 'The watch broke off', reason: 'half a line came', cause });
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
}
