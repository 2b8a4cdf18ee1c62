/** SSH connections over any byte stream. Loads ssh2 with the first one. */
import type { Connector } from '../../workspace/world.ts';
import type { AgentSocket } from './agent-client.ts';

export interface ConnectorOptions {
  /** `SSH_AUTH_SOCK`, a Windows pipe or `pageant`; undefined where there is no agent. */
  agentSocket: AgentSocket | undefined;
}

export function createConnector(options: ConnectorOptions): Connector {
  return {
    async connect(target, signal) {
      const { openConnection } = await import('./open-connection.ts');
      return openConnection(target, options, signal);
    },
  };
}
