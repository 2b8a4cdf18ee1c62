/** SSH connections over any byte stream. Loads ssh2 with the first one. */
import type { Connector } from '../../workspace/world.ts';
import type { ConnectorOptions } from './connector-options.ts';

export function createConnector(options: ConnectorOptions): Connector {
  return {
    async connect(target, signal) {
      const { openConnection } = await import('./open-connection.ts');
      return openConnection(target, options, signal);
    },
  };
}
