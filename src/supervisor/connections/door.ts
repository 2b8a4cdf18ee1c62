import { createServer, type Server, type Socket } from 'node:net';

/** Paused sockets (`pauseOnConnect`): the door reads nothing from a connection. */
export const SOCKET_SETTINGS = { pauseOnConnect: true, allowHalfOpen: true, noDelay: true };

/** One per IP version. */
interface Addresses {
  version4: string;
  version6: string;
}

const EVERYWHERE: Addresses = { version4: '0.0.0.0', version6: '::' };

/** What is in the pod, and what the API server forwards. */
export const OWN_LOOPBACK: Addresses = { version4: '127.0.0.1', version6: '::1' };

/** How many connections may wait for the server during its start. */
const MOST_WAITING = 100;

/**
 * Listens from the first moment on, for SSH on all addresses. Whoever comes during the start waits for the server,
 * which takes a tenth of a second: a refusal would cost more, since a client would not know when to come again.
 */
export class Door {
  /** One per IP version, so that an IPv4 peer is an IPv4 address to Dropbear and in SSH_CLIENT. */
  readonly #listeners: Server[];
  readonly #waiting: Socket[] = [];
  #accept = (socket: Socket): void => this.#keepWaiting(socket);
  /** Rejects when the port cannot be opened. */
  readonly listening: Promise<void>;

  constructor(port: number, addresses = EVERYWHERE) {
    this.#listeners = [1, 2].map(() => createServer(SOCKET_SETTINGS, (socket) => this.#accept(socket)));
    this.listening = this.#listen(port, addresses);
    // `listening` rejects for whoever awaits it.
    this.listening.catch(() => undefined);
  }

  /** The port we asked for, or the free one that the kernel picked for 0. */
  get port(): number {
    const address = this.#listeners[0]?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Hands over the connections that wait, then each new one. */
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

  async #listen(port: number, addresses: Addresses): Promise<void> {
    const [version4, version6] = this.#listeners as [Server, Server];
    await listen(version4, port, addresses.version4);
    await listen(version6, this.port, addresses.version6).catch(ignoreMissingVersion);
  }
}

/** A node without IPv6 has no such address to listen on. */
function ignoreMissingVersion(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EAFNOSUPPORT' && error.code !== 'EADDRNOTAVAIL') throw error;
}

/** Rejects when the address cannot be opened. */
export function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, ipv6Only: true, backlog: 1024 }, () => {
      server.off('error', reject);
      // Without descriptors or memory this connection is lost. The next one may be accepted.
      server.on('error', () => undefined);
      resolve();
    });
  });
}
