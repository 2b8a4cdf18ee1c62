import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { DROPBEAR } from './dropbear-arguments.ts';
import { type AuthFailure, type DropbearEvent, type EndReason, parseDropbearLine } from './dropbear-log.ts';

/** What the world hears of a session. */
export interface SessionObserver {
  authenticated(session: Session): void;
  event(session: Session, event: DropbearEvent): void;
  ended(session: Session, reason: EndReason, detail: string): void;
}

/** How to run Dropbear for one connection. */
export interface SessionOptions {
  arguments: string[];
  environment: Record<string, string>;
  home: string;
  loginGraceMs: number;
}

/** One connection and the Dropbear that serves it. */
export class Session {
  readonly id: string;
  /** `address:port`, IPv4 in its plain form. */
  readonly peer: string;
  /** True for the supervisor's own probe, which is neither logged nor counted. */
  readonly quiet: boolean;
  readonly startedAtMs: number;
  /** Who logged in, or tried to. */
  user: string | undefined;
  fingerprint: string | undefined;
  /** The last login that Dropbear rejected, with what it said of it. */
  failure: AuthFailure | undefined;
  readonly #child: ChildProcess;
  readonly #observer: SessionObserver;
  readonly #grace: NodeJS.Timeout;
  #end: { reason: EndReason; detail: string } | undefined;

  constructor(
    id: string,
    socket: Socket,
    quiet: boolean,
    options: SessionOptions,
    observer: SessionObserver,
    nowMs: number,
  ) {
    this.id = id;
    this.peer = toPeer(socket);
    this.quiet = quiet;
    this.startedAtMs = nowMs;
    this.#observer = observer;
    // The kernel's socket goes to the child; our handle is closed at once, so no byte ever passes through this process.
    this.#child = spawn(DROPBEAR, options.arguments, {
      stdio: [socket, socket, 'pipe'],
      env: options.environment,
      cwd: options.home,
    });
    socket.destroy();
    this.#grace = setTimeout(() => this.#loseGrace(), options.loginGraceMs);
    this.#follow();
  }

  get isAuthenticated(): boolean {
    return this.fingerprint !== undefined;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Ends the connection: its terminal gets a hang-up, and so does what runs on it. */
  terminate(): void {
    this.#end ??= { reason: 'terminated', detail: 'the workspace is stopping' };
    this.#child.kill('SIGTERM');
  }

  #follow(): void {
    // A child that could not be started has no stderr and says so by `error`.
    if (this.#child.stderr !== null) {
      // Always drained: a full pipe would block Dropbear's log call, and the session with it.
      createInterface({ input: this.#child.stderr }).on('line', (line) => this.#hear(parseDropbearLine(line)));
    }
    this.#child.once('error', (error) => this.#finish({ reason: 'server_error', detail: error.message }));
    this.#child.once('close', (code, signal) =>
      this.#finish({ reason: 'other', detail: signal === null ? `exit code ${code}` : `signal ${signal}` }),
    );
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
    this.#end = { reason: 'login_timeout', detail: 'no login within the grace time' };
    this.#child.kill('SIGKILL');
  }

  #finish(fallback: { reason: EndReason; detail: string }): void {
    clearTimeout(this.#grace);
    const { reason, detail } = this.#end ?? fallback;
    this.#observer.ended(this, reason, detail);
  }
}

function toPeer(socket: Socket): string {
  const address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, '');
  return address.includes(':') ? `[${address}]:${socket.remotePort}` : `${address}:${socket.remotePort}`;
}
