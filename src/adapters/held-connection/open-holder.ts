/** Holds one SSH connection for other `ws` processes of the same user, each of which gets a session of it. */
import type { Socket } from 'node:net';
import type { SshConnection } from '../../workspace/world.ts';
import { claimSocket } from './claim-socket.ts';
import { Holder, type HolderOptions } from './holder.ts';

/** A socket that is ours. Whoever connects before `serve` waits for it. */
export interface OpenHolder {
  /** Holds the connection until it ends, stays idle, or the signal fires. The caller closes the connection. */
  serve(connection: SshConnection, options: HolderOptions, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Undefined when another process holds the socket already. A socket that nobody answers at is taken over. */
export async function openHolder(socketPath: string): Promise<OpenHolder | undefined> {
  let holder: Holder | undefined;
  const waiting = new Set<Socket>();
  const claimed = await claimSocket(socketPath, (socket) => {
    if (holder !== undefined) {
      holder.admit(socket);
      return;
    }
    // One that has given up meanwhile, and gone its own way, is forgotten.
    waiting.add(socket.on('error', () => undefined).once('close', () => waiting.delete(socket)));
  });
  if (claimed === undefined) return undefined;
  const close = () => {
    claimed.close();
    for (const socket of waiting) socket.destroy();
  };
  return {
    close,
    async serve(connection, options, signal) {
      const made = new Holder(connection, options, claimed.isOurs);
      holder = made;
      for (const socket of waiting) made.admit(socket);
      waiting.clear();
      signal.addEventListener('abort', made.end);
      if (signal.aborted) made.end();
      connection.ended.then(made.end);
      await made.ended;
      close();
    },
  };
}
