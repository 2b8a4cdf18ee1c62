import type { AgentSocket } from '../keys/agent-client.ts';

export interface ConnectorOptions {
  /** The agent's socket, a Windows pipe or `pageant`; undefined where there is no agent. */
  agentSocket: AgentSocket | undefined;
}

/** Options of which some are still to be found out. */
export type ConnectorOptionsSoon = ConnectorOptions | (() => Promise<ConnectorOptions>);
