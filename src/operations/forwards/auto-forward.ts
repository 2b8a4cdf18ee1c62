import { Readable, Writable } from 'node:stream';
import { type ListeningPort, parsePortsLine, WATCH_COMMAND } from '../../workspace/forwards/listening-ports.ts';
import { formatAddress } from '../../workspace/forwards/mapping.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import type { Carrier } from './carrier.ts';
import type { Mailbox } from './mailbox.ts';
import { type ListenChoice, type OpenForward, openMapping, toFailed } from './open-listeners.ts';

/** The workspace says which ports there are: without a limit it could take every port of this machine. */
const MOST_FORWARDS = 64;

/** Below are ports of this machine's own services; a workspace's gets another one here, also where this user may listen on them. */
const FIRST_USER_PORT = 1024;

/** Between two reports that are taken up, however many there are. */
const PAUSE_MS = 500;

/** Longer than any line of the loop: whatever prints this without a line end is something else. */
const LINE_LIMIT = 100_000;

/** Forwards what the user's programs in the workspace listen on, as they come and go. */
export class AutoForward {
  readonly #choice: ListenChoice;
  readonly #ignored: Set<number>;
  readonly #forwards: OpenForward[];
  readonly #carrier: Carrier;
  readonly #mailbox: Mailbox;
  readonly #world: World;
  readonly #signal: AbortSignal;
  /** By the port in the workspace; undefined while none could be opened for it, so that it is tried once. */
  readonly #open = new Map<number, OpenForward | undefined>();
  /** The last report that was not taken up yet: the ones before are out of date. */
  #report: ListeningPort[] | undefined;
  #turn: Promise<void> | undefined;
  #isLimitTold = false;

  /** `forwards` is the list that is shown: it gets what is opened here. */
  constructor(
    choice: ListenChoice,
    ignored: Iterable<number>,
    forwards: OpenForward[],
    carrier: Carrier,
    mailbox: Mailbox,
    world: World,
    signal: AbortSignal,
  ) {
    this.#choice = choice;
    this.#ignored = new Set(ignored);
    this.#forwards = forwards;
    this.#carrier = carrier;
    this.#mailbox = mailbox;
    this.#world = world;
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
      // Nothing is sent, and the end of it would end the loop.
      stdin: new Readable({ read: () => undefined }),
      stdout: toLines(hear),
      stderr: toLines((line) => {
        lastError = line;
      }),
      termName: undefined,
    };
    connection.exec(terminal, { command: WATCH_COMMAND, forwardAgent: false }, this.#signal).then(
      (status) => this.#say(`New ports are not seen any more: ${lastError ?? `the loop ended with ${status}`}`),
      // The connection is gone: who restores it says so.
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
      await this.#world.clock.sleep(PAUSE_MS, this.#signal).catch(() => undefined);
    }
    this.#turn = undefined;
  }

  async #follow(ports: ListeningPort[]): Promise<void> {
    const found = ports.filter(({ port }) => !this.#ignored.has(port));
    // Those that are open stay: a port that comes must not push out one that is used.
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

  async #start({ host, port }: ListeningPort): Promise<OpenForward | undefined> {
    const mapping = { local: port < FIRST_USER_PORT ? 0 : port, remote: { host, port } };
    try {
      const opened = await openMapping(mapping, this.#choice, this.#carrier, this.#mailbox, this.#world, this.#signal);
      this.#forwards.push(opened);
      for (const event of announce(opened)) this.#mailbox.push(event);
      return opened;
    } catch (error) {
      const local = formatAddress(this.#choice.address, port);
      if (!this.#signal.aborted) this.#mailbox.push(toFailed(local, formatAddress(host, port), error as Error));
      return undefined;
    }
  }

  async #stop(port: number): Promise<void> {
    const forward = this.#open.get(port);
    this.#open.delete(port);
    if (forward === undefined) return;
    this.#forwards.splice(this.#forwards.indexOf(forward), 1);
    await forward.listener?.close();
    const { local, remote } = forward;
    const notice = { kind: 'forward-closed' as const, local, remote, reason: 'nothing listens there any more' };
    this.#mailbox.push({ type: 'noticed', level: 'info', notice });
  }

  #tellLimit(missingCount: number): void {
    if (missingCount > 0 && !this.#isLimitTold) {
      const ports = missingCount === 1 ? 'One port' : `${missingCount} ports`;
      this.#say(`${ports} more: --auto forwards at most ${MOST_FORWARDS}. Name those that you want: ws forward PORT`);
    }
    this.#isLimitTold = missingCount > 0;
  }

  #say(text: string): void {
    if (!this.#signal.aborted)
      this.#mailbox.push({ type: 'noticed', level: 'warning', notice: { kind: 'text', text } });
  }
}

/** That a forward is open, and that its port is another one than asked for. */
export function announce({ local, remote, wanted, listener }: OpenForward): ProgressEvent[] {
  const opened: ProgressEvent = { type: 'noticed', level: 'info', notice: { kind: 'forward-opened', local, remote } };
  if (listener === undefined || wanted === 0 || listener.port === wanted) return [opened];
  return [{ type: 'noticed', level: 'warning', notice: { kind: 'port-moved', wanted, got: listener.port } }, opened];
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
