import { createHash, randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { MOST_KEPT_BYTES } from '../../contract/resume/carrier.ts';
import {
  type Hello,
  HelloReader,
  parseHello,
  type Refusal,
  TOKEN_BYTES,
  writeAnswer,
} from '../../contract/resume/hello.ts';
import type { Door } from '../connections/door.ts';
import { openPair, type Pair } from '../connections/own-pair.ts';
import { type SshServer, toFields } from '../connections/server.ts';
import type { Metrics } from '../measures/metrics.ts';
import type { Log } from '../output/log.ts';
import { CarriedSession } from './carried-session.ts';

/** A client says who it is with its first bytes. */
const HELLO_LIMIT_MS = 10_000;

/** Carriers that have not said who they are. The oldest of them makes room for the next. */
const MOST_SILENT = 64;

/** Sessions that wait for their clients. The one that has waited longest makes room. */
const MOST_LOST = 100;

/** What all sessions keep together. Beyond it each has a share that nobody takes from it. */
const MOST_KEPT_TOGETHER = 64 * 1024 * 1024;
const OWN_SHARE = 128 * 1024;

const LOOK_MS = 10_000;

/** The descriptors of a carrier, of both ends of a way to a Dropbear, and of the listener that joins them. */
const WHILE_CONNECTING = 4;

export interface ResumeOptions {
  keptSeconds: number;
}

type SessionServer = Pick<SshServer, 'serveCarried' | 'hasRoom' | 'observeDescriptors'>;

/**
 * Serves resumable streams: each carrier starts a session or goes on with one that its token names. The token is known
 * to the client that started it, and to nobody else outside the pod.
 */
export class ResumeServer {
  readonly #keptSeconds: number;
  readonly #door: Door;
  readonly #server: SessionServer;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #silent = new Set<Socket>();
  readonly #sessions = new Map<string, CarriedSession>();
  readonly #lost = new Map<CarriedSession, NodeJS.Timeout>();
  /** Those whose way to a Dropbear is being made. */
  #connecting = 0;
  #isWaiting = false;

  constructor(options: ResumeOptions, door: Door, server: SessionServer, log: Log, metrics: Metrics) {
    this.#keptSeconds = options.keptSeconds;
    this.#door = door;
    this.#server = server;
    this.#log = log;
    this.#metrics = metrics;
    metrics.losses.observe(() => this.#lost.size);
    server.observeDescriptors(() => this.#silent.size + this.#connecting * WHILE_CONNECTING);
  }

  /** Throws when its port cannot be opened. */
  async serve(): Promise<void> {
    await this.#door.listening;
    this.#door.open((socket) => this.#receive(socket));
    setInterval(() => this.#look(), LOOK_MS).unref();
  }

  #receive(carrier: Socket): void {
    carrier.on('error', () => undefined);
    if (this.#silent.size >= MOST_SILENT || !this.#server.hasRoom(1)) this.#dropSilent();
    this.#silent.add(carrier);
    const timer = setTimeout(() => carrier.destroy(), HELLO_LIMIT_MS);
    const settle = () => {
      clearTimeout(timer);
      this.#silent.delete(carrier);
    };
    carrier.once('close', settle);
    // A door's sockets may stay open for one side. Here that says nothing: a stream's end is a frame.
    carrier.once('end', () => carrier.destroy());
    const reader = new HelloReader();
    const onData = (chunk: Buffer): void => {
      const heard = readOr(reader, chunk);
      if (heard === undefined) return;
      if (heard === 'garbage') return void carrier.destroy();
      carrier.off('data', onData);
      carrier.pause();
      settle();
      const hello = parseHello(heard.hello);
      if (hello === undefined) carrier.destroy();
      else this.#greet(carrier, hello, heard.rest).catch(() => carrier.destroy());
    };
    carrier.on('data', onData);
    carrier.resume();
  }

  #dropSilent(): void {
    const [oldest] = this.#silent;
    if (oldest === undefined) return;
    // Its own end is heard too late for those who come in the same moment.
    this.#silent.delete(oldest);
    oldest.destroy();
  }

  async #greet(carrier: Socket, hello: Hello, rest: Buffer): Promise<void> {
    if (hello.kind === 'start') return this.#start(carrier, rest);
    const { token, received } = hello;
    const session = this.#sessions.get(toKey(token));
    this.#metrics.losses.cameBack(session === undefined ? 'unknown' : 'resumed');
    if (session === undefined) {
      this.#log.warn('connection.not-resumed', { reason: 'its token is unknown' });
      return refuse(carrier, 'unknown');
    }
    const lostSeconds = Math.round((performance.now() - session.lostAtMs) / 100) / 10;
    this.#welcome(carrier, session, token);
    session.carry(carrier, received, rest);
    this.#find(session);
    this.#log.info('connection.resumed', {
      ...toFields(session.session),
      // It may come back before we know that it was gone.
      lostSeconds: Number.isNaN(lostSeconds) ? 0 : lostSeconds,
    });
  }

  async #start(carrier: Socket, rest: Buffer): Promise<void> {
    // A client that is refused here takes the ordinary port, which makes room where it may.
    if (!this.#server.hasRoom(WHILE_CONNECTING)) return refuse(carrier, 'full');
    const { near, far } = await this.#connect();
    const session = await this.#server.serveCarried(far, carrier);
    if (session === undefined) {
      near.destroy();
      return refuse(carrier, 'full');
    }
    const token = randomBytes(TOKEN_BYTES);
    const carried = new CarriedSession(session, near, {
      mayKeep: (bytes) => bytes < OWN_SHARE || (bytes < MOST_KEPT_BYTES && this.#keptBytes < MOST_KEPT_TOGETHER),
      acknowledged: () => this.#wake(carried),
      lost: (lost) => this.#keep(lost),
      over: (over) => {
        this.#find(over);
        this.#sessions.delete(toKey(token));
      },
    });
    this.#sessions.set(toKey(token), carried);
    this.#welcome(carrier, carried, token);
    carried.carry(carrier, 0, rest);
  }

  async #connect(): Promise<Pair> {
    this.#connecting += 1;
    try {
      return await openPair();
    } finally {
      this.#connecting -= 1;
    }
  }

  #welcome(carrier: Socket, { received }: CarriedSession, token: Buffer): void {
    carrier.write(writeAnswer({ kind: 'welcome', token, received, keptSeconds: this.#keptSeconds }));
  }

  #keep(session: CarriedSession): void {
    const [oldest] = this.#lost.keys();
    if (this.#lost.size >= MOST_LOST) oldest?.expire('too many connections wait for their clients');
    const late = () => session.expire(`its client did not come back within ${this.#keptSeconds} s`);
    this.#lost.set(session, setTimeout(late, this.#keptSeconds * 1000).unref());
    this.#metrics.losses.lost();
    this.#log.info('connection.lost', { ...toFields(session.session), keptSeconds: this.#keptSeconds });
  }

  #find(session: CarriedSession): void {
    clearTimeout(this.#lost.get(session));
    this.#lost.delete(session);
  }

  get #keptBytes(): number {
    let bytes = 0;
    for (const session of this.#sessions.values()) bytes += session.keptBytes;
    return bytes;
  }

  /** Whoever was refused because of the others has another try once one of them has room. */
  #wake(session: CarriedSession): void {
    session.resumeReading();
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setImmediate(() => {
      this.#isWaiting = false;
      for (const other of this.#sessions.values()) other.resumeReading();
    });
  }

  #look(): void {
    for (const session of this.#sessions.values()) session.checkSilence();
  }
}

/** The token itself is no key of the map: how long a look-up takes must tell nothing of it. */
function toKey(token: Buffer): string {
  return createHash('sha256').update(token).digest('base64');
}

function readOr(reader: HelloReader, chunk: Buffer) {
  try {
    return reader.push(chunk);
  } catch {
    return 'garbage';
  }
}

/** Such a client says nothing before it has its answer, so nothing is lost when its carrier is closed behind that. */
function refuse(carrier: Socket, reason: Refusal): void {
  carrier.end(writeAnswer({ kind: 'refused', reason }), () => carrier.destroy());
}
