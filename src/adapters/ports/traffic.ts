import type { Socket } from 'node:net';
import type { ForwardCounters } from '../../workspace/world.ts';

/**
 * Counts a listener's connections and bytes; the bytes are asked of the sockets, so that counting costs nothing per
 * chunk.
 */
export class Traffic implements ForwardCounters {
  readonly #open = new Set<Socket>();
  #closedUp = 0;
  #closedDown = 0;
  total = 0;
  failures = 0;

  add(socket: Socket): void {
    this.#open.add(socket);
    this.total += 1;
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#closedUp += socket.bytesRead;
      this.#closedDown += socket.bytesWritten;
    });
  }

  get open(): number {
    return this.#open.size;
  }

  /** From the local program to the workspace. */
  get bytesUp(): number {
    return this.#closedUp + this.#sum((socket) => socket.bytesRead);
  }

  get bytesDown(): number {
    return this.#closedDown + this.#sum((socket) => socket.bytesWritten);
  }

  destroyAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #sum(count: (socket: Socket) => number): number {
    let sum = 0;
    for (const socket of this.#open) sum += count(socket);
    return sum;
  }
}
