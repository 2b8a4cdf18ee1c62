import { hasCode, WorkspaceError } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import type { Operation, ProgressEvent } from '../../workspace/state/events.ts';
import type { Clock, SshConnection } from '../../workspace/world.ts';
import { RetryPauses } from '../login/retry-pauses.ts';
import type { Mailbox } from './mailbox.ts';

/** Retrying must not start a workspace by accident, or trust one unseen. */
const FINAL = [
  'WORKSPACE_MISSING',
  'WORKSPACE_STOPPED',
  'HOST_KEY_CHANGED',
  'HOST_KEY_UNVERIFIED',
  'KEY_NOT_AUTHORIZED',
] as const;

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
      const loss = await Promise.race([this.#connection.ended, aborted]);
      if (this.#signal.aborted) return;
      const lostAtMs = this.#clock.nowMs();
      const lost = { kind: 'connection-lost' as const, reason: toEnd(loss ?? undefined) };
      this.#events.push({ type: 'noticed', level: 'warning', notice: lost });
      await this.#replace();
      if (this.#signal.aborted) return;
      const restored = { kind: 'connection-restored' as const, afterMs: this.#clock.nowMs() - lostAtMs };
      this.#events.push({ type: 'noticed', level: 'info', notice: restored });
    }
  }

  /** Tries until it works or the signal fires. */
  async #replace(): Promise<void> {
    const pauses = new RetryPauses();
    for (let attempt = 1; !this.#signal.aborted; attempt += 1) {
      try {
        this.#connection = await this.#reconnect(this.#signal);
        return;
      } catch (error) {
        if (this.#signal.aborted) return;
        if (hasCode(error, ...FINAL)) throw error;
        const fact = { kind: 'reconnecting' as const, attempt, reason: toReason(error, 'address') };
        this.#events.push({ type: 'advanced', step: 'connect', fact });
        await this.#clock.sleep(pauses.next(error), this.#signal).catch(() => undefined);
      }
    }
  }
}

function toEnd(error: Error | undefined): string {
  if (error === undefined) return 'closed by the workspace';
  return (error instanceof WorkspaceError ? error.reason : undefined) ?? toReason(error, 'address');
}
