import { cutPayload, FRAME, FrameFault, FrameReader, toHeader } from './frames.ts';
import { ReplayBuffer } from './replay-buffer.ts';
import { follow, type StreamEvent, type StreamState } from './stream-state.ts';

/** After so many bytes an acknowledgement is sent at once; for fewer it may wait a moment. */
const ACK_BYTES = 256 * 1024;

/** What carries the frames for now. Small parts that belong together are given together. */
export type Send = (parts: Buffer[]) => void;

export interface LinkEnd {
  /** Bytes of the stream, in order, each once. Whoever has used them calls `consume`. */
  deliver(payload: Buffer): void;
  /** The other side has said all. */
  ended(): void;
  /** Something was acknowledged, so there may be room again. */
  acknowledged(): void;
  /** The other side wants no more, or both have said all and know it. */
  closed(): void;
  /** Calls once, after a moment. */
  later(act: () => void): void;
}

/**
 * One end of a stream of bytes, both ways, that survives the loss of what carries it. It knows what it has sent and
 * what has arrived; on the next carrier each end goes on where the other one was. It opens nothing, and waits for
 * nothing.
 *
 * Only what was used is acknowledged, so the other side never has more under way than it may keep. The carrier itself
 * need not be held back, which could hold back the acknowledgements that the way back waits for.
 */
export class ResumableLink {
  readonly #end: LinkEnd;
  readonly #sent = new ReplayBuffer();
  #state: StreamState = 'opening';
  #send: Send | undefined;
  #reader: FrameReader | undefined;
  #received = 0;
  #consumed = 0;
  #acknowledged = 0;
  #isDiscarding = false;
  #isAckPlanned = false;
  #hasEnded = false;
  #isEndAcknowledged = false;
  #hasPeerEnded = false;

  constructor(end: LinkEnd) {
    this.#end = end;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** Where the other side goes on: the position after what has arrived. */
  get received(): number {
    return this.#received;
  }

  /** What is kept for a resume. Whoever sends waits while it is too much. */
  get keptBytes(): number {
    return this.#sent.keptBytes;
  }

  /** Whether all that was sent has arrived, the end included. */
  get isFlushed(): boolean {
    return this.#hasEnded ? this.#isEndAcknowledged : this.#sent.keptBytes === 0;
  }

  /**
   * Goes on over this carrier, from where the other side was. Throws `FrameFault` when nobody can have been there; then
   * nothing has changed.
   */
  carry(send: Send, peerReceived: number): void {
    if (this.#state === 'over') return;
    const isPastEnd = this.#hasEnded && peerReceived === this.#sent.next + 1;
    const replay = [...this.#sent.from(isPastEnd ? this.#sent.next : peerReceived)];
    this.#sent.forget(isPastEnd ? this.#sent.next : peerReceived);
    if (isPastEnd) this.#isEndAcknowledged = true;
    this.#advance('welcomed');
    this.#send = send;
    this.#acknowledged = this.#received;
    const reader: FrameReader = new FrameReader({
      // One chunk may bring more after the frame that ended it all.
      data: (position, payload) => this.#reader === reader && this.#take(position, payload),
      control: (kind, position) => this.#reader === reader && this.#hear(kind, position),
    });
    this.#reader = reader;
    for (const { position, chunk } of replay) this.#sendData(position, chunk);
    if (this.#hasEnded && !isPastEnd) send([toHeader(FRAME.end, this.#sent.next)]);
    this.#end.acknowledged();
    this.#closeIfDone();
  }

  /** The carrier is gone. What it still brings is not heard. */
  lose(): void {
    this.#advance('carrier-lost');
    this.#send = undefined;
    this.#reader = undefined;
  }

  /** It will not come back. */
  giveUp(event: Extract<StreamEvent, 'refused' | 'expired'>): void {
    this.#advance(event);
    this.#drop();
  }

  /** What the carrier brings. Throws `FrameFault`: then the carrier is of no use. */
  push(chunk: Buffer): void {
    this.#reader?.push(chunk);
  }

  /** Sends, or keeps for the next carrier. */
  write(chunk: Buffer): void {
    if (this.#state === 'over' || this.#hasEnded || chunk.length === 0) return;
    this.#sendData(this.#sent.add(chunk), chunk);
  }

  /** Nothing more will be written. */
  end(): void {
    if (this.#state === 'over' || this.#hasEnded) return;
    this.#hasEnded = true;
    this.#send?.([toHeader(FRAME.end, this.#sent.next)]);
  }

  /** So many more bytes of those that were delivered are used. */
  consume(bytes: number): void {
    this.#consumed = this.#isDiscarding ? this.#received : this.#consumed + bytes;
    const isEndUsed = this.#hasPeerEnded && this.#consumed >= this.#received - 1;
    if (isEndUsed) this.#consumed = this.#received;
    if (isEndUsed || this.#consumed - this.#acknowledged >= ACK_BYTES) this.#acknowledge();
    else if (this.#consumed > this.#acknowledged) this.#planAck();
    this.#closeIfDone();
  }

  /** Nobody will use what comes. */
  discard(): void {
    this.#isDiscarding = true;
    this.consume(0);
  }

  ping(): void {
    this.#send?.([toHeader(FRAME.ping, 0)]);
  }

  /** Tells the other side, if there is a carrier, that nobody comes back. */
  close(): void {
    if (this.#state === 'over') return;
    this.#send?.([toHeader(FRAME.close, 0)]);
    this.#advance('closed');
    this.#drop();
  }

  #advance(event: StreamEvent): void {
    this.#state = follow(this.#state, event);
  }

  #drop(): void {
    this.#send = undefined;
    this.#reader = undefined;
    this.#sent.clear();
  }

  #sendData(position: number, bytes: Buffer): void {
    let at = position;
    if (this.#send === undefined) return;
    for (const payload of cutPayload(bytes)) {
      this.#send([toHeader(FRAME.data, at, payload.length), payload]);
      at += payload.length;
    }
  }

  #take(position: number, payload: Buffer): void {
    if (position !== this.#received || this.#hasPeerEnded)
      throw new FrameFault(`data at ${position}, and ${this.#received} has arrived`);
    this.#received += payload.length;
    if (this.#isDiscarding) this.consume(payload.length);
    else this.#end.deliver(payload);
  }

  #planAck(): void {
    if (this.#isAckPlanned) return;
    this.#isAckPlanned = true;
    this.#end.later(() => {
      this.#isAckPlanned = false;
      if (this.#acknowledged < this.#consumed) this.#acknowledge();
    });
  }

  #acknowledge(): void {
    if (this.#send === undefined) return;
    this.#acknowledged = this.#consumed;
    this.#send([toHeader(FRAME.ack, this.#consumed)]);
  }

  #hear(kind: number, position: number): void {
    if (kind === FRAME.ack) this.#hearAck(position);
    else if (kind === FRAME.end) this.#hearEnd(position);
    else if (kind === FRAME.ping) this.#send?.([toHeader(FRAME.pong, position)]);
    else if (kind === FRAME.close) this.#beClosed();
  }

  #hearAck(position: number): void {
    const isEnd = this.#hasEnded && position === this.#sent.next + 1;
    this.#sent.forget(isEnd ? this.#sent.next : position);
    if (isEnd) this.#isEndAcknowledged = true;
    this.#end.acknowledged();
    this.#closeIfDone();
  }

  #hearEnd(position: number): void {
    if (position !== this.#received || this.#hasPeerEnded)
      throw new FrameFault(`the end at ${position}, and ${this.#received} has arrived`);
    this.#hasPeerEnded = true;
    this.#received += 1;
    this.#end.ended();
    this.consume(0);
  }

  #closeIfDone(): void {
    if (this.#hasPeerEnded && this.#consumed === this.#received && this.#isEndAcknowledged) this.#beClosed();
  }

  #beClosed(): void {
    if (this.#state === 'over') return;
    this.#advance('closed');
    this.#drop();
    this.#end.closed();
  }
}
