/** Ports that the server listens on for us (RFC 4254 §7): which connection belongs to whom. */

import type { Duplex } from 'node:stream';
import type { Channel, TcpConnectionDetails } from 'ssh2';
import { failure } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import { formatAddress } from '../../../workspace/forwards/mapping.ts';
import { ask, type Link } from '../link.ts';
import { ChannelStream } from './channel-stream.ts';

type OnConnection = (stream: Duplex) => void;

export class RemoteForwards {
  readonly #link: Link;
  readonly #handlers = new Map<string, OnConnection>();

  constructor(link: Link) {
    this.#link = link;
    link.client.on('tcp connection', (details: TcpConnectionDetails, accept: () => Channel, reject: () => void) => {
      const handler = this.#handlers.get(formatAddress(details.destIP, details.destPort));
      if (handler === undefined) reject();
      else handler(new ChannelStream(accept(), link.findLoss));
    });
  }

  /** Throws `FORWARD_FAILED` when the server cannot listen there. */
  async add(host: string, port: number, onConnection: OnConnection): Promise<{ port: number; close(): Promise<void> }> {
    const real = await ask<number>(
      this.#link,
      (client, done) => client.forwardIn(host, port, (error, got) => done(error, got ?? port)),
      (cause) =>
        failure('FORWARD_FAILED', {
          message: `The workspace cannot listen on ${formatAddress(host, port)}`,
          reason:
            port > 0 && port < 1024
              ? 'ports below 1024 are for root, and nothing there runs as root'
              : 'the port is taken there',
          suggestions: [ws`ssh -- ss -ltn`],
          cause,
        }),
    );
    const key = formatAddress(host, real);
    this.#handlers.set(key, onConnection);
    return { port: real, close: () => this.#remove(host, real, key) };
  }

  async #remove(host: string, port: number, key: string): Promise<void> {
    if (!this.#handlers.delete(key) || this.#link.findLoss() !== undefined) return;
    try {
      await ask<void>(
        this.#link,
        (client, done) => client.unforwardIn(host, port, (error) => done(error ?? undefined, undefined)),
        (error) => error,
      );
    } catch {
      // It is gone with the connection, or was never there: either way nobody listens for us.
    }
  }
}
