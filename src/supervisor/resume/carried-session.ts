import type { Socket } from 'node:net';
import { actLater, MOST_KEPT_BYTES, sendOver } from '../../contract/resume/carrier.ts';
import { ResumableLink } from '../../contract/resume/resumable-link.ts';
import type { StreamState } from '../../contract/resume/stream-state.ts';
import type { Session } from '../connections/session.ts';

/** A client asks for a sign of life every fifteen seconds. */
const SILENCE_LIMIT_MS = 50_000;

const HANG_UP_LIMIT_MS = 10_000;

/**
 * Dropbear writes 8 to 12 KiB at a time. Once so much has come within so short a time, a short pause lets the kernel
 * gather it: else each write wakes us and all that carries it, which took a fifth of the throughput.
 */
const BULK_BYTES = 128 * 1024;
const SMALL_READ_BYTES = 32 * 1024;
const BULK_MS = 10;
const GATHER_MS = 1;

export interface CarriedObserver {
  /** Whether it may keep so many bytes, and read on. */
  mayKeep(bytes: number): boolean;
  /** It has room again, so others may have. */
  acknowledged(): void;
  lost(session: CarriedSession): void;
  /** Nothing is kept any more. Called once. */
  over(session: CarriedSession): void;
}

/**
 * A session between its Dropbear, at `near`, and whatever carries it for now. Bytes that the client has not
 * acknowledged are kept; when there are too many, Dropbear waits.
 */
export class CarriedSession {
  readonly session: Session;
  readonly #near: Socket;
  readonly #observer: CarriedObserver;
  readonly #link: ResumableLink;
  #carrier: Socket | undefined;
  #heardAtMs = 0;
  #isOver = false;
  #burst = { sinceMs: 0, bytes: 0 };
  #isGathering = false;
  lostAtMs = Number.NaN;

  constructor(session: Session, near: Socket, observer: CarriedObserver) {
    this.session = session;
    this.#near = near;
    this.#observer = observer;
    this.#link = new ResumableLink({
      deliver: (payload) => this.#deliver(payload),
      ended: () => void near.end(),
      acknowledged: () => observer.acknowledged(),
      closed: () => this.#finish(),
      later: actLater,
    });
    near.on('data', (chunk: Buffer) => {
      this.#link.write(chunk);
      if (!observer.mayKeep(this.#link.keptBytes)) near.pause();
      else if (this.#isBulk(chunk.length)) this.#gather();
    });
    near.on('close', () => {
      this.#link.discard();
      this.#link.end();
    });
  }

  get state(): StreamState {
    return this.#link.state;
  }

  get received(): number {
    return this.#link.received;
  }

  get keptBytes(): number {
    return this.#link.keptBytes;
  }

  /**
   * Goes on over this carrier; an earlier one is closed. `rest` has arrived on it already. Throws `FrameFault` for a
   * client that cannot be where it says it is.
   */
  carry(carrier: Socket, peerReceived: number, rest: Buffer): void {
    this.#link.carry(sendOver(carrier), peerReceived);
    this.#carrier?.destroy();
    if (this.#isOver) return hangUp(carrier);
    this.#carrier = carrier;
    this.#heardAtMs = performance.now();
    this.lostAtMs = Number.NaN;
    carrier.on('data', (chunk: Buffer) => this.#hear(carrier, chunk));
    carrier.once('close', () => this.#lose(carrier));
    if (rest.length > 0) this.#hear(carrier, rest);
    this.resumeReading();
    carrier.resume();
  }

  /** Dropbear may write on, if there is room. */
  resumeReading(): void {
    if (this.#isGathering || !this.#near.isPaused()) return;
    if (this.#observer.mayKeep(this.#link.keptBytes)) this.#near.resume();
  }

  /** A carrier that nothing comes over is gone, whatever its kernel says. */
  checkSilence(): void {
    const isSilent = performance.now() - this.#heardAtMs > SILENCE_LIMIT_MS;
    if (this.#carrier !== undefined && isSilent && !this.#carrier.isPaused()) this.#carrier.destroy();
  }

  /** The client did not come back: it ends like any other that hung up. */
  expire(detail: string): void {
    this.session.abandon(detail);
    this.#link.giveUp('expired');
    this.#finish();
  }

  /** Whether more comes than somebody types or reads, and in small parts. */
  #isBulk(bytes: number): boolean {
    const nowMs = performance.now();
    if (nowMs - this.#burst.sinceMs > BULK_MS) this.#burst = { sinceMs: nowMs, bytes: 0 };
    this.#burst.bytes += bytes;
    return this.#burst.bytes > BULK_BYTES && bytes < SMALL_READ_BYTES;
  }

  #gather(): void {
    if (this.#isGathering) return;
    this.#isGathering = true;
    this.#near.pause();
    setTimeout(() => {
      this.#isGathering = false;
      this.resumeReading();
    }, GATHER_MS);
  }

  #deliver(payload: Buffer): void {
    this.#near.write(payload, () => this.#link.consume(payload.length));
    // A client keeps no more than we have not used. One that sends more is held back by the carrier.
    if (this.#near.writableLength > 2 * MOST_KEPT_BYTES && this.#carrier?.isPaused() === false) {
      this.#carrier.pause();
      this.#near.once('drain', () => this.#carrier?.resume());
    }
  }

  #hear(carrier: Socket, chunk: Buffer): void {
    if (this.#carrier !== carrier) return;
    this.#heardAtMs = performance.now();
    // The frames of one read go to Dropbear in one write.
    this.#near.cork();
    try {
      this.#link.push(chunk);
    } catch {
      // What it sends makes no sense. The client may come back on a carrier that is sound.
      carrier.destroy();
    } finally {
      this.#near.uncork();
    }
  }

  #lose(carrier: Socket): void {
    if (this.#carrier !== carrier || this.#isOver) return;
    this.#carrier = undefined;
    this.#link.lose();
    this.lostAtMs = performance.now();
    if (this.#near.closed && this.#link.isFlushed) this.#finish();
    else this.#observer.lost(this);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#near.destroy();
    if (this.#carrier !== undefined) hangUp(this.#carrier);
    this.#carrier = undefined;
    this.#observer.over(this);
  }
}

/** What was said last goes out first, if somebody reads it. */
function hangUp(carrier: Socket): void {
  carrier.end();
  setTimeout(() => carrier.destroy(), HANG_UP_LIMIT_MS).unref();
}
