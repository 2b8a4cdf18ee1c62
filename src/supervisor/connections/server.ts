import type { Socket } from 'node:net';
import type { DropbearEvent, EndReason, LoginFailure } from '../dropbear/dropbear-log.ts';
import type { Metrics } from '../measures/metrics.ts';
import type { Log } from '../output/log.ts';
import type { Commands } from '../programs/commands.ts';
import { type AdmissionLimits, judge, LOOPBACK, POD, toSource, type Verdict } from './admission.ts';
import { readDescriptorLimit, TAKEN, toMostConnections } from './descriptors.ts';
import type { Door } from './door.ts';
import { Session, type SessionOptions } from './session.ts';
import type { DropbearCommand } from './start.ts';
import { StartQueue } from './start-queue.ts';
import { TcpTable } from './tcp-table.ts';

/**
 * With this many connections by loopback that have not logged in, the server asks of each newcomer whether it is a
 * program in the pod. Such a program counts like any other stranger.
 */
const CROWD = 10;

/**
 * So many more descriptors than their share connections may take for a moment: while we ask who came, and while one
 * makes room for another and has not ended yet.
 */
const MOST_OVER = 4;

export interface ServerOptions extends AdmissionLimits {
  /** Of this process and of all programs in the pod. */
  uid: number;
  /** How to run Dropbear for a connection; see `toDropbearArguments`. */
  command: DropbearCommand;
  /** The same for one whose carrier may be lost and replaced: nobody answers a keepalive meanwhile. */
  resumableCommand: DropbearCommand;
  loginGraceMs: number;
  commands: Pick<Commands, 'signal' | 'leave'>;
}

/** The SSH server: accepts, limits, counts, and leaves the protocol to one Dropbear per connection. */
export class SshServer {
  readonly #options: ServerOptions;
  readonly #session: SessionOptions;
  readonly #resumableSession: SessionOptions;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #sessions = new Set<Session>();
  readonly #door: Door;
  readonly #table = new TcpTable();
  readonly #queue = new StartQueue<Session>((sessions) => this.#table.findSilent(sessions));
  #nextId = 1;
  /** The descriptors of those that are being asked about. */
  #askedDescriptors = 0;
  #countOthers: () => number = () => 0;
  #isStopping = false;

  constructor(options: ServerOptions, door: Door, log: Log, metrics: Metrics) {
    this.#door = door;
    this.#options = options;
    this.#log = log;
    this.#metrics = metrics;
    const { loginGraceMs } = options;
    this.#session = { command: options.command, loginGraceMs, descriptors: TAKEN.plain };
    this.#resumableSession = { command: options.resumableCommand, loginGraceMs, descriptors: TAKEN.carried };
    metrics.observeSessions(() => this.sessions);
  }

  /** Serves every connection from the door. Throws when its port cannot be opened. */
  async serve(): Promise<void> {
    await this.#door.listening;
    this.#door.open((socket) => this.#receive(socket));
  }

  get sessions(): Session[] {
    return [...this.#sessions];
  }

  /** The processes that serve connections: none of the user's. */
  get pids(): number[] {
    return this.sessions.flatMap(({ pid }) => pid ?? []);
  }

  /** What the clients leave behind has its time from now on: all programs are asked to end. */
  stopAccepting(): void {
    this.#isStopping = true;
    this.#door.close();
  }

  /** Whether so many descriptors are left of the share of connections. */
  hasRoom(descriptors: number): boolean {
    return this.#freeDescriptors >= descriptors;
  }

  /** Whoever else takes descriptors for connections says how many. */
  observeDescriptors(countOthers: () => number): void {
    this.#countOthers = countOthers;
  }

  /**
   * Serves one that is carried: `socket` is our own, and `carrier` says who came. Undefined when it is refused, and
   * then `socket` is closed.
   */
  async serveCarried(socket: Socket, carrier: Socket): Promise<Session | undefined> {
    socket.on('error', () => undefined);
    const source = await this.#findSource(carrier, TAKEN.carried);
    if (!this.#isStopping) return this.#accept(socket, source, this.#resumableSession);
    socket.destroy();
    return undefined;
  }

  #receive(socket: Socket): void {
    // A client that resets its connection before it is served must not be an error of the whole server.
    socket.on('error', () => undefined);
    const source = this.#findSource(socket, TAKEN.plain);
    if (typeof source === 'string') this.#accept(socket, source, this.#session);
    else
      source.then(
        (found) => this.#accept(socket, found, this.#session),
        () => socket.destroy(),
      );
  }

  /** Who came, at once where that is plain, and where nothing is left to ask with. */
  #findSource(socket: Socket, descriptors: number): string | Promise<string> {
    const source = toSource(socket.remoteAddress);
    const isCrowded = source === LOOPBACK && this.#unauthenticatedByLoopback >= CROWD;
    if (!isCrowded) return source;
    if (this.#freeDescriptors <= -MOST_OVER) return POD;
    return this.#askForSource(socket, descriptors);
  }

  async #askForSource(socket: Socket, descriptors: number): Promise<string> {
    this.#askedDescriptors += descriptors;
    try {
      const uid = await this.#table.findPeerOwner(socket);
      return uid === undefined || uid === this.#options.uid ? POD : LOOPBACK;
    } finally {
      this.#askedDescriptors -= descriptors;
    }
  }

  get #unauthenticatedByLoopback(): number {
    return this.sessions.filter(({ source, isAuthenticated }) => source === LOOPBACK && !isAuthenticated).length;
  }

  #accept(socket: Socket, source: string, options: SessionOptions): Session | undefined {
    const session = new Session(String(this.#nextId++), socket, source, options, this);
    const present = this.sessions.filter(({ isLeaving }) => !isLeaving);
    const verdict = this.#judge(session, present);
    if (!verdict.admitted) {
      this.#metrics.connectionRefused(verdict.reason);
      this.#log.warn('connection.refused', { peer: session.peer, reason: verdict.reason });
      session.discard();
      return undefined;
    }
    verdict.displaced?.displace();
    this.#sessions.add(session);
    this.#metrics.connectionAccepted();
    this.#log.info('connection.opened', { session: session.id, peer: session.peer });
    this.#queue.add(session);
    return session;
  }

  /** Those who are leaving are not present, and have their descriptors still. */
  #judge({ source, startedAtMs, descriptors }: Session, present: Session[]): Verdict<Session> {
    const { maxConnections, maxUnauthenticated } = this.#options;
    const free = this.#freeDescriptors;
    if (free <= -MOST_OVER) return { admitted: false, reason: 'too_many_connections' };
    const most = present.length + Math.max(0, Math.floor(free / descriptors));
    return judge(source, present, { maxConnections: Math.min(maxConnections, most), maxUnauthenticated }, startedAtMs);
  }

  /** What is left of the share of connections; less than nothing where it is overdrawn. */
  get #freeDescriptors(): number {
    const taken = this.sessions.reduce((sum, { descriptors }) => sum + descriptors, 0);
    const most = toMostConnections(readDescriptorLimit());
    return most - taken - this.#askedDescriptors - this.#countOthers();
  }

  authenticated(session: Session): void {
    this.#metrics.authenticationSucceeded();
    this.#log.info('auth.succeeded', toFields(session));
  }

  event(session: Session, event: DropbearEvent): void {
    const fields = toFields(session);
    switch (event.kind) {
      case 'auth-failed':
        return this.#log.warn('auth.failed', {
          ...fields,
          reason: event.reason,
          ...(event.user === undefined ? {} : { user: event.user }),
        });
      // The log had the error when the keys were read. Strangers can repeat this line at will, so a flood of it may be
      // cut.
      case 'key-unusable':
        return this.#log.warn('key.unusable', { ...fields, line: event.line });
      case 'config-error':
        return this.#log.error('server.misconfigured', { ...fields, reason: event.message });
      case 'signalled':
        return this.#options.commands.signal(event.command, event.signal);
      case 'left':
        if (!this.#isStopping) void this.#endLeft(fields, event.command);
        return;
      case 'crashed':
        return this.#log.error('server.crashed', { ...fields, reason: event.message });
      case 'other':
        return this.#log.info('server.said', { ...fields, message: event.message });
      default:
        return;
    }
  }

  async #endLeft(fields: ReturnType<typeof toFields>, command: number): Promise<void> {
    const programs = await this.#options.commands.leave(command);
    if (programs > 0) this.#log.info('command.left', { ...fields, command, programs });
  }

  ended(session: Session, reason: EndReason, detail: string): void {
    this.#sessions.delete(session);
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
 * Why a connection was no login, once for each. Dropbear logs nothing for a key that it does not know: an end before
 * login is all there is to see of a failed one. Without a user it was no try at all, as a load balancer's health check.
 */
function findFailure(session: Session, reason: EndReason): LoginFailure | undefined {
  if (session.failure !== undefined) return session.failure;
  if (session.isAuthenticated || reason === 'terminated') return undefined;
  if (reason === 'login_timeout') return 'timeout';
  return session.user === undefined ? 'no_attempt' : 'no_key_accepted';
}

/** Whose connection it is, for the log. */
export function toFields(session: Session) {
  return {
    session: session.id,
    peer: session.peer,
    ...(session.user === undefined ? {} : { user: session.user }),
    ...(session.fingerprint === undefined ? {} : { fingerprint: session.fingerprint }),
  };
}
