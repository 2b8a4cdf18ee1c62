import { describeLoss } from '../../workspace/byte-stream.ts';
import { hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import type { Operation, ProgressEvent } from '../../workspace/state/events.ts';
import type { Clock, SshConnection } from '../../workspace/world.ts';
import type { Mailbox } from './mailbox.ts';
import { RetryPauses } from './retry-pauses.ts';

/** Retrying must not start a workspace by accident, or trust one unseen. */
const FINAL = [
  'WORKSPACE_MISSING',
  'WORKSPACE_STOPPED',
  'HOST_KEY_CHANGED',
  'HOST_KEY_UNVERIFIED',
  'KEY_NOT_AUTHORIZED',
] as const;

/** A way that is back sooner was lost to nobody. */
const TELL_AFTER_MS = 2000;

/** A way to the workspace that is lost, while what goes over it waits for another one. */
interface LostWay {
  sinceMs: number;
  isTold: boolean;
  /** Ends the wait for the telling. */
  over: AbortController;
}

export interface Keeping {
  connection: SshConnection;
  /** Makes a connection that takes over. */
  reconnect(signal: AbortSignal): Promise<SshConnection>;
  /** Gets what happens to the connection, beside what others put there. */
  events: Mailbox<ProgressEvent>;
}

/** Owns a connection, and replaces it each time that it is lost. */
export class ConnectionKeeper {
  readonly #reconnect: Keeping['reconnect'];
  readonly #events: Mailbox<ProgressEvent>;
  readonly #clock: Clock;
  readonly #life = new AbortController();
  /** Fires with the caller's signal, and when the keeper is closed. */
  readonly #signal: AbortSignal;
  #connection: SshConnection;
  #kept: Promise<void> | undefined;
  #lostWay: LostWay | undefined;

  constructor({ connection, reconnect, events }: Keeping, clock: Clock, signal: AbortSignal) {
    this.#connection = connection;
    this.#reconnect = reconnect;
    this.#events = events;
    this.#clock = clock;
    this.#signal = AbortSignal.any([signal, this.#life.signal]);
  }

  /** Says what happens until the signal fires. Throws what no further try would change. */
  async *keep(): Operation<void> {
    const kept = this.#replaceLost().finally(() => this.#events.close());
    // We throw its failure once all events are out.
    kept.catch(() => undefined);
    this.#kept = kept;
    yield* this.#events;
    await kept;
  }

  async close(): Promise<void> {
    this.#life.abort();
    // A login that is under way may still succeed.
    await this.#kept?.catch(() => undefined);
    await this.#connection.close();
  }

  async #replaceLost(): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      if (this.#signal.aborted) resolve();
      this.#signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for (;;) {
      this.#watch(this.#connection);
      const loss = await Promise.race([this.#connection.ended, aborted]);
      const way = this.#takeLostWay();
      if (this.#signal.aborted) return;
      if (way?.isTold !== true) this.#tellLost(toEnd(loss ?? undefined));
      const lostAtMs = way?.sinceMs ?? this.#clock.nowMs();
      await this.#replace();
      if (this.#signal.aborted) return;
      this.#tellRestored(lostAtMs);
    }
  }

  /** One that is resumable stands while the way to it is lost: it would wait without a word. */
  #watch(connection: SshConnection): void {
    const isOurs = () => this.#connection === connection;
    connection.watch?.({
      lost: (sinceMs) => {
        if (isOurs()) void this.#awaitWay({ sinceMs, isTold: false, over: new AbortController() });
      },
      found: () => {
        if (!isOurs()) return;
        const way = this.#takeLostWay();
        if (way?.isTold === true) this.#tellRestored(way.sinceMs);
      },
    });
  }

  async #awaitWay(way: LostWay): Promise<void> {
    this.#takeLostWay();
    this.#lostWay = way;
    const leftMs = Math.max(0, TELL_AFTER_MS - (this.#clock.nowMs() - way.sinceMs));
    try {
      await this.#clock.sleep(leftMs, AbortSignal.any([this.#signal, way.over.signal]));
    } catch {
      return;
    }
    way.isTold = true;
    this.#tellLost(`${describeLoss(way.sinceMs)}: the network or the API server may be away`);
  }

  #takeLostWay(): LostWay | undefined {
    const way = this.#lostWay;
    this.#lostWay = undefined;
    way?.over.abort();
    return way;
  }

  #tellLost(reason: string): void {
    this.#events.push({ type: 'noticed', level: 'warning', notice: { kind: 'connection-lost', reason } });
  }

  #tellRestored(lostAtMs: number): void {
    const afterMs = this.#clock.nowMs() - lostAtMs;
    this.#events.push({ type: 'noticed', level: 'info', notice: { kind: 'connection-restored', afterMs } });
  }

  /** Tries until it works or the signal fires. */
  async #replace(): Promise<void> {
    const pauses = new RetryPauses();
    let told: string | undefined;
    for (let attempt = 1; !this.#signal.aborted; attempt += 1) {
      try {
        this.#connection = await this.#reconnect(this.#signal);
        return;
      } catch (error) {
        if (this.#signal.aborted) return;
        if (hasCode(error, ...FINAL)) throw error;
        const fact = { kind: 'reconnecting' as const, attempt, reason: toReason(error, 'address') };
        this.#events.push({ type: 'advanced', step: 'connect', fact });
        const cause = error instanceof WorkspaceError ? error.because?.code : undefined;
        if (cause !== undefined && cause !== told) this.#events.push(toTrouble(error as WorkspaceError));
        told = cause;
        await this.#clock.sleep(pauses.next(error), this.#signal).catch(() => undefined);
      }
    }
  }
}

/** What the diagnosis made of a try that failed: said once, and again when it is another one. */
function toTrouble({ because, message, reason = message }: WorkspaceError): ProgressEvent {
  const { code = '', evidence = [], suggestions = [] } = because ?? {};
  const [first = ''] = reason.split('\n');
  const notice = { kind: 'trouble' as const, code, reason: code, message: first, evidence, suggestion: suggestions[0] };
  return { type: 'noticed', level: 'warning', notice };
}

function toEnd(error: Error | undefined): string {
  if (error === undefined) return 'closed by the workspace';
  return (error instanceof WorkspaceError ? error.reason : undefined) ?? toReason(error, 'address');
}
