import { createServer, type Server, type Socket } from 'node:net';

/** As `pauseOnConnect` leaves them: nothing is read of a connection here. */
export const SOCKET_SETTINGS = { pauseOnConnect: true, allowHalfOpen: true, noDelay: true };

/** Who may wait for the server during its start. */
const MOST_WAITING = 100;

/**
 * Listens for SSH on all addresses from the first moment on. Who comes during the start waits for the server, which takes a
 * tenth of a second: a refusal would cost more, since a client would not know when to come again.
 */
export class Door {
  /** One per IP version, so that an IPv4 peer is an IPv4 address to Dropbear and in SSH_CLIENT. */
  readonly #listeners: Server[];
  readonly #waiting: Socket[] = [];
  #accept = (socket: Socket): void => this.#keepWaiting(socket);
  /** Rejects when the port cannot be had. */
  readonly listening: Promise<void>;

  constructor(port: number) {
    this.#listeners = [1, 2].map(() => createServer(SOCKET_SETTINGS, (socket) => this.#accept(socket)));
    this.listening = this.#listen(port);
    // Whoever waits for it is told.
    this.listening.catch(() => undefined);
  }

  /** The port that was asked for, or the one that was free where that was 0. */
  get port(): number {
    const address = this.#listeners[0]?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Hands over those who wait, and each who comes. */
  open(accept: (socket: Socket) => void): void {
    this.#accept = accept;
    for (const socket of this.#waiting.splice(0)) accept(socket);
  }

  close(): void {
    for (const listener of this.#listeners) listener.close();
  }

  #keepWaiting(socket: Socket): void {
    if (this.#waiting.length >= MOST_WAITING) socket.destroy();
    else this.#waiting.push(socket.on('error', () => undefined));
  }

  async #listen(port: number): Promise<void> {
    const [version4, version6] = this.#listeners as [Server, Server];
    await listen(version4, port, '0.0.0.0');
    await listen(version6, this.port, '::').catch(ignoreMissingVersion);
  }
}

/** A node without IPv6 has no such address to listen on. */
function ignoreMissingVersion(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EAFNOSUPPORT' && error.code !== 'EADDRNOTAVAIL') throw error;
}

/** Rejects when the address cannot be had. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: true, backlog: 1024 }, () => {
      server.off('error', reject);
      // A connection that could not be accepted, without descriptors or memory, is lost; the next one may be.
      server.on('error', () => undefined);
      resolve();
    });
  });
}
