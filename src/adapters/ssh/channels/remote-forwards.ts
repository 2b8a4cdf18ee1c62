/** Ports that the server listens on for us (RFC 4254 §7): which connection belongs to whom. */
import type { Duplex } from 'node:stream';
import type { Channel, TcpConnectionDetails } from 'ssh2';
import { failure } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import { formatAddress } from '../../../workspace/forwards/mapping.ts';
import type { SshConnection } from '../../../workspace/world.ts';
import { ask, type Link } from '../link.ts';
import { ChannelStream } from './channel-stream.ts';

/** Throws `FORWARD_FAILED` when the server cannot listen there. */
export function createRemoteForwards(link: Link): SshConnection['forwardRemote'] {
  const handlers = new Map<string, (stream: Duplex) => void>();
  link.client.on('tcp connection', (details: TcpConnectionDetails, accept: () => Channel, reject: () => void) => {
    const handler = handlers.get(formatAddress(details.destIP, details.destPort));
    if (handler === undefined) reject();
    else handler(new ChannelStream(accept(), link.findLoss));
  });
  return async (host, port, onConnection) => {
    const real = await ask<number>(
      link,
      (client, done) =>
        client.forwardIn(host, port, (error, got = port) => {
          // At once: the first connection may stand behind the answer.
          if (error === undefined) handlers.set(formatAddress(host, got), onConnection);
          done(error, got);
        }),
      (cause) => toFailure(host, port, cause),
    );
    return {
      port: real,
      close: async () => {
        if (handlers.delete(formatAddress(host, real))) await stopListening(link, host, real);
      },
    };
  };
}

async function stopListening(link: Link, host: string, port: number): Promise<void> {
  if (link.findLoss() !== undefined) return;
  try {
    await ask<void>(
      link,
      (client, done) => client.unforwardIn(host, port, (error) => done(error ?? undefined, undefined)),
      (error) => error,
    );
  } catch {
    // It went with the connection, or was never there. Either way nobody listens for us.
  }
}

function toFailure(host: string, port: number, cause: Error) {
  return failure('FORWARD_FAILED', {
    message: `The workspace cannot listen on ${formatAddress(host, port)}`,
    reason:
      port > 0 && port < 1024
        ? 'ports below 1024 are for root, and nothing there runs as root'
        : 'the port is taken there',
    suggestions: [{ ...ws`ssh -- ss -ltn`, again: { verb: 'other' } }],
    cause,
  });
}
