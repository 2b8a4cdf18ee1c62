/** An open forward as numbers, for programs: where something listens, and where it leads. */
export interface ForwardInfo {
  /** `local`: a port of the workspace on this machine. `socks`: a proxy there. `remote`: a port of this machine in the workspace. */
  kind: 'local' | 'socks' | 'remote';
  /** On this machine: listened on, or with `remote` connected to. */
  address: string;
  port: number;
  /** As the workspace sees it; a proxy leads anywhere. */
  remoteHost?: string;
  remotePort?: number;
}
