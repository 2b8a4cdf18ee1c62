import type { Duplex } from 'node:stream';

/**
 * ssh2 writes each packet by itself. What it writes within one turn goes out as one here, if the stream can
 * (`_writev`): an upload takes a quarter less of the processor over a plain socket, and fewer frames where each write
 * is one.
 */
export function gatherWrites(stream: Duplex): void {
  const write = stream.write.bind(stream) as (...values: unknown[]) => boolean;
  let isGathering = false;
  stream.write = (...values: unknown[]) => {
    if (!isGathering) {
      isGathering = true;
      stream.cork();
      process.nextTick(() => {
        isGathering = false;
        stream.uncork();
      });
    }
    return write(...values);
  };
}
