/** SSH connections over any byte stream. Loads ssh2 on request, or with the first connection. */
import type { Connector } from '../../workspace/world.ts';
import type { ConnectorOptionsSoon } from './connecting/connector-options.ts';

/** Loading blocks this thread for a while, so requests that were just made go out first. */
const PREPARE_AFTER_MS = 5;

export function createConnector(options: ConnectorOptionsSoon): Connector {
  const load = () => import('./connecting/open-connection.ts');
  return {
    prepare() {
      setTimeout(() => load().catch(() => undefined), PREPARE_AFTER_MS).unref();
    },
    async connect(target, signal) {
      const [{ openConnection }, known] = await Promise.all([
        load(),
        typeof options === 'function' ? options() : options,
      ]);
      return openConnection(target, known, signal);
    },
  };
}
