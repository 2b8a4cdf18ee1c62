import type { Duplex } from 'node:stream';
import type { Endpoint } from '../../workspace/endpoint.ts';
import type { World } from '../../workspace/world.ts';

/**
 * A byte pipe to where a workspace was reached the last time, opened while the cluster is asked where it is now. A pod's name
 * is never given twice, so the guess is right or leads nowhere; nothing is sent before it has proved right.
 */
export class EarlyStream {
  readonly #guess: Promise<Endpoint | undefined>;
  /** Undefined for a guess that leads nowhere. */
  readonly #stream: Promise<Duplex | undefined>;

  constructor(workspace: string, world: World, signal: AbortSignal) {
    this.#guess = world.recent.find(workspace);
    this.#stream = this.#guess
      .then((guess) => guess && world.cluster.openPodStream(guess.pod, guess.sshPort, signal))
      .catch(() => undefined);
  }

  /** The pipe, when it leads to this endpoint; whoever takes it closes it. Undefined otherwise, and then there is none any more. */
  async take({ pod, sshPort }: Endpoint): Promise<Duplex | undefined> {
    const guess = await this.#guess;
    if (guess?.pod === pod && guess.sshPort === sshPort) return await this.#stream;
    this.drop();
    return undefined;
  }

  drop(): void {
    this.#stream.then((stream) => stream?.on('error', () => undefined).destroy());
  }
}
