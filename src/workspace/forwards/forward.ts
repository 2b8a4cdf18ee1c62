import type { LocalListener } from '../world.ts';
import { formatAddress, type Mapping } from './mapping.ts';

/** A forward that is open. */
export interface Forward {
  mapping: Mapping;
  info: ForwardInfo;
  /** Undefined for a port of the workspace: nothing listens here then. */
  listener: LocalListener | undefined;
}

/** A forward as numbers, for programs: where something listens, and where it leads. */
export type ForwardInfo = {
  /**
   * `local`: a port of the workspace on this machine. `socks`: a proxy there. `remote`: a port of this machine in the
   * workspace.
   */
  kind: Mapping['kind'];
  /** On this machine: listened on, or with `remote` connected to. */
  address: string;
  port: number;
} & (
  | { kind: 'local' | 'remote' /** As the workspace sees it. */; remoteHost: string; remotePort: number }
  /** A proxy leads anywhere. */
  | { kind: 'socks' }
);

/** `address` and `port` are the end on this machine. */
export function toForwardInfo(mapping: Mapping, { address, port }: { address: string; port: number }): ForwardInfo {
  switch (mapping.kind) {
    case 'local':
      return { kind: 'local', address, port, remoteHost: mapping.remote.host, remotePort: mapping.remote.port };
    case 'remote':
      return { kind: 'remote', address, port, remoteHost: 'localhost', remotePort: mapping.remote.port };
    case 'socks':
      return { kind: 'socks', address, port };
  }
}

/** The two ends as people read them, and where the way between them leads. */
export interface Ends {
  local: string;
  remote: string;
  leadsTo: 'workspace' | 'here';
}

export function describeEnds(info: ForwardInfo): Ends {
  const leadsTo = info.kind === 'remote' ? 'here' : 'workspace';
  return { local: formatAddress(info.address, info.port), remote: describeRemoteEnd(info), leadsTo };
}

function describeRemoteEnd(info: ForwardInfo): string {
  switch (info.kind) {
    case 'local':
      return formatAddress(info.remoteHost, info.remotePort);
    case 'remote':
      return `workspace port ${info.remotePort}`;
    case 'socks':
      return 'SOCKS';
  }
}
