import { Readable, Writable } from 'node:stream';
import type { ProgressEvent } from '../../workspace/events.ts';
import { type ListeningPort, parsePortsLine, WATCH_COMMAND } from '../../workspace/listening-ports.ts';
import { formatAddress } from '../../workspace/mapping.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import type { Carrier } from './carrier.ts';
import type { Mailbox } from './mailbox.ts';
import { type ListenChoice, type OpenForward, openMapping, toFailed } from './open-listeners.ts';

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
  /** Reports are taken up one after the other. */
  #turn: Promise<void> = Promise.resolve();

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
      if (ports !== undefined) this.#turn = this.#turn.then(() => this.#follow(ports));
    };
    const errors: string[] = [];
    const terminal = {
      // Nothing is sent, and the end of it would end the loop.
      stdin: new Readable({ read: () => undefined }),
      stdout: toLines(hear),
      stderr: toLines((line) => errors.push(line)),
      termName: undefined,
    };
    connection.exec(terminal, { command: WATCH_COMMAND, forwardAgent: false }, this.#signal).then(
      (status) => this.#say(`New ports are not seen any more: ${errors.at(-1) ?? `the loop ended with ${status}`}`),
      // The connection is gone: who restores it says so.
      () => undefined,
    );
  }

  async close(): Promise<void> {
    await this.#turn;
  }

  async #follow(ports: ListeningPort[]): Promise<void> {
    const wanted = new Map(ports.filter(({ port }) => !this.#ignored.has(port)).map((found) => [found.port, found]));
    for (const port of [...this.#open.keys()]) if (!wanted.has(port)) await this.#stop(port);
    for (const found of wanted.values()) {
      if (this.#signal.aborted) return;
      if (!this.#open.has(found.port)) this.#open.set(found.port, await this.#start(found));
    }
  }

  async #start({ host, port }: ListeningPort): Promise<OpenForward | undefined> {
    const mapping = { local: port, remote: { host, port } };
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
