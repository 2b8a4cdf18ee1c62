/**
 * Carries a local TCP connection over a channel: both ways at the slower side's pace, each direction ending on its own.
 */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Settles when both are closed. A failure of one side is a reset on the other, never a clean end. */
export function joinStreams(socket: Socket, stream: Duplex): Promise<void> {
  const closed = Promise.all([onClose(socket), onClose(stream)]);
  socket.on('error', () => stream.destroy());
  stream.on('error', () => socket.resetAndDestroy());
  socket.on('close', () => stream.destroy());
  stream.on('close', () => {
    // After a clean end the socket's own end is awaited, whatever it still sends; without one, nothing more is due.
    if (stream.readableEnded) socket.unpipe(stream).resume();
    else if (!socket.destroyed) socket.resetAndDestroy();
  });
  socket.pipe(stream);
  stream.pipe(socket);
  return closed.then(() => undefined);
}

function onClose(stream: Duplex): Promise<void> {
  return new Promise((resolve) => {
    if (stream.closed) resolve();
    else stream.once('close', resolve);
  });
}
