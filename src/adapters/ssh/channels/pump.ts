/** Moves bytes from one stream to another at the pace of the slower one. */
import type { Readable, Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/** Starts, and calls `onEnd` when the source ends. The returned function stops it and leaves the source paused. */
export function pump(from: Readable, to: Writable, onEnd: () => void): () => void {
  const onData = (chunk: Buffer) => {
    if (to.writable && !to.write(chunk)) from.pause();
  };
  const onDrain = () => from.resume();
  from.on('data', onData);
  from.on('end', onEnd);
  to.on('drain', onDrain);
  return () => {
    from.off('data', onData);
    from.off('end', onEnd);
    to.off('drain', onDrain);
    from.pause();
  };
}

/** Settles when everything written so far has left the stream, or the stream is dead. */
export function flush(to: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (!to.writable) resolve();
    else to.write('', () => resolve());
  });
}

/** Drops the rest of an abandoned channel, so that it can close. */
export function drop(channel: ClientChannel): void {
  channel.resume();
  channel.stderr.resume();
}
