/** Local TCP ports whose connections are carried elsewhere. */

import { connect, createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { failure, interrupted } from '../../workspace/errors/errors.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { formatAddress, formatMapping } from '../../workspace/forwards/mapping.ts';
import type { Listeners, LocalListener } from '../../workspace/world.ts';
import { bind } from './bind.ts';
import { joinStreams } from './join-streams.ts';
import { acceptSocks } from './socks.ts';
import { Traffic } from './traffic.ts';

interface Serving {
  address: string;
  port: number;
  anyFreePort: boolean;
  /** The command that does the same on another local port. */
  suggest(port: number): Suggestion;
  /** Turns an accepted connection into the stream it leads to. */
  open(socket: Socket): Promise<Duplex>;
  onFailure(error: Error): void;
}

export function createListeners(): Listeners {
  return {
    listen: (mapping, { open, ...options }, signal) =>
      serve(
        {
          ...options,
          port: mapping.local,
          suggest: (port) => ws`forward ${formatMapping({ ...mapping, local: port })}`,
          open: () => open(),
        },
        signal,
      ),
    listenSocks: ({ open, ...options }, signal) =>
      serve(
        {
          ...options,
          suggest: (port) => ws`forward --socks ${port}`,
          open: (socket) => acceptSocks(socket, open),
        },
        signal,
      ),
    connect: connectLocally,
  };
}

/** The signal ends the attempt to listen, not the listener: its owner closes it. */
async function serve(serving: Serving, signal: AbortSignal): Promise<LocalListener> {
  if (signal.aborted) throw interrupted();
  const traffic = new Traffic();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    traffic.add(socket);
    // Until it is joined nobody else listens for its errors.
    socket.on('error', () => undefined);
    carry(socket, serving).catch((error: Error) => {
      traffic.failures += 1;
      socket.resetAndDestroy();
      serving.onFailure(error);
    });
  });
  const port = await bind(server, serving);
  server.on('error', serving.onFailure);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= new Promise((resolve) => {
      server.close(() => resolve());
      traffic.destroyAll();
    });
    return closing;
  };
  return { address: serving.address, port, counters: traffic, close, [Symbol.asyncDispose]: close };
}

async function carry(socket: Socket, serving: Serving): Promise<void> {
  const stream = await serving.open(socket);
  if (socket.destroyed) {
    stream.destroy();
    return;
  }
  await joinStreams(socket, stream);
}

/** Throws `FORWARD_FAILED` when nothing listens there. */
function connectLocally(host: string, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    const refuse = (cause: Error) =>
      reject(
        failure('FORWARD_FAILED', {
          message: `Nothing on this machine answers at ${formatAddress(host, port)}`,
          reason: cause.message,
          cause,
        }),
      );
    socket.once('error', refuse);
    socket.once('connect', () => {
      socket.off('error', refuse);
      // Until it is joined nobody else listens for them.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}
