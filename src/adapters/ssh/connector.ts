/** SSH connections over any byte stream. Loads ssh2 when it is told to, or with the first one. */
import type { Connector } from '../../workspace/world.ts';
import type { ConnectorOptions } from './connector-options.ts';

/** Loading keeps this thread for longer than it takes to send off what was asked for just before: that goes first. */
const PREPARE_AFTER_MS = 5;

export function createConnector(options: ConnectorOptions): Connector {
  const load = () => import('./open-connection.ts');
  return {
    prepare() {
      setTimeout(() => load().catch(() => undefined), PREPARE_AFTER_MS).unref();
    },
    async connect(target, signal) {
      const { openConnection } = await load();
      return openConnection(target, options, signal);
    },
  };
}
