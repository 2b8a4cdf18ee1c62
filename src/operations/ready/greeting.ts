import type { Duplex } from 'node:stream';

/** When a server we reached says nothing for this long, we ask again. */
const SILENCE_MS = 3000;

/** Whether the first bytes arrive; they stay in the stream. From then on an error of the stream crashes nobody. */
export async function hasGreeting(stream: Duplex, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const look = () => resolve(stream.readableLength > 0);
  const fail = () => resolve(false);
  const timer = setTimeout(fail, SILENCE_MS);
  stream.on('readable', look).on('error', fail).on('close', fail);
  signal.addEventListener('abort', fail);
  // Whoever has looked in this moment gets no second word of it.
  if (stream.readableLength > 0) resolve(true);
  try {
    return (await promise) && !signal.aborted;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', fail);
    stream.off('readable', look).off('close', fail);
    // An error of a stream that nobody uses has no listener.
    stream.on('error', () => undefined).off('error', fail);
  }
}
