/** SSH connections over any byte stream. Loads ssh2 when it is told to, or with the first one. */
import type { Connector } from '../../workspace/world.ts';
import type { ConnectorOptionsSoon } from './connecting/connector-options.ts';

/** Loading keeps this thread for longer than it takes to send off what was asked for just before: that goes first. */
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
