/** SSH connections over any byte stream. Loads ssh2 when it is told to, or with the first one. */
import type { Connector } from '../../workspace/world.ts';
import type { ConnectorOptions } from './connector-options.ts';

export function createConnector(options: ConnectorOptions): Connector {
  const load = () => import('./open-connection.ts');
  return {
    prepare() {
      load().catch(() => undefined);
    },
    async connect(target, signal) {
      const { openConnection } = await load();
      return openConnection(target, options, signal);
    },
  };
}
