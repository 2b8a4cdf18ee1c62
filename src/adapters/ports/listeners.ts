/** Local TCP ports whose connections are carried elsewhere, and the way back. */
import { connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { failure, interrupted } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { formatAddress } from '../../workspace/forwards/mapping.ts';
import type { Listeners, ListenOptions, LocalListener } from '../../workspace/world.ts';
import { bind } from './bind.ts';
import { joinStreams } from './join-streams.ts';
import { acceptSocks } from './socks.ts';
import { Traffic } from './traffic.ts';

export function createListeners(): Listeners {
  return { listen, join };
}

/** The signal ends the attempt to listen, not the listener: its owner closes it. */
async function listen(options: ListenOptions, signal: AbortSignal): Promise<LocalListener> {
  if (signal.aborted) throw interrupted();
  const traffic = new Traffic();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    traffic.add(socket);
    // Until it is joined nobody else listens for its errors.
    socket.on('error', () => undefined);
    carry(socket, options).catch((error: Error) => {
      traffic.failures += 1;
      socket.resetAndDestroy();
      options.onFailure(error);
    });
  });
  const port = await bind(server, options);
  server.on('error', options.onFailure);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      traffic.destroyAll();
    });
    return closing;
  };
  return { address: options.address, port, counters: traffic, close, [Symbol.asyncDispose]: close };
}

async function carry(socket: Socket, { target, open }: ListenOptions): Promise<void> {
  const stream = target === 'socks' ? await acceptSocks(socket, open) : await open(target.host, target.port);
  if (socket.destroyed) {
    stream.destroy();
    return;
  }
  await joinStreams(socket, stream);
}

async function join(stream: Duplex, host: string, port: number): Promise<void> {
  try {
    const socket = await connectTo(host, port);
    // It may be lost by now.
    if (stream.destroyed) socket.resetAndDestroy();
    else await joinStreams(socket, stream);
  } catch (error) {
    stream.destroy();
    throw error;
  }
}

function connectTo(host: string, port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const refuse = (cause: Error) =>
      reject(
        failure('FORWARD_FAILED', {
          message: `Nothing on this machine answers at ${formatAddress(host, port)}`,
          reason: toReason(cause, 'address'),
          cause,
        }),
      );
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.off('error', refuse);
      resolve(socket);
    });
  });
}
