/** Moves bytes from one stream to another at the pace of the slower one. */
import type { Readable, Writable } from 'node:stream';
import type { ClientChannel } from 'ssh2';

/** Starts; `onEnd` is called when the source ends. The function that comes back stops it and leaves the source paused. */
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

/** Settles when everything written so far has been handed on, or the stream is beyond hope. */
export function flush(to: Writable): Promise<void> {
  return new Promise((resolve) => {
    if (!to.writable) resolve();
    else to.write('', () => resolve());
  });
}

/** Lets the rest of an abandoned channel flow away, so that it can close. */
export function drop(channel: ClientChannel): void {
  channel.resume();
  channel.stderr.resume();
}
