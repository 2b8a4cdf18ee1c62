/**
 * The holder's side: one SSH connection for many clients. What becomes of one of them ends its own channel and nothing
 * else.
 */
import type { Socket } from 'node:net';
import type { SshConnection } from '../../workspace/world.ts';
import { FrameReader } from './frames.ts';
import { HeldSession } from './held-session.ts';

/** After this silence the way may have gone without a word (a closed lid): it is asked before it gets a command. */
const TRUST_MS = 5000;
const ALIVE_LIMIT_MS = 3000;

export interface HolderOptions {
  /** Ends after this time without a command. */
  idleMs: number;
  nowMs(): number;
}

export class Holder {
  readonly #connection: SshConnection;
  readonly #options: HolderOptions;
  /** Whether a client can still find the way here. */
  readonly #isReachable: () => boolean;
  readonly #sockets = new Set<Socket>();
  /** Those that were told that their command would be started, until they are gone. */
  readonly #busy = new Set<Socket>();
  readonly #ended = Promise.withResolvers<void>();
  #isOver = false;
  #idle: NodeJS.Timeout | undefined;
  /** When the workspace was last heard. */
  #heardAtMs: number;
  #asking: Promise<boolean> | undefined;

  constructor(connection: SshConnection, options: HolderOptions, isReachable: () => boolean) {
    this.#connection = connection;
    this.#options = options;
    this.#isReachable = isReachable;
    this.#heardAtMs = options.nowMs();
    this.#rest();
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  readonly end = (): void => {
    this.#isOver = true;
    clearTimeout(this.#idle);
    for (const socket of this.#sockets) socket.destroy();
    this.#ended.resolve();
  };

  admit(socket: Socket): void {
    // Before anything else: an error that nobody listens for would end this process, and with it everybody's commands.
    socket.on('error', () => undefined);
    if (this.#isOver) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    const session = new HeldSession(socket, this.#connection, {
      isTrusted: () => this.#offer(socket),
      onHeard: () => this.#hear(),
    });
    const reader = new FrameReader((kind, payload) => session.take(kind, payload));
    socket.on('data', (chunk: Buffer) => {
      try {
        reader.push(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.on('close', () => {
      session.end();
      this.#sockets.delete(socket);
      if (this.#busy.delete(socket) && this.#busy.size === 0) this.#rest();
    });
  }

  #hear(): void {
    this.#heardAtMs = this.#options.nowMs();
  }

  /** Unref'd nothing: an idle process must live until its time is over. */
  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#isOver) return;
    if (this.#isReachable()) this.#idle = setTimeout(this.end, this.#options.idleMs);
    else this.end();
  }

  async #offer(socket: Socket): Promise<boolean> {
    clearTimeout(this.#idle);
    const isTrusted = await this.#isTrusted();
    if (isTrusted && !this.#isOver && !socket.destroyed) {
      this.#busy.add(socket);
      return true;
    }
    if (this.#busy.size === 0) this.#rest();
    return false;
  }

  /** Doubt refuses the new command alone, for its client has another way; those that run have none. */
  async #isTrusted(): Promise<boolean> {
    const askedAtMs = this.#options.nowMs();
    if (askedAtMs - this.#heardAtMs <= TRUST_MS) return true;
    this.#asking ??= this.#connection.isAlive(ALIVE_LIMIT_MS).finally(() => {
      this.#asking = undefined;
    });
    if (await this.#asking) {
      this.#hear();
      return true;
    }
    // On a slow line the answer waits behind what a command that runs has sent.
    if (this.#heardAtMs > askedAtMs) return true;
    // Nobody has anything to lose: the next holder makes a better one.
    if (this.#busy.size === 0) this.end();
    return false;
  }
}
