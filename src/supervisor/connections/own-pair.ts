import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { SOCKET_SETTINGS } from './door.ts';

/** Two ends of one connection with ourselves. */
export interface Pair {
  near: Socket;
  /** The end that looks like one the door accepted. */
  far: Socket;
}

/**
 * Connects with ourselves over a loopback port that is gone again when this returns. It hangs up on anybody else who
 * came meanwhile, so the far end belongs to our own connection. Rejects when there are no descriptors or ports.
 */
export async function openPair(): Promise<Pair> {
  const arrived: Socket[] = [];
  const listener = createServer(SOCKET_SETTINGS, (socket) => {
    socket.on('error', () => undefined);
    arrived.push(socket);
    listener.emit('arrival');
  });
  // The connection itself reports later errors.
  listener.on('error', () => undefined);
  try {
    listener.listen({ port: 0, host: '127.0.0.1', backlog: 1 });
    await once(listener, 'listening');
    const near = connect({ port: (listener.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
    await once(near, 'connect');
    near.on('error', () => undefined);
    const find = () => arrived.find((socket) => socket.remotePort === near.localPort);
    while (find() === undefined) await once(listener, 'arrival');
    const far = find() as Socket;
    for (const socket of arrived) if (socket !== far) socket.destroy();
    return { near, far };
  } finally {
    listener.close();
  }
}
