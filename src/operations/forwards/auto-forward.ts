import { Readable, Writable } from 'node:stream';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import type { Forward } from '../../workspace/forwards/forward.ts';
import { type ListeningPort, parsePortsLine, WATCH_COMMAND } from '../../workspace/forwards/listening-ports.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { Clock, SshConnection } from '../../workspace/world.ts';
import type { Forwards } from './forwards.ts';

/** The workspace chooses the ports. Without a limit it could take every port of this machine. */
const MOST_FORWARDS = 64;

/**
 * This machine's own services have the ports below: a workspace's gets another one, even where this user may listen
 * there.
 */
const FIRST_USER_PORT = 1024;

/** The least time between two reports that we follow, however many arrive. */
const PAUSE_MS = 500;

/** No line of the loop is longer. A longer one comes from something else. */
const LINE_LIMIT = 100_000;

export interface AutoForwardOptions {
  forwards: Forwards;
  /** Ports of the workspace that we leave alone. */
  ignored: Iterable<number>;
  tell(event: ProgressEvent): void;
}

/**
 * Opens a forward for each port that the user's programs in the workspace listen on, and shuts it when nobody listens
 * there.
 */
export class AutoForward {
  readonly #forwards: Forwards;
  readonly #ignored: Set<number>;
  readonly #tell: AutoForwardOptions['tell'];
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  /** By the port in the workspace; undefined where none could be opened, so that it is tried once. */
  readonly #open = new Map<number, Forward | undefined>();
  /** The newest report that is not followed yet. Earlier ones are out of date. */
  #report: ListeningPort[] | undefined;
  #turn: Promise<void> | undefined;
  #isLimitTold = false;

  constructor({ forwards, ignored, tell }: AutoForwardOptions, clock: Clock, signal: AbortSignal) {
    this.#forwards = forwards;
    this.#ignored = new Set(ignored);
    this.#tell = tell;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Watches over this connection until it ends. `ownPorts` are the server's. */
  watch(connection: SshConnection, ownPorts: number[]): void {
    for (const port of ownPorts) this.#ignored.add(port);
    const hear = (line: string) => {
      const ports = parsePortsLine(line);
      if (ports === undefined) return;
      this.#report = ports;
      this.#turn ??= this.#followReports();
    };
    let lastError: string | undefined;
    const terminal = {
      // Send nothing, and keep the input open: its end would end the loop.
      stdin: new Readable({ read: () => undefined }),
      stdout: toLines(hear),
      stderr: toLines((line) => {
        lastError = line;
      }),
      termName: undefined,
    };
    connection.exec(terminal, { command: WATCH_COMMAND, forwardAgent: false }, this.#signal).then(
      (status) => this.#say(`New ports are not seen any more: ${lastError ?? `the loop ended with ${status}`}`),
      // The connection is gone. The part that restores it says so.
      () => undefined,
    );
  }

  async close(): Promise<void> {
    await this.#turn;
  }

  async #followReports(): Promise<void> {
    for (let report = this.#report; report !== undefined && !this.#signal.aborted; report = this.#report) {
      this.#report = undefined;
      await this.#follow(report);
      await this.#clock.sleep(PAUSE_MS, this.#signal).catch(() => undefined);
    }
    this.#turn = undefined;
  }

  async #follow(ports: ListeningPort[]): Promise<void> {
    const found = ports.filter(({ port }) => !this.#ignored.has(port));
    // Open forwards stay: a new port must not push out one that is in use.
    const [known, news] = [true, false].map((isKnown) => found.filter(({ port }) => this.#open.has(port) === isKnown));
    const wanted = new Map(
      [...(known ?? []), ...(news ?? [])].slice(0, MOST_FORWARDS).map((listening) => [listening.port, listening]),
    );
    this.#tellLimit(found.length - wanted.size);
    for (const port of [...this.#open.keys()]) if (!wanted.has(port)) await this.#stop(port);
    for (const listening of wanted.values()) {
      if (this.#signal.aborted) return;
      if (!this.#open.has(listening.port)) this.#open.set(listening.port, await this.#start(listening));
    }
  }

  #start({ host, port }: ListeningPort): Promise<Forward | undefined> {
    const local = { port: port < FIRST_USER_PORT ? 0 : port };
    return this.#forwards.tryToOpen({ kind: 'local', local, remote: { host, port } }, this.#signal);
  }

  async #stop(port: number): Promise<void> {
    const forward = this.#open.get(port);
    this.#open.delete(port);
    if (forward !== undefined) await this.#forwards.shut(forward, 'nothing listens there any more');
  }

  #tellLimit(missingCount: number): void {
    if (missingCount > 0 && !this.#isLimitTold) {
      const ports = missingCount === 1 ? 'One port' : `${missingCount} ports`;
      const text = `${ports} more: --auto forwards at most ${MOST_FORWARDS}. Name those that you want`;
      this.#say(text, { suggestion: ws`forward PORT` });
    }
    this.#isLimitTold = missingCount > 0;
  }

  #say(text: string, more: { suggestion?: Suggestion } = {}): void {
    const notice = { kind: 'text', text, ...more } as const;
    if (!this.#signal.aborted) this.#tell({ type: 'noticed', level: 'warning', notice });
  }
}

function toLines(hear: (line: string) => void): Writable {
  let rest = '';
  return new Writable({
    decodeStrings: false,
    write(chunk: Buffer | string, _encoding, done) {
      const lines = `${rest}${chunk.toString()}`.split('\n');
      rest = (lines.pop() ?? '').slice(-LINE_LIMIT);
      for (const line of lines) hear(line);
      done();
    },
  });
}
