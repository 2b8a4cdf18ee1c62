import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/**
 * Whose program is at the other end of a connection within the pod. The kernel tells it of each end: the API server's
 * port-forward is the container runtime's, which is another user than everything in the pod.
 */
export class PeerOwners {
  readonly #tables: string[];
  #reading: Promise<Map<string, number>> | undefined;
  #next: Promise<Map<string, number>> | undefined;

  constructor(tables = TABLES) {
    this.#tables = tables;
  }

  /** The peer's UID, or undefined where the kernel does not tell. However many ask, the tables are read once at a time. */
  async find(socket: Pick<Socket, 'localPort' | 'remotePort'>): Promise<number | undefined> {
    const { localPort, remotePort } = socket;
    // A reading that has begun may have passed the row already.
    this.#next ??= Promise.resolve(this.#reading).then(() => {
      this.#next = undefined;
      this.#reading = this.#read();
      return this.#reading;
    });
    return (await this.#next).get(`${remotePort}-${localPort}`);
  }

  async #read(): Promise<Map<string, number>> {
    const owners = new Map<string, number>();
    for (const table of this.#tables) {
      const text = await readFile(table, 'latin1').catch(() => '');
      for (const [, local = '', remote = '', uid] of text.matchAll(ROW))
        owners.set(`${Number.parseInt(local, 16)}-${Number.parseInt(remote, 16)}`, Number(uid));
    }
    return owners;
  }
}

/** Both ends' ports, state 01 (established), and behind queues, timer and retransmissions the UID (proc_net_tcp(5)). */
const ROW = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) 01 \S+ \S+ \S+\s+(\d+) /gm;
