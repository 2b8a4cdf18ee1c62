import { createServer, type Server, type Socket } from 'node:net';
import { type Door, listen, SOCKET_SETTINGS } from './door.ts';
import { toDropbearArguments } from './dropbear-arguments.ts';
import type { DropbearEvent, EndReason } from './dropbear-log.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import { Session, type SessionOptions } from './session.ts';

export interface ServerOptions {
  hostKeyFile: string;
  home: string;
  loginGraceMs: number;
  keepaliveSeconds: number;
  maxConnections: number;
  maxUnauthenticated: number;
  /** Of the sessions: nothing of the pod's own environment reaches them unless it is named here. */
  environment: Record<string, string>;
}

/** The SSH server: accepts, limits, counts, and leaves the protocol to one Dropbear per connection. */
export class SshServer {
  readonly #options: ServerOptions;
  readonly #session: SessionOptions;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #sessions = new Set<Session>();
  readonly #door: Door;
  readonly #probeListener: Server;
  #nextId = 1;

  constructor(options: ServerOptions, door: Door, log: Log, metrics: Metrics) {
    this.#door = door;
    this.#options = options;
    this.#log = log;
    this.#metrics = metrics;
    this.#session = {
      arguments: toDropbearArguments({ hostKeyFile: options.hostKeyFile, keepaliveSeconds: options.keepaliveSeconds }),
      environment: options.environment,
      home: options.home,
      loginGraceMs: options.loginGraceMs,
    };
    this.#probeListener = createServer(SOCKET_SETTINGS, (socket) => this.#accept(socket, true));
    metrics.observeSessions(() => this.sessions);
  }

  /** Serves whoever comes to the door, and the own probe on a loopback port of its own. Throws when a port cannot be had. */
  async serve(): Promise<void> {
    await Promise.all([this.#door.listening, listen(this.#probeListener, 0, '127.0.0.1')]);
    this.#door.open((socket) => this.#accept(socket, false));
  }

  /** The port on which a connection is served like any other but neither counted nor logged. */
  get probePort(): number {
    const address = this.#probeListener.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Without the probe's. */
  get sessions(): Session[] {
    return [...this.#sessions].filter((session) => !session.quiet);
  }

  stopAccepting(): void {
    this.#door.close();
    this.#probeListener.close();
  }

  #accept(socket: Socket, quiet: boolean): void {
    const refusal = quiet ? undefined : this.#findRefusal();
    if (refusal !== undefined) {
      this.#metrics.connectionRefused(refusal);
      this.#log.warn('connection.refused', { peer: socket.remoteAddress ?? 'unknown', reason: refusal });
      socket.destroy();
      return;
    }
    const session = new Session(String(this.#nextId++), socket, quiet, this.#session, this, Date.now());
    this.#sessions.add(session);
    if (quiet) return;
    this.#metrics.connectionAccepted();
    this.#log.info('connection.opened', { session: session.id, peer: session.peer });
  }

  /** sshd's MaxStartups: above the limit of unauthenticated connections, ever more are dropped at random; at twice it, all. */
  #findRefusal(): 'too_many_connections' | 'too_many_unauthenticated' | undefined {
    const all = this.sessions;
    if (all.length >= this.#options.maxConnections) return 'too_many_connections';
    const waiting = all.filter((session) => !session.isAuthenticated).length;
    const over = waiting - this.#options.maxUnauthenticated;
    if (over < 0) return undefined;
    const share = 0.3 + (0.7 * over) / this.#options.maxUnauthenticated;
    return Math.random() < share ? 'too_many_unauthenticated' : undefined;
  }

  authenticated(session: Session): void {
    if (session.quiet) return;
    this.#metrics.authenticationSucceeded();
    this.#log.info('auth.succeeded', toFields(session));
  }

  event(session: Session, event: DropbearEvent): void {
    if (session.quiet) return;
    const fields = toFields(session);
    switch (event.kind) {
      case 'auth-failed':
        return this.#log.warn('auth.failed', {
          ...fields,
          reason: event.reason,
          ...(event.user === undefined ? {} : { user: event.user }),
        });
      // The error was told when the keys were read. This comes as often as a stranger asks for a login, so it may be cut.
      case 'key-unusable':
        return this.#log.warn('key.unusable', { ...fields, line: event.line });
      case 'config-error':
        return this.#log.error('server.misconfigured', { ...fields, reason: event.message });
      case 'crashed':
        return this.#log.error('server.crashed', { ...fields, reason: event.message });
      case 'other':
        return this.#log.info('server.said', { ...fields, message: event.message });
      default:
        return;
    }
  }

  ended(session: Session, reason: EndReason, detail: string): void {
    this.#sessions.delete(session);
    if (session.quiet) return;
    this.#metrics.connectionEnded(reason);
    const failure = findFailure(session, reason);
    if (failure !== undefined) this.#metrics.authenticationFailed(failure);
    const durationSeconds = Math.round((Date.now() - session.startedAtMs) / 100) / 10;
    this.#log.info(session.isAuthenticated ? 'session.closed' : 'connection.closed', {
      ...toFields(session),
      reason,
      detail,
      durationSeconds,
    });
  }
}

/**
 * Why a connection was no login, once for each. Dropbear logs nothing for a key that it does not know: an end before login
 * is all there is to see of a failed one. Without a user it was no try at all, as a load balancer's health check.
 */
function findFailure(session: Session, reason: EndReason): string | undefined {
  if (session.failure !== undefined) return session.failure;
  if (session.isAuthenticated || reason === 'terminated') return undefined;
  if (reason === 'login_timeout') return 'timeout';
  return session.user === undefined ? 'no_attempt' : 'no_key_accepted';
}

function toFields(session: Session) {
  return {
    session: session.id,
    peer: session.peer,
    ...(session.user === undefined ? {} : { user: session.user }),
    ...(session.fingerprint === undefined ? {} : { fingerprint: session.fingerprint }),
  };
}
