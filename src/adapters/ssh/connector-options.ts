import type { AgentSocket } from './agent-client.ts';

export interface ConnectorOptions {
  /** `SSH_AUTH_SOCK`, a Windows pipe or `pageant`; undefined where there is no agent. */
  agentSocket: AgentSocket | undefined;
}
