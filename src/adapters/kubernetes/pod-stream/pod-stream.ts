/**
 * A byte pipe to a TCP port of a pod through the API server, over one WebSocket, as a Duplex with back-pressure both
 * ways. Each message starts with a channel byte, and a framing says what the channels are. There is no half-close:
 * ending the writing side ends the stream once everything is written, and what is still on its way here is delivered
 * until the server closes.
 */

import { Duplex } from 'node:stream';
import WebSocket from 'ws';
import { failure } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import { Heartbeat } from '../api/heartbeat.ts';
import { toStreamReason } from '../api/translate.ts';

/** Unsent bytes above which writing waits. */
const WRITE_AHEAD_BYTES = 1024 * 1024;

/**
 * Largest message sent. Kubelets and runtimes read each one whole into memory; larger ones are no faster (measured).
 */
const MESSAGE_BYTES = 64 * 1024;

/** How many buffers of whole messages we keep for reuse. Left to the collector, they would cost memory and time. */
const SPARE_BUFFERS = 32;

/** After the writing side ended: how long the server may take to close. */
export const CLOSE_LIMIT_MS = 3_000;

export interface PodAddress {
  namespace: string;
  pod: string;
  port: number;
}

/** What the channels of one stream are. */
export interface Framing {
  /** The channel of the bytes that we send, and the one of those that come. */
  sends: number;
  hears: number;
  /** Whether the first message of each channel is the port's number. */
  hasPorts: boolean;
  /** Takes the text of any other channel. Returns why the stream broke, if that is what it says. */
  hear(channel: number, text: string): string | undefined;
  /** Tells the far end that all is sent, and lets it close; without it, or when undefined, we close. */
  toEnd?(protocol: string): Buffer | undefined;
}

/** A port-forward: the far end says in words what went wrong. */
export const PORT_FORWARD: Framing = { sends: 0, hears: 0, hasPorts: true, hear: (_channel, text) => text };

export class PodStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #address: PodAddress;
  readonly #framing: Framing;
  readonly #greeted = new Set<number>();
  readonly #heartbeat: Heartbeat;
  readonly #spare: Buffer[] = [];

  constructor(socket: WebSocket, address: PodAddress, framing: Framing = PORT_FORWARD) {
    super({ readableHighWaterMark: 256 * 1024, writableHighWaterMark: WRITE_AHEAD_BYTES, allowHalfOpen: true });
    this.#socket = socket;
    this.#address = address;
    this.#framing = framing;
    this.#heartbeat = new Heartbeat({
      ping: () => socket.readyState === WebSocket.OPEN && socket.ping(),
      isListening: () => !socket.isPaused,
      onDead: () => this.destroy(this.#lost('no sign of life from the API server')),
    });
    socket.on('open', () => this.#heartbeat.start());
    socket.on('pong', () => this.#heartbeat.beat());
    socket.on('message', (message) => this.#receive(message as Buffer));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', (code) => this.#close(code));
  }

  #receive(message: Buffer): void {
    this.#heartbeat.beat();
    const { hears, hasPorts } = this.#framing;
    const channel = message[0] ?? hears;
    if (hasPorts && !this.#greeted.has(channel)) {
      this.#greeted.add(channel);
      return;
    }
    if (channel !== hears) {
      const why = this.#framing.hear(channel, message.toString('utf8', 1));
      if (why !== undefined) this.#fail(why);
      return;
    }
    if (message.length === 1) return;
    if (!this.push(message.subarray(1))) this.#socket.pause();
  }

  #fail(why: string): void {
    const { pod, port } = this.#address;
    const reason = toStreamReason(why.trim(), port);
    const message = `The pod stream to port ${port} of ${pod} broke`;
    this.destroy(failure('CONNECTION_FAILED', { message, reason, suggestions: [ws`status`, ws`logs`] }));
  }

  #lost(reason: string): Error {
    const message = `The connection to pod ${this.#address.pod} was lost`;
    return failure('CONNECTION_LOST', { message, reason, suggestions: [ws`status`] });
  }

  /** 1006 means that the connection broke without a close message. */
  #close(code: number): void {
    this.#heartbeat.stop();
    if (this.destroyed) return;
    if (code === 1006 && !this.writableFinished) this.destroy(this.#lost('the API server closed the connection'));
    else {
      this.push(null);
      this.end();
    }
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#sendAll([chunk], chunk.length, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const buffers = chunks.map(({ chunk }) => chunk);
    this.#sendAll(
      buffers,
      buffers.reduce((sum, { length }) => sum + length, 0),
      done,
    );
  }

  /** Copies the chunks once, behind their channel byte, into messages of a bounded size. */
  #sendAll(chunks: Buffer[], total: number, done: (error?: Error | null) => void): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return done(this.#lost('it is closed'));
    let left = total;
    let target = this.#takeBuffer(left);
    let at = 1;
    for (const chunk of chunks) {
      for (let from = 0; from < chunk.length; ) {
        const copied = chunk.copy(target, at, from);
        from += copied;
        at += copied;
        left -= copied;
        if (at === target.length) {
          this.#send(target, left === 0 ? done : undefined);
          if (left === 0) return;
          target = this.#takeBuffer(left);
          at = 1;
        }
      }
    }
    done();
  }

  /** A buffer for the channel byte, which is set, and for as many bytes as are left or fit. */
  #takeBuffer(left: number): Buffer {
    const spare = left >= MESSAGE_BYTES ? this.#spare.pop() : undefined;
    const buffer = spare ?? Buffer.allocUnsafe(1 + Math.min(left, MESSAGE_BYTES));
    buffer[0] = this.#framing.sends;
    return buffer;
  }

  /**
   * Reports the last message as written at once while little is unsent: waiting for each would leave the path empty.
   */
  #send(message: Buffer, done: ((error?: Error | null) => void) | undefined): void {
    const ahead = this.#socket.bufferedAmount + message.length < WRITE_AHEAD_BYTES;
    this.#socket.send(message, { binary: true, compress: false }, (error) => {
      if (message.length === 1 + MESSAGE_BYTES && this.#spare.length < SPARE_BUFFERS) this.#spare.push(message);
      if (!ahead) done?.(error ?? null);
      else if (error) this.destroy(error);
    });
    if (ahead) done?.();
  }

  override _final(done: (error?: Error | null) => void): void {
    const end = this.#framing.toEnd?.(this.#socket.protocol);
    if (end === undefined || this.#socket.readyState !== WebSocket.OPEN) this.#socket.close(1000);
    else {
      this.#socket.send(end, { binary: true, compress: false });
      setTimeout(() => this.#socket.close(1000), CLOSE_LIMIT_MS).unref();
    }
    // Read on: otherwise we would never see the server's answer to the close message.
    if (this.#socket.isPaused && this.readableFlowing !== false) this.#socket.resume();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#heartbeat.stop();
    this.#socket.terminate();
    done(error);
  }
}
