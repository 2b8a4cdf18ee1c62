import type { Duplex } from 'node:stream';
import { failure } from '../../workspace/errors/errors.ts';
import { advice, ws } from '../../workspace/errors/suggestion.ts';
import { formatAddress, formatRemoteMapping, type RemoteMapping } from '../../workspace/forwards/mapping.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import type { OpenForward } from './open-listeners.ts';

/** Makes what this machine can reach ports of the workspace. Throws `FORWARD_FAILED` when the workspace cannot listen. */
export async function openRemotes(
  mappings: RemoteMapping[],
  connection: SshConnection,
  world: World,
  onFailure: (local: string, remote: string, error: Error) => void,
): Promise<void> {
  for (const mapping of mappings) {
    const { host, port } = mapping.local;
    const serve = (stream: Duplex) => {
      world.listeners.connect(host, port).then(
        (local) => join(stream, local),
        (error: Error) => {
          onFailure(formatAddress(host, port), describeRemote(mapping), error);
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
          advice('Choose a port above 1023 that nothing in the workspace uses'),
          ws`forward --remote ${formatRemoteMapping(mapping)}`,
        ],
        cause,
      });
    }
  }
}

/** As the table shows it: nothing listens here. */
export function toForward(mapping: RemoteMapping): OpenForward {
  const { host, port } = mapping.local;
  const info = {
    kind: 'remote' as const,
    address: host,
    port,
    remoteHost: 'localhost',
    remotePort: mapping.remote.port,
  };
  return { local: formatAddress(host, port), remote: describeRemote(mapping), wanted: 0, listener: undefined, info };
}

/** The far end of a remote forward in the table and the lines. */
function describeRemote(mapping: RemoteMapping): string {
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
