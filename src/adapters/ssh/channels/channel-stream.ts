/**
 * An ssh2 channel as a Duplex that keeps Node's contract: `destroy` ends it at once, half-close works both ways,
 * back-pressure holds, and a lost connection is an error, not an end (a download cut short must not look complete).
 */
import { Duplex } from 'node:stream';
import type { Channel } from 'ssh2';
import { closeForGood } from '../ssh2-privates.ts';

export class ChannelStream extends Duplex {
  readonly #channel: Channel;

  /** `findLoss` tells why the connection is gone; undefined while it stands. */
  constructor(channel: Channel, findLoss: () => Error | undefined) {
    super({ allowHalfOpen: true });
    this.#channel = channel;
    closeForGood(channel);
    // The connection may be lost while nobody carries this one yet, or any more: that is the end of it, not of the
    // process.
    this.on('error', () => undefined);
    let ended = false;
    channel.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) channel.pause();
    });
    channel.on('end', () => {
      ended = true;
      const loss = findLoss();
      if (loss === undefined) this.push(null);
      else this.destroy(loss);
    });
    channel.on('error', (error: Error) => this.destroy(error));
    channel.on('close', () => {
      const loss = findLoss();
      if (loss !== undefined) this.destroy(loss);
      else if (!ended) this.push(null);
      // The other side reads no more: what is still to be written has nowhere to go. What it sent is read to its end
      // first.
      if (this.writableFinished) return;
      if (this.readableEnded) this.destroy();
      else this.once('end', () => this.destroy());
    });
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#channel.destroy();
    // What still arrives until the other side has closed is dropped.
    this.#channel.resume();
    done(error);
  }
}
