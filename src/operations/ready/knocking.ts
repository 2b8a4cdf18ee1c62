import type { Duplex } from 'node:stream';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { World } from '../../workspace/world.ts';
import { openSshStream } from '../login/open-ssh-stream.ts';
import { hasGreeting } from './greeting.ts';

/**
 * Between the first two tries, in milliseconds, and at most between later ones: a server is there a tenth of a second
 * after its container, and where it takes longer it may take long.
 */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
const PAUSE_GROWTH = 1.5;

/**
 * Knocks at the SSH server of a pod whose container runs, until it greets. That the pod is ready is known to who
 * watches it only when the kubelet has asked and has told the API server; who waits for a prompt need not wait for
 * that.
 */
export class Knocking {
  readonly #endpoint: Endpoint;
  readonly #world: World;
  readonly #end = new AbortController();
  #stream: Duplex | undefined;
  /** Settles when the server has greeted; never before `stop` when it does not. */
  readonly greeted: Promise<void>;

  constructor(endpoint: Endpoint, world: World) {
    this.#endpoint = endpoint;
    this.#world = world;
    this.greeted = this.#knock();
  }

  /** The stream that the greeting waits in, once it is there. Whoever takes it closes it. */
  take(): Duplex | undefined {
    const stream = this.#stream;
    this.#stream = undefined;
    return stream;
  }

  stop(): void {
    this.#end.abort();
    this.#stream?.destroy();
  }

  async #knock(): Promise<void> {
    const { clock } = this.#world;
    const { signal } = this.#end;
    let pauseMs = FIRST_PAUSE_MS;
    while (!signal.aborted) {
      const stream = await openSshStream(this.#endpoint, this.#world, signal).catch(() => undefined);
      if (stream !== undefined && (await hasGreeting(stream, signal))) {
        this.#stream = stream;
        return;
      }
      stream?.destroy();
      await clock.sleep(pauseMs, signal).catch(() => undefined);
      pauseMs = Math.min(pauseMs * PAUSE_GROWTH, LONGEST_PAUSE_MS);
    }
    // The stream ended, which is no greeting.
    await new Promise(() => undefined);
  }
}
