import type { Duplex } from 'node:stream';

/** A server that is reached and says nothing for this long is asked anew. */
const SILENCE_MS = 3000;

/** Whether the first bytes come, which stay in the stream. From then on an error of the stream is no crash, whoever has it. */
export async function hasGreeting(stream: Duplex, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const look = () => resolve(stream.readableLength > 0);
  const fail = () => resolve(false);
  const timer = setTimeout(fail, SILENCE_MS);
  stream.on('readable', look).on('error', fail).on('close', fail);
  signal.addEventListener('abort', fail);
  try {
    return (await promise) && !signal.aborted;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', fail);
    stream.off('readable', look).off('close', fail);
    // A stream that nobody wants fails unheard.
    stream.on('error', () => undefined).off('error', fail);
  }
}
