import fc from 'fast-check';
import { expect } from 'vitest';
import { Mirror } from '../../../src/adapters/kubernetes/api/mirror.ts';
import type { ApiRequest, RestClient } from '../../../src/adapters/kubernetes/api/rest.ts';
import { ApiRefusal, toApiError, toConnectionError } from '../../../src/adapters/kubernetes/api/translate.ts';
import { property } from '../property.ts';

const SERVER = new URL('https://api.test');
const REQUEST: ApiRequest = { verb: 'list', resource: 'pods', namespace: 'n', path: '/pods' };
const TIMES = { outageMs: 60_000, refusalMs: 60_000, firstRetryMs: 0, lastRetryMs: 0, watchMs: 60_000 };

type Change = { kind: 'change'; name: string; isThere: boolean };
type Trouble = { kind: 'refuse'; statusCode: number } | { kind: 'cut' | 'half' | 'end' | 'expire' | 'garbage' };

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constant('change' as const),
  name: fc.constantFrom('a', 'b', 'c'),
  isThere: fc.boolean(),
});
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ kind: fc.constant('refuse' as const), statusCode: fc.constantFrom(410, 429, 500, 502, 503, 504) }),
  fc.record({ kind: fc.constantFrom('cut' as const, 'half', 'end', 'expire', 'garbage') }),
);

/**
 * An API server in trouble: each list and each moment of a watch takes the next step; when none is left, all is well.
 */
class TroubledServer {
  readonly server = SERVER;
  readonly #steps: (Change | Trouble)[];
  readonly #objects = new Set<string>();
  /** Changes that a watch can still be told. */
  #history: { version: number; type: string; name: string }[] = [];
  #oldest = 1;
  #version = 1;
  readonly #settled = Promise.withResolvers<void>();

  constructor(steps: (Change | Trouble)[]) {
    this.#steps = [...steps];
  }

  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  get names(): string[] {
    return [...this.#objects].toSorted();
  }

  async call(): Promise<object> {
    await Promise.resolve();
    const found = this.#next();
    if (found !== undefined) throw toError(found);
    const items = [...this.#objects].map((name) => ({ metadata: { name, uid: name } }));
    return { items, metadata: { resourceVersion: String(this.#version) } };
  }

  async *stream({ query = {} }: ApiRequest, signal: AbortSignal): AsyncGenerator<string> {
    let seen = Number(query['resourceVersion']);
    while (true) {
      await Promise.resolve();
      if (seen < this.#oldest) throw toError({ kind: 'refuse', statusCode: 410 });
      for (const { version, type, name } of this.#history.filter((entry) => entry.version > seen)) {
        seen = version;
        yield JSON.stringify({ type, object: { metadata: { name, uid: name, resourceVersion: String(version) } } });
      }
      if (this.#steps.length === 0) {
        this.#settled.resolve();
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        return;
      }
      const found = this.#next();
      if (found?.kind === 'end') return;
      if (found?.kind === 'half') yield '{"type":"ADDED","obj';
      if (found?.kind === 'garbage') yield 'null';
      if (found?.kind === 'expire') yield JSON.stringify({ type: 'ERROR', object: { code: 410, message: 'too old' } });
      if (found !== undefined) throw toError(found);
    }
  }

  /** Makes a change, or tells the trouble. */
  #next(): Trouble | undefined {
    const next = this.#steps.shift();
    if (next?.kind === 'expire') {
      this.#history = [];
      this.#oldest = this.#version;
    }
    if (next?.kind !== 'change') return next;
    if (next.isThere === this.#objects.has(next.name)) return undefined;
    this.#version += 1;
    if (next.isThere) this.#objects.add(next.name);
    else this.#objects.delete(next.name);
    this.#history.push({ version: this.#version, type: next.isThere ? 'ADDED' : 'DELETED', name: next.name });
    return undefined;
  }
}

function toError(found: Trouble): Error {
  return found.kind === 'refuse'
    ? toApiError(new ApiRefusal(found.statusCode, {}), REQUEST, SERVER)
    : toConnectionError(Object.assign(new Error('cut'), { code: 'ECONNRESET' }), SERVER, undefined);
}

property(
  'whatever lists and watches come to for a while, a mirror holds what is there in the end',
  fc.array(fc.oneof(change, trouble), { maxLength: 25 }),
  async (steps) => {
    const server = new TroubledServer(steps);
    const mirror = new Mirror(server as unknown as RestClient, REQUEST, TIMES);
    const stopped = new AbortController();
    const following = mirror.follow(() => undefined, stopped.signal);
    await Promise.race([server.settled, following.then(() => Promise.reject(new Error('it ended')))]);
    expect(mirror.items.map(({ metadata }) => metadata?.name).toSorted()).toEqual(server.names);
    stopped.abort();
    await following;
  },
);
