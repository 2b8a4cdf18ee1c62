import { interrupted } from '../../../workspace/errors/errors.ts';
import type { PluginCredential } from './exec-credential.ts';

/** New credentials are asked for this long before the old ones expire, so that none expires on the way. */
const EXPIRY_MARGIN_MS = 10_000;

/** A credential is used at least this long, whatever it says of its end: clocks differ, and requests come in bursts. */
const SHORTEST_USE_MS = 10_000;

/**
 * After a plugin failed, or its new credential was refused as well: how long the answer stands before it may run again.
 */
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;

/** We end a run that nobody has waited for this long. Somebody may give up and ask again at once. */
const ABANDONED_MS = 2000;

/** Runs for at most one plugin; ends when its signal fires. */
export type PluginRun = (signal: AbortSignal) => Promise<PluginCredential>;

interface Running {
  answer: Promise<PluginCredential>;
  end: AbortController;
  waiters: number;
  abandoning: NodeJS.Timeout | undefined;
}

/**
 * Owns the runs of a credential plugin: there is one at a time, it takes as long as it needs (a person may be typing in
 * a browser), and everybody who needs the credential waits for the same one. Whoever stops waiting does not end it.
 */
export class PluginCredentials {
  readonly #run: PluginRun;
  readonly #nowMs: () => number;
  #running: Running | undefined;
  #current: { credential: PluginCredential; sinceMs: number } | undefined;
  #failed: { error: unknown; untilMs: number } | undefined;
  /** Failures and refusals in a row. */
  #troubles = 0;

  /** `nowMs` is a clock that only goes forward. */
  constructor(run: PluginRun, nowMs: () => number = () => performance.now()) {
    this.#run = run;
    this.#nowMs = nowMs;
  }

  /** Throws what the plugin threw, or `INTERRUPTED` when the signal fires first. */
  async get(signal: AbortSignal): Promise<PluginCredential> {
    if (signal.aborted) throw interrupted();
    if (this.#current !== undefined && !this.#isExpired(this.#current)) return this.#current.credential;
    if (this.#failed !== undefined && this.#nowMs() < this.#failed.untilMs) throw this.#failed.error;
    this.#running ??= this.#start();
    return this.#wait(this.#running, signal);
  }

  /**
   * The server said no to a credential: the plugin is asked for another one, and when that is refused as well, not
   * again before a pause. Requests that go on meanwhile get the server's own refusal.
   */
  refuse(credential: PluginCredential): void {
    if (this.#current?.credential !== credential) return;
    if (this.#troubles > 0 && this.#nowMs() - this.#current.sinceMs < this.#pauseMs()) return;
    this.#troubles += 1;
    this.#current = undefined;
  }

  /** The server accepted the credential. */
  accept(credential: PluginCredential): void {
    if (this.#current?.credential === credential) this.#troubles = 0;
  }

  #start(): Running {
    const end = new AbortController();
    const running: Running = { answer: this.#run(end.signal), end, waiters: 0, abandoning: undefined };
    running.answer.then(
      (credential) => {
        this.#running = undefined;
        this.#failed = undefined;
        this.#current = { credential, sinceMs: this.#nowMs() };
      },
      (error: unknown) => {
        this.#running = undefined;
        if (end.signal.aborted) return;
        this.#troubles += 1;
        this.#failed = { error, untilMs: this.#nowMs() + this.#pauseMs() };
      },
    );
    return running;
  }

  async #wait(running: Running, signal: AbortSignal): Promise<PluginCredential> {
    clearTimeout(running.abandoning);
    running.waiters += 1;
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const stop = () => reject(interrupted());
    signal.addEventListener('abort', stop, { once: true });
    try {
      return await Promise.race([running.answer, stopped]);
    } finally {
      signal.removeEventListener('abort', stop);
      running.waiters -= 1;
      if (running.waiters === 0) running.abandoning = setTimeout(() => running.end.abort(), ABANDONED_MS).unref();
    }
  }

  #isExpired({ credential, sinceMs }: { credential: PluginCredential; sinceMs: number }): boolean {
    const { expiresAtMs } = credential;
    if (expiresAtMs === undefined || this.#nowMs() - sinceMs < SHORTEST_USE_MS) return false;
    return Date.now() > expiresAtMs - EXPIRY_MARGIN_MS;
  }

  #pauseMs(): number {
    return Math.min(FIRST_PAUSE_MS * 2 ** Math.max(0, this.#troubles - 1), LONGEST_PAUSE_MS);
  }
}
