import type { Duplex } from 'node:stream';
import { failure } from '../../workspace/errors.ts';
import { formatAddress, formatMapping, type Mapping } from '../../workspace/mapping.ts';
import type { SshConnection, World } from '../../workspace/world.ts';

/** Makes ports of this machine ports of the workspace. Throws `FORWARD_FAILED` when the workspace cannot listen. */
export async function openRemotes(
  mappings: Mapping[],
  connection: SshConnection,
  world: World,
  onFailure: (local: string, remote: string, error: Error) => void,
): Promise<void> {
  for (const mapping of mappings) {
    const serve = (stream: Duplex) => {
      world.listeners.connect('127.0.0.1', mapping.local).then(
        (local) => join(stream, local),
        (error: Error) => {
          onFailure(formatAddress('127.0.0.1', mapping.local), describeRemote(mapping), error);
          stream.destroy();
        },
      );
    };
    try {
      await connection.forwardRemote('localhost', mapping.remote.port, serve);
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

/** The far end of a remote forward in the table and the lines. */
export function describeRemote(mapping: Mapping): string {
  return `workspace port ${mapping.remote.port}`;
}

/** Each direction ends on its own; a failure of one side is no clean end for the other. */
function join(a: Duplex, b: Duplex): void {
  a.pipe(b);
  b.pipe(a);
  a.on('error', () => b.destroy());
  b.on('error', () => a.destroy());
  a.on('close', () => a.readableEnded || b.destroy());
  b.on('close', () => b.readableEnded || a.destroy());
}
