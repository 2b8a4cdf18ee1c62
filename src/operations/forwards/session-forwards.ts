import type { Duplex } from 'node:stream';
import {
  formatAddress,
  type Mapping,
  type RemoteMapping,
  type SocksMapping,
} from '../../workspace/forwards/mapping.ts';
import type { LocalListener, SshConnection, World } from '../../workspace/world.ts';
import { openRemotes } from './open-remotes.ts';

/** What a session carries beside itself, as ssh's -L, -R and -D. */
export interface SessionForwardChoice {
  mappings: Mapping[];
  remoteMappings: RemoteMapping[];
  socks: SocksMapping[];
  /** A connection that could not be carried; the session goes on. */
  onFailure(local: string, remote: string, error: Error): void;
}

const LOCAL_ADDRESS = '127.0.0.1';

/** Forwards that live as long as one session. The caller closes them. */
export class SessionForwards {
  readonly #choice: SessionForwardChoice;
  readonly #world: World;
  readonly #listeners: LocalListener[] = [];
  readonly #connection = Promise.withResolvers<SshConnection>();

  constructor(choice: SessionForwardChoice, world: World) {
    this.#choice = choice;
    this.#world = world;
  }

  /** Takes the local ports, before anything is asked of the cluster. Throws `LOCAL_PORT_TAKEN`, and leaves none taken then. */
  async listen(signal: AbortSignal): Promise<void> {
    const { mappings, socks } = this.#choice;
    try {
      for (const mapping of mappings) {
        const { host, port } = mapping.remote;
        const options = this.#toOptions(mapping.address, mapping.local, formatAddress(host, port));
        const open = () => this.#open(host, port);
        this.#listeners.push(await this.#world.listeners.listen(mapping, { ...options, open }, signal));
      }
      for (const { address, port } of socks) {
        const options = { ...this.#toOptions(address, port, 'SOCKS'), port };
        const open = (host: string, to: number) => this.#open(host, to);
        this.#listeners.push(await this.#world.listeners.listenSocks({ ...options, open }, signal));
      }
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** From now on this connection carries them. Throws `FORWARD_FAILED` when the workspace cannot listen. */
  async start(connection: SshConnection): Promise<void> {
    const { remoteMappings, onFailure } = this.#choice;
    await openRemotes(remoteMappings, connection, this.#world, onFailure);
    this.#connection.resolve(connection);
  }

  async close(): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener.close()));
  }

  #toOptions(address = LOCAL_ADDRESS, local: number, remote: string) {
    const onFailure = (error: Error) => this.#choice.onFailure(formatAddress(address, local), remote, error);
    return { address, anyFreePort: false, onFailure };
  }

  async #open(host: string, port: number): Promise<Duplex> {
    return (await this.#connection.promise).openChannel(host, port);
  }
}
