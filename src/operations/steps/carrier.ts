import type { Duplex } from 'node:stream';
import { failure } from '../../workspace/errors.ts';
import { formatMapping, type Mapping } from '../../workspace/mapping.ts';
import type { SshConnection, World } from '../../workspace/world.ts';

/** Holds the connection of the moment; a local connection that comes while there is none waits for the next one. */
export class Carrier {
  readonly failures: { local: string; remote: string; reason: string }[] = [];
  readonly #world: World;
  readonly #signal: AbortSignal;
  connection: SshConnection | undefined;

  constructor(world: World, signal: AbortSignal) {
    this.#world = world;
    this.#signal = signal;
  }

  async open(host: string, port: number): Promise<Duplex> {
    for (let waitedMs = 0; this.connection === undefined && waitedMs < 30_000; waitedMs += 50)
      await this.#world.clock.sleep(50, this.#signal);
    if (this.connection === undefined) throw failure('CONNECTION_LOST', { message: 'The workspace is not connected' });
    return this.connection.openChannel(host, port);
  }
}

/** Makes ports of this machine ports of the workspace. Throws `FORWARD_FAILED` when the workspace cannot listen. */
export async function openRemotes(mappings: Mapping[], carrier: Carrier, world: World): Promise<void> {
  for (const mapping of mappings) {
    const serve = (stream: Duplex) => {
      world.listeners.connect('127.0.0.1', mapping.local).then(
        (local) => join(stream, local),
        (error: Error) => {
          carrier.failures.push({
            local: String(mapping.local),
            remote: String(mapping.remote.port),
            reason: error.message,
          });
          stream.destroy();
        },
      );
    };
    try {
      await carrier.connection?.forwardRemote('localhost', mapping.remote.port, serve);
    } catch (cause) {
      throw failure('FORWARD_FAILED', {
        message: `The workspace cannot listen on port ${mapping.remote.port}`,
        reason: (cause as Error).message,
        suggestions: [
          'Choose a port above 1023 that nothing in the workspace uses',
          `ws forward --remote ${formatMapping(mapping)}`,
        ],
        cause,
      });
    }
  }
}

function join(a: Duplex, b: Duplex): void {
  a.pipe(b);
  b.pipe(a);
  a.on('error', () => b.destroy());
  b.on('error', () => a.destroy());
}
