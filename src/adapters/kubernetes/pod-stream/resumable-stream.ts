import { Duplex } from 'node:stream';
import { actLater, MOST_KEPT_BYTES, sendOver } from '../../../contract/resume/carrier.ts';
import { ResumableLink } from '../../../contract/resume/resumable-link.ts';
import type { StreamWatcher } from '../../../workspace/byte-stream.ts';
import { failure } from '../../../workspace/errors/errors.ts';
import { ws } from '../../../workspace/errors/suggestion.ts';
import { type Carriers, comeBack, type Loss } from './come-back.ts';
import { CLOSE_LIMIT_MS } from './pod-stream.ts';
import type { Handshake } from './shake-hands.ts';
import { SilenceWatch } from './silence-watch.ts';

/** What the supervisor said when the stream began. */
export interface Welcome {
  token: Buffer;
  keptSeconds: number;
}

/**
 * A byte pipe to the supervisor that survives the loss of the pod stream which carries it: it opens another one and
 * goes on where it was. It ends with `CONNECTION_LOST` when the supervisor does not know it any more, when the pod is
 * gone, or when it was lost for longer than the supervisor keeps it.
 */
export class ResumableStream extends Duplex {
  readonly #carriers: Carriers;
  readonly #welcome: Welcome;
  readonly #watchers: StreamWatcher[] = [];
  readonly #link: ResumableLink;
  readonly #silence: SilenceWatch;
  readonly #life = new AbortController();
  #carrier: Duplex | undefined;
  /** Delivered, and not asked for yet. */
  #unusedBytes = 0;
  #isReading = true;
  #written: (() => void) | undefined;
  #finished: (() => void) | undefined;
  /** Since when nothing comes, if somebody was told so. */
  #lostAtMs: number | undefined;

  constructor(carriers: Carriers, welcome: Welcome) {
    super({ readableHighWaterMark: 256 * 1024, writableHighWaterMark: 1024 * 1024, allowHalfOpen: true });
    this.#carriers = carriers;
    this.#welcome = welcome;
    this.#link = new ResumableLink({
      deliver: (payload) => this.#deliver(payload),
      ended: () => this.#hearEnd(),
      acknowledged: () => this.#goOn(),
      closed: () => this.#hearEnd(),
      later: actLater,
    });
    this.#silence = new SilenceWatch({
      ping: () => this.#link.ping(),
      onSilent: (sinceMs) => this.#tellLost(sinceMs),
      onHeard: () => this.#tellFound(),
      onDead: () => this.#carrier?.destroy(),
    });
  }

  watch(watcher: StreamWatcher): void {
    this.#watchers.push(watcher);
    if (this.#lostAtMs !== undefined) watcher.lost(this.#lostAtMs);
  }

  /** Goes on over this carrier. Throws `FrameFault` when the supervisor cannot be where it says. */
  carry(carrier: Duplex, { answer, rest }: Handshake): void {
    const received = answer.kind === 'welcome' ? answer.received : 0;
    this.#link.carry(sendOver(carrier), received);
    this.#carrier = carrier;
    carrier.on('data', (chunk: Buffer) => this.#hear(carrier, chunk));
    carrier.once('end', () => carrier.destroy());
    carrier.once('close', () => this.#lose(carrier));
    this.#silence.start();
    this.#tellFound();
    if (rest.length > 0) this.#hear(carrier, rest);
    carrier.resume();
  }

  #hear(carrier: Duplex, chunk: Buffer): void {
    if (this.#carrier !== carrier) return;
    this.#silence.heard();
    try {
      this.#link.push(chunk);
    } catch {
      carrier.destroy();
    }
  }

  #lose(carrier: Duplex): void {
    if (this.#carrier !== carrier) return;
    this.#carrier = undefined;
    this.#silence.stop();
    if (this.destroyed || this.#link.state !== 'carried') return;
    this.#link.lose();
    const lostAtMs = this.#lostAtMs ?? Date.now();
    this.#tellLost(lostAtMs);
    const { token, keptSeconds } = this.#welcome;
    const toHello = () => ({ kind: 'resume' as const, token, received: this.#link.received });
    comeBack(this.#carriers, { toHello, lostAtMs, keptSeconds }, this.#life.signal).then(
      (found) => {
        if ('reason' in found) this.#giveUp(found);
        else if (this.destroyed) found.carrier.destroy();
        else this.carry(found.carrier, found);
      },
      // It was destroyed meanwhile, or the supervisor says that it is where nobody can be.
      () => this.#giveUp({ reason: 'its two ends do not agree on what was sent', event: 'refused' }),
    );
  }

  #giveUp({ reason, event }: Loss): void {
    if (this.destroyed) return;
    this.#link.giveUp(event);
    const message = 'The connection to the workspace is lost';
    this.destroy(failure('CONNECTION_LOST', { message, reason, suggestions: [ws`status`, ws`ssh`] }));
  }

  #tellLost(sinceMs: number): void {
    if (this.#lostAtMs !== undefined) return;
    this.#lostAtMs = sinceMs;
    for (const watcher of this.#watchers) watcher.lost(sinceMs);
  }

  #tellFound(): void {
    if (this.#lostAtMs === undefined) return;
    const sinceMs = this.#lostAtMs;
    this.#lostAtMs = undefined;
    for (const watcher of this.#watchers) watcher.found(sinceMs);
  }

  #deliver(payload: Buffer): void {
    this.#unusedBytes += payload.length;
    this.#isReading = this.push(payload);
    if (this.#isReading) this.#use();
  }

  #use(): void {
    const bytes = this.#unusedBytes;
    this.#unusedBytes = 0;
    if (bytes > 0) this.#link.consume(bytes);
  }

  #hearEnd(): void {
    if (this.destroyed) return;
    this.push(null);
    this.end();
    this.#goOn();
  }

  /** Room, or the end of all. */
  #goOn(): void {
    const isOver = this.#link.state === 'over';
    if (this.#written !== undefined && (isOver || this.#link.keptBytes < MOST_KEPT_BYTES)) {
      const done = this.#written;
      this.#written = undefined;
      done();
    }
    if (this.#finished !== undefined && (isOver || this.#link.isFlushed)) {
      const done = this.#finished;
      this.#finished = undefined;
      // Whoever has nothing more to say waits for the last words, and not for long.
      setTimeout(() => this.destroy(), CLOSE_LIMIT_MS).unref();
      done();
    }
  }

  override _read(): void {
    this.#isReading = true;
    this.#use();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#link.write(chunk);
    this.#wait(done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    // One write of the carrier for all of them.
    this.#carrier?.cork();
    for (const { chunk } of chunks) this.#link.write(chunk);
    this.#carrier?.uncork();
    this.#wait(done);
  }

  #wait(done: () => void): void {
    this.#silence.spoke();
    this.#written = done;
    this.#goOn();
  }

  override _final(done: () => void): void {
    this.#finished = done;
    this.#link.end();
    this.#goOn();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#silence.stop();
    this.#life.abort();
    this.#link.close();
    const carrier = this.#carrier;
    this.#carrier = undefined;
    carrier?.end();
    if (carrier !== undefined) setTimeout(() => carrier.destroy(), CLOSE_LIMIT_MS).unref();
    done(error);
  }
}
