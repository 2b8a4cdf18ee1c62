import type { Duplex } from 'node:stream';

/** An SSH server greets first, and at once. */
const SILENCE_MS = 3000;

/** What comes first. Bytes stay in the stream; of one that has ended, its error says why. */
export function hearGreeting(stream: Duplex, signal: AbortSignal): Promise<'greeted' | 'silent' | 'ended'> {
  const { promise, resolve } = Promise.withResolvers<'greeted' | 'silent' | 'ended'>();
  const look = () => resolve(stream.readableLength > 0 ? 'greeted' : 'ended');
  const end = () => resolve('ended');
  const timer = setTimeout(() => resolve('silent'), SILENCE_MS);
  // An error of a stream that nobody uses yet has no listener.
  stream.on('error', () => undefined);
  stream.on('readable', look).on('close', end);
  signal.addEventListener('abort', end, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
    stream.off('readable', look).off('close', end);
  });
}
