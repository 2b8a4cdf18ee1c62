import type { Duplex } from 'node:stream';
import type { Endpoint } from '../../workspace/endpoint.ts';
import type { World } from '../../workspace/world.ts';
import { hasGreeting } from './greeting.ts';

/** Between tries, in milliseconds: a server takes a few of these to start. */
const PAUSE_MS = 100;

/**
 * Knocks at the SSH server of a pod whose container runs, until it greets. Kubernetes asks a starting pod once a second, and
 * says that it is ready a second later still; who waits for a prompt need not wait for that.
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
    const { cluster, clock } = this.#world;
    const { signal } = this.#end;
    const { pod, sshPort } = this.#endpoint;
    while (!signal.aborted) {
      const stream = await cluster.openPodStream(pod, sshPort, signal).catch(() => undefined);
      if (stream !== undefined && (await hasGreeting(stream, signal))) {
        this.#stream = stream;
        return;
      }
      stream?.destroy();
      await clock.sleep(PAUSE_MS, signal).catch(() => undefined);
    }
    // Ended, which is no greeting.
    await new Promise(() => undefined);
  }
}
