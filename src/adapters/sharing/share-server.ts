/** Lends one SSH connection to other `ws` processes of the same user, a session to each. */
import type { Socket } from 'node:net';
import type { SshConnection } from '../../workspace/world.ts';
import { claimSocket } from './claim-socket.ts';
import { Lender, type ShareOptions } from './lender.ts';

/** A socket that is ours. Whoever connects before `serve` waits for it. */
export interface OpenShare {
  /** Lends the connection until it ends, stays idle, or the signal fires. The caller closes the connection. */
  serve(connection: SshConnection, options: ShareOptions, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** Undefined when another process holds the socket already. A socket that nobody answers at is taken over. */
export async function openShare(socketPath: string): Promise<OpenShare | undefined> {
  let lender: Lender | undefined;
  const waiting = new Set<Socket>();
  const claimed = await claimSocket(socketPath, (socket) => {
    if (lender !== undefined) {
      lender.lend(socket);
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
      const made = new Lender(connection, options, claimed.isOurs);
      lender = made;
      for (const socket of waiting) made.lend(socket);
      waiting.clear();
      signal.addEventListener('abort', made.end);
      if (signal.aborted) made.end();
      connection.ended.then(made.end);
      await made.ended;
      close();
    },
  };
}
