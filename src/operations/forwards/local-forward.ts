import type { Duplex } from 'node:stream';
import { failure } from '../../workspace/errors/errors.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { LocalListener, World } from '../../workspace/world.ts';

const ADDRESS = '127.0.0.1';

/** A local port that leads to the workspace's SSH server, for other clients while `ws` is connected. */
export class LocalForward {
  readonly #world: World;
  readonly #life = new AbortController();
  #endpoint: Endpoint | undefined;
  listener: LocalListener | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  /** Takes the port now; connections that come before `lead` are refused. Throws `LOCAL_PORT_TAKEN`. */
  async listen(wanted: { port: number; anyFreePort: boolean }, signal: AbortSignal): Promise<LocalListener> {
    const mapping = { local: wanted.port, remote: { host: 'localhost', port: 0 } };
    const options = {
      address: ADDRESS,
      anyFreePort: wanted.anyFreePort,
      open: () => this.#open(),
      onFailure: () => undefined,
    };
    this.listener = await this.#world.listeners.listen(mapping, options, signal);
    return this.listener;
  }

  /** From now on connections go there. */
  lead(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
  }

  async #open(): Promise<Duplex> {
    if (this.#endpoint === undefined)
      throw failure('WORKSPACE_NOT_READY', { message: 'The workspace is not ready yet' });
    return this.#world.cluster.openPodStream(this.#endpoint.pod, this.#endpoint.sshPort, this.#life.signal);
  }
}
