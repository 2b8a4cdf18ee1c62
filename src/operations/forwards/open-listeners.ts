import type { ForwardInfo } from '../../workspace/forwards/forward-info.ts';
import { formatAddress, type Mapping, type SocksMapping } from '../../workspace/forwards/mapping.ts';
import type { LocalListener, World } from '../../workspace/world.ts';
import type { Carrier } from './carrier.ts';
import type { Mailbox } from './mailbox.ts';

/** A forward as the table shows it. */
export interface OpenForward {
  local: string;
  remote: string;
  /** The local port that was asked for; 0: any. */
  wanted: number;
  /** Undefined for a port of this machine in the workspace. */
  listener: LocalListener | undefined;
  info: ForwardInfo;
}

export interface ListenChoice {
  /** Local address to listen on, where a forward names none. */
  address: string;
  /** Another local port when the wanted one is taken. */
  anyFreePort: boolean;
}

/** Listens locally and leads to an address as the pod sees it. Throws `LOCAL_PORT_TAKEN`. */
export async function openMapping(
  mapping: Mapping,
  choice: ListenChoice,
  carrier: Carrier,
  mailbox: Mailbox,
  world: World,
  signal: AbortSignal,
): Promise<OpenForward> {
  const { host, port } = mapping.remote;
  const remote = formatAddress(host, port);
  const { address = choice.address } = mapping;
  const onFailure = (error: Error) => mailbox.push(toFailed(formatAddress(address, mapping.local), remote, error));
  const options = { ...choice, address, open: () => carrier.open(host, port), onFailure };
  const listener = await world.listeners.listen(mapping, options, signal);
  const info = { kind: 'local' as const, ...toPlace(listener), remoteHost: host, remotePort: port };
  return { local: formatAddress(listener.address, listener.port), remote, wanted: mapping.local, listener, info };
}

/** A SOCKS server on a local port. Throws `LOCAL_PORT_TAKEN`. */
export async function openSocks(
  { port, address }: SocksMapping,
  choice: ListenChoice,
  carrier: Carrier,
  mailbox: Mailbox,
  world: World,
  signal: AbortSignal,
): Promise<OpenForward> {
  const place = { ...choice, address: address ?? choice.address, port };
  const onFailure = (error: Error) => mailbox.push(toFailed(formatAddress(place.address, port), 'SOCKS', error));
  const open = (host: string, remotePort: number) => carrier.open(host, remotePort);
  const listener = await world.listeners.listenSocks({ ...place, open, onFailure }, signal);
  const info = { kind: 'socks' as const, ...toPlace(listener) };
  return { local: formatAddress(listener.address, listener.port), remote: 'SOCKS', wanted: port, listener, info };
}

function toPlace({ address, port }: LocalListener): { address: string; port: number } {
  return { address, port };
}

/** A connection that could not be carried; the listener stays. */
export function toFailed(local: string, remote: string, error: Error) {
  const notice = { kind: 'forward-failed' as const, local, remote, reason: error.message };
  return { type: 'noticed' as const, level: 'warning' as const, notice };
}
