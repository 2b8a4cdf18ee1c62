import type { Duplex } from 'node:stream';
import { failure, hasCode } from '../../workspace/errors/errors.ts';
import type { Clock, SshConnection } from '../../workspace/world.ts';

/** The part of a connection that a carrier needs. */
type Carriage = Pick<SshConnection, 'openChannel' | 'ended'>;

/**
 * Carries forwards over the connection of the moment, which may come late, be lost and be replaced. A stream that is
 * wanted meanwhile waits for the next connection.
 */
export class Carrier {
  readonly #clock: Clock;
  readonly #patienceMs: number;
  #connection: Carriage | undefined;
  #next = Promise.withResolvers<Carriage>();
  #hadOne = false;

  /** `patienceMs` is how long a stream waits for a connection: 0 is not at all, Infinity as long as it takes. */
  constructor(clock: Clock, patienceMs: number) {
    this.#clock = clock;
    this.#patienceMs = patienceMs;
  }

  /** From now on this connection carries, until it ends. Streams of an earlier one stay with that. */
  take(connection: Carriage): void {
    this.#connection = connection;
    this.#hadOne = true;
    this.#next.resolve(connection);
    this.#next = Promise.withResolvers();
    connection.ended.then(() => {
      if (this.#connection === connection) this.#connection = undefined;
    });
  }

  /** Refuses everybody who waits: no other connection will come. */
  end(): void {
    this.#connection = undefined;
    this.#next.promise.catch(() => undefined);
    this.#next.reject(this.#toAbsence());
  }

  /**
   * A stream to an address as the pod sees it. Throws `WORKSPACE_NOT_READY` or `CONNECTION_LOST` when patience is over.
   */
  async openChannel(host: string, port: number): Promise<Duplex> {
    for (;;) {
      const connection = this.#connection ?? (await this.#within(this.#next.promise));
      try {
        return await connection.openChannel(host, port);
      } catch (error) {
        if (this.#patienceMs === 0 || !hasCode(error, 'CONNECTION_LOST')) throw error;
        // Nothing was carried yet, so the next connection can do it.
        await this.#within(connection.ended);
      }
    }
  }

  async #within<Value>(awaited: Promise<Value>): Promise<Value> {
    if (this.#patienceMs === 0) throw this.#toAbsence();
    if (this.#patienceMs === Number.POSITIVE_INFINITY) return awaited;
    const waiting = new AbortController();
    const late = this.#clock.sleep(this.#patienceMs, waiting.signal).then(() => {
      throw this.#toAbsence();
    });
    try {
      return await Promise.race([awaited, late]);
    } finally {
      waiting.abort();
    }
  }

  #toAbsence() {
    return this.#hadOne
      ? failure('CONNECTION_LOST', { message: 'The workspace is not connected' })
      : failure('WORKSPACE_NOT_READY', { message: 'The workspace is not ready yet' });
  }
}
