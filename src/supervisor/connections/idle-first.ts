import type { Server, Socket } from 'node:net';
import { toSource } from './admission.ts';

/**
 * Keeps a server's connections to a number. Beyond it the oldest one of the source that has most is closed, and never
 * the new one: whoever asks something is answered at once, and whoever only holds a connection makes room.
 */
export function limitConnections(server: Server, most: number): void {
  const open = new Map<Socket, string>();
  server.on('connection', (socket) => {
    open.set(socket, toSource(socket.remoteAddress));
    socket.once('close', () => open.delete(socket));
    // Without a listener an error of one connection would end the whole server.
    socket.on('error', () => undefined);
    if (open.size > most) makeRoom(open);
  });
}

function makeRoom(open: Map<Socket, string>): void {
  const bySource = Map.groupBy(open.keys(), (socket) => open.get(socket) ?? '');
  const largest = [...bySource.values()].reduce((most, sockets) => (sockets.length > most.length ? sockets : most), []);
  const [oldest] = largest;
  if (oldest === undefined) return;
  open.delete(oldest);
  oldest.destroy();
}
