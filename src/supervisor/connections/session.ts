import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { type AuthFailure, type DropbearEvent, type EndReason, parseDropbearLine } from '../dropbear/dropbear-log.ts';
import { readLines } from './short-lines.ts';
import { type DropbearCommand, startDropbear } from './start.ts';

/** Who hears of a session's events. */
export interface SessionObserver {
  authenticated(session: Session): void;
  event(session: Session, event: DropbearEvent): void;
  ended(session: Session, reason: EndReason, detail: string): void;
}

export interface SessionOptions {
  command: DropbearCommand;
  loginGraceMs: number;
  /** How many file descriptors it takes; see `TAKEN`. */
  descriptors: number;
}

/** One connection and the Dropbear that serves it, from `start` on. */
export class Session {
  readonly id: string;
  /** `address:port`, IPv4 in its plain form. */
  readonly peer: string;
  /** The source that the connection counts for; see `judge`. */
  readonly source: string;
  readonly startedAtMs = Date.now();
  /** Who logged in, or tried to. */
  user: string | undefined;
  fingerprint: string | undefined;
  /** The last login that Dropbear rejected, with what it said of it. */
  failure: AuthFailure | undefined;
  readonly #socket: Socket;
  readonly #options: SessionOptions;
  readonly #observer: SessionObserver;
  readonly #grace: NodeJS.Timeout;
  #isStarted = false;
  #child: ChildProcess | undefined;
  #end: { reason: EndReason; detail: string } | undefined;

  constructor(id: string, socket: Socket, source: string, options: SessionOptions, observer: SessionObserver) {
    this.id = id;
    this.peer = toPeer(socket);
    this.source = source;
    this.#socket = socket;
    this.#options = options;
    this.#observer = observer;
    this.#grace = setTimeout(() => this.#loseGrace(), options.loginGraceMs);
  }

  get isAuthenticated(): boolean {
    return this.fingerprint !== undefined;
  }

  /** We have asked it to end, and it has not ended yet. */
  get isLeaving(): boolean {
    return this.#end !== undefined;
  }

  get descriptors(): number {
    return this.#options.descriptors;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Hands the connection to a Dropbear of its own. Our handle of it is closed, so no byte ever passes through this
   * process.
   */
  start(): void {
    if (this.#end !== undefined) return;
    this.#isStarted = true;
    this.#child = startDropbear(this.#options.command, [this.#socket, this.#socket, 'pipe'], (detail, started) =>
      this.#finish({ reason: started ? 'other' : 'server_error', detail }),
    );
    this.#socket.destroy();
    // A child that could not be started has no stderr. Always drained: a full pipe would block Dropbear's log call.
    if (this.#child?.stderr) readLines(this.#child.stderr, (line) => this.#hear(parseDropbearLine(line)));
  }

  /** Hangs up on a connection that is not served. */
  discard(): void {
    clearTimeout(this.#grace);
    this.#socket.destroy();
  }

  /** Ends the connection: its terminal gets a hang-up, and so does what runs on it. */
  terminate(): void {
    this.#leave({ reason: 'terminated', detail: 'the workspace is stopping' }, 'SIGTERM');
  }

  /** Ends a connection that has not logged in, for another one. */
  displace(): void {
    const detail = 'it had not logged in, and made room for another connection';
    this.#leave({ reason: 'displaced', detail }, 'SIGKILL');
  }

  /**
   * Its client did not come back: whoever calls this hangs up, and the rest follows as from any client that is gone.
   */
  abandon(detail: string): void {
    this.#end ??= { reason: 'not_resumed', detail };
  }

  #hear(event: DropbearEvent): void {
    if (event.kind === 'auth-succeeded') {
      clearTimeout(this.#grace);
      this.user = event.user;
      this.fingerprint = event.fingerprint;
      this.#observer.authenticated(this);
    } else if (event.kind === 'ended') {
      this.user ??= event.user;
      this.#end ??= { reason: event.reason, detail: event.detail };
    } else {
      if (event.kind === 'auth-failed') this.failure = event.reason;
      this.#observer.event(this, event);
    }
  }

  #loseGrace(): void {
    this.#leave({ reason: 'login_timeout', detail: 'no login within the grace time' }, 'SIGKILL');
  }

  /** The first reason counts: others follow from it. One that still waits to be served is gone at once. */
  #leave(end: { reason: EndReason; detail: string }, signal: NodeJS.Signals): void {
    this.#end ??= end;
    if (this.#isStarted) this.#child?.kill(signal);
    else this.#finish(end);
  }

  #finish(fallback: { reason: EndReason; detail: string }): void {
    clearTimeout(this.#grace);
    this.#socket.destroy();
    const { reason, detail } = this.#end ?? fallback;
    this.#observer.ended(this, reason, detail);
  }
}

function toPeer(socket: Socket): string {
  const address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  return address.includes(':') ? `[${address}]:${socket.remotePort}` : `${address}:${socket.remotePort}`;
}
