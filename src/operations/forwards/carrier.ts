import type { Duplex } from 'node:stream';
import { failure, WorkspaceError } from '../../workspace/errors/errors.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import type { Mailbox } from './mailbox.ts';

/** How long a local connection waits for a lost connection to the workspace to come back. */
const PATIENCE_MS = 30_000;

/** Holds the connection of the moment; a local connection that comes while there is none waits for the next one. */
export class Carrier {
  readonly #world: World;
  readonly #mailbox: Mailbox;
  readonly #signal: AbortSignal;
  #connection: SshConnection | undefined;
  #lossReason: string | undefined;

  constructor(world: World, mailbox: Mailbox, signal: AbortSignal) {
    this.#world = world;
    this.#mailbox = mailbox;
    this.#signal = signal;
  }

  /** Why the connection is gone; undefined while it stands. */
  get lossReason(): string | undefined {
    return this.#lossReason;
  }

  /** From now on this one carries; its loss wakes the mailbox. */
  take(connection: SshConnection): void {
    this.#connection = connection;
    this.#lossReason = undefined;
    connection.ended.then((error) => {
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      this.#lossReason = toReason(error);
      this.#mailbox.wake();
    });
  }

  async open(host: string, port: number): Promise<Duplex> {
    const deadlineMs = this.#world.clock.nowMs() + PATIENCE_MS;
    while (this.#connection === undefined && this.#world.clock.nowMs() < deadlineMs)
      await this.#world.clock.sleep(50, this.#signal);
    if (this.#connection === undefined) throw failure('CONNECTION_LOST', { message: 'The workspace is not connected' });
    return this.#connection.openChannel(host, port);
  }

  async close(): Promise<void> {
    await this.#connection?.close();
  }
}

function toReason(error: Error | undefined): string {
  if (error === undefined) return 'closed by the workspace';
  return (error instanceof WorkspaceError ? error.reason : undefined) ?? error.message;
}
