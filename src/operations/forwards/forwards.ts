import type { Duplex } from 'node:stream';
import { failure, hasCode } from '../../workspace/errors/errors.ts';
import { toReason } from '../../workspace/errors/foreign/to-reason.ts';
import { advice, type Suggestion } from '../../workspace/errors/suggestion.ts';
import { describeEnds, type Forward, type ForwardInfo, toForwardInfo } from '../../workspace/forwards/forward.ts';
import type { LocalMapping, Mapping, RemoteMapping, SocksMapping } from '../../workspace/forwards/mapping.ts';
import type { Notice, ProgressEvent } from '../../workspace/state/events.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import type { Carrier } from './carrier.ts';

/** Only root may listen on a port below, and nothing in the workspace runs as root. */
const FIRST_USER_PORT = 1024;

export interface ForwardOptions {
  carrier: Carrier;
  /** Local address to listen on, where a mapping names none; by default this machine alone can connect. */
  address?: string;
  /** Takes the next free local port when the wanted one is taken. */
  anyFreePort: boolean;
  /** The command that opens this forward. */
  suggest(mapping: Mapping, wanted: Mapping): Suggestion;
  /** Hears of forwards that open and close, and of each connection that could not be carried. */
  tell(event: ProgressEvent): void;
}

/**
 * Takes the local ports at once, before anything is asked of the cluster. Throws `LOCAL_PORT_TAKEN`, and keeps none
 * then.
 */
export async function openForwards(
  mappings: readonly Mapping[],
  options: ForwardOptions,
  world: World,
  signal: AbortSignal,
): Promise<Forwards> {
  const forwards = new Forwards(options, world);
  try {
    for (const mapping of mappings) await forwards.open(mapping, signal);
    return forwards;
  } catch (error) {
    await forwards.close();
    throw error;
  }
}

/** Forwards that are open. Whoever opened them closes them. */
export class Forwards {
  readonly #options: ForwardOptions;
  readonly #world: World;
  readonly #list: Forward[] = [];

  constructor(options: ForwardOptions, world: World) {
    this.#options = options;
    this.#world = world;
  }

  /** Changes as forwards open and close. */
  get list(): readonly Forward[] {
    return this.#list;
  }

  /** Listens on this machine; on a port of the workspace only with the next connection. Throws `LOCAL_PORT_TAKEN`. */
  async open(mapping: Mapping, signal: AbortSignal): Promise<Forward> {
    const forward =
      mapping.kind === 'remote'
        ? { mapping, info: this.#toAsked(mapping), listener: undefined }
        : await this.#listen(mapping, signal);
    this.#list.push(forward);
    this.#tellOpened(forward);
    return forward;
  }

  /** Like `open`, but reports a failure instead of throwing it. For a forward that others do not depend on. */
  async tryToOpen(mapping: LocalMapping, signal: AbortSignal): Promise<Forward | undefined> {
    try {
      return await this.open(mapping, signal);
    } catch (error) {
      if (!signal.aborted) this.#tellFailure(this.#toAsked(mapping), error as Error);
      return undefined;
    }
  }

  /** Closes one of them and says why. */
  async shut(forward: Forward, reason: string): Promise<void> {
    this.#list.splice(this.#list.indexOf(forward), 1);
    await forward.listener?.close();
    this.#tell('info', { kind: 'forward-closed', ...describeEnds(forward.info), reason });
  }

  /** From now on this connection carries. Throws `FORWARD_FAILED` when the workspace cannot listen on a port. */
  async carry(connection: SshConnection): Promise<void> {
    for (const { mapping, info } of this.#list)
      if (mapping.kind === 'remote') await this.#listenThere(mapping, info, connection);
    this.#options.carrier.take(connection);
  }

  /** Closes all of them, and refuses whoever still waits for a connection. */
  async close(): Promise<void> {
    this.#options.carrier.end();
    await Promise.all(this.#list.map(({ listener }) => listener?.close()));
  }

  async #listen(mapping: LocalMapping | SocksMapping, signal: AbortSignal): Promise<Forward> {
    const { carrier, anyFreePort, suggest } = this.#options;
    let info = this.#toAsked(mapping);
    const options = {
      address: info.address,
      port: info.port,
      anyFreePort,
      target: mapping.kind === 'socks' ? ('socks' as const) : mapping.remote,
      open: (host: string, to: number) => carrier.openChannel(host, to),
      onFailure: (error: Error) => this.#tellFailure(info, error),
      suggest: (other: number) => suggest({ ...mapping, local: { ...mapping.local, port: other } }, mapping),
    };
    const listener = await this.#world.listeners.listen(options, signal);
    info = toForwardInfo(mapping, listener);
    return { mapping, info, listener };
  }

  async #listenThere(wanted: RemoteMapping, info: ForwardInfo, connection: SshConnection): Promise<void> {
    const { local, remote, ...mapping } = wanted;
    const join = (stream: Duplex) => {
      this.#world.listeners
        .join(stream, local.host, local.port)
        .catch((error: Error) => this.#tellFailure(info, error));
    };
    try {
      await connection.forwardRemote('localhost', remote.port, join);
    } catch (cause) {
      if (!hasCode(cause, 'FORWARD_FAILED')) throw cause;
      const other = remote.port < FIRST_USER_PORT ? remote.port + 8000 : remote.port - 1;
      throw failure('FORWARD_FAILED', {
        message: `The workspace cannot listen on port ${remote.port}`,
        ...(cause.reason === undefined ? {} : { reason: cause.reason }),
        suggestions: [
          advice('Choose a port above 1023 that nothing in the workspace uses'),
          this.#options.suggest({ ...mapping, local, remote: { port: other } }, wanted),
        ],
        cause,
      });
    }
  }

  /** With the end on this machine that was asked for, not the one that it got. */
  #toAsked(mapping: Mapping): ForwardInfo {
    const { local } = mapping;
    const address =
      mapping.kind === 'remote' ? mapping.local.host : (mapping.local.address ?? this.#options.address ?? '127.0.0.1');
    return toForwardInfo(mapping, { address, port: local.port });
  }

  #tellOpened({ mapping, info, listener }: Forward): void {
    const wanted = mapping.local.port;
    if (listener !== undefined && wanted !== 0 && listener.port !== wanted)
      this.#tell('warning', { kind: 'port-moved', wanted, got: listener.port });
    this.#tell('info', { kind: 'forward-opened', ...describeEnds(info) });
  }

  #tellFailure(info: ForwardInfo, error: Error): void {
    this.#tell('warning', { kind: 'forward-failed', ...describeEnds(info), reason: toReason(error, 'address') });
  }

  #tell(level: 'info' | 'warning', notice: Notice): void {
    this.#options.tell({ type: 'noticed', level, notice });
  }
}
