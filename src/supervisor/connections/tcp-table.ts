import { readFile } from 'node:fs/promises';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'];

/** The two ports of a connection, as the accepted socket has them. */
export interface Ports {
  localPort?: number | undefined;
  remotePort?: number | undefined;
}

/** One end of a connection. */
interface End {
  uid: number;
  /** Bytes that have arrived and that nobody has read. */
  unread: number;
}

/** What the kernel tells of the connections of this pod, by ports. Both ends of one within the pod are in it. */
export class TcpTable {
  readonly #tables: string[];
  #reading: Promise<Map<string, End>> | undefined;
  #next: Promise<Map<string, End>> | undefined;

  constructor(tables = TABLES) {
    this.#tables = tables;
  }

  /**
   * Whose program is at the other end of a connection within the pod, by its UID; undefined where the kernel does not
   * tell. The API server's port-forward is the container runtime's, which is another user than everything in the pod.
   */
  async findPeerOwner({ localPort, remotePort }: Ports): Promise<number | undefined> {
    return (await this.#read()).get(`${remotePort}-${localPort}`)?.uid;
  }

  /** The connections that have sent nothing yet. Empty where the kernel does not say. */
  async findSilent<Connection extends Ports>(connections: Connection[]): Promise<Set<Connection>> {
    const ends = await this.#read();
    const isSilent = ({ localPort, remotePort }: Ports) => ends.get(`${localPort}-${remotePort}`)?.unread === 0;
    return new Set(connections.filter(isSilent));
  }

  /**
   * However many ask, the tables are read once at a time; one reading that has begun may have passed the row already.
   */
  async #read(): Promise<Map<string, End>> {
    this.#next ??= Promise.resolve(this.#reading).then(() => {
      this.#next = undefined;
      this.#reading = this.#readTables();
      return this.#reading;
    });
    return this.#next;
  }

  async #readTables(): Promise<Map<string, End>> {
    const ends = new Map<string, End>();
    for (const table of this.#tables) {
      const text = await readFile(table, 'latin1').catch(() => '');
      for (const [, local = '', remote = '', unread = '', uid] of text.matchAll(ROW)) {
        const ports = `${Number.parseInt(local, 16)}-${Number.parseInt(remote, 16)}`;
        ends.set(ports, { uid: Number(uid), unread: Number.parseInt(unread, 16) });
      }
    }
    return ends;
  }
}

/**
 * Both ends' ports, state 01 (established), what is to be read, and behind timer and retransmissions the UID
 * (proc_net_tcp(5)).
 */
const ROW = /^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:([0-9A-F]{4}) 01 [0-9A-F]+:([0-9A-F]+) \S+ \S+\s+(\d+) /gm;
