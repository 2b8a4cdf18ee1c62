/** The client of a held connection. It is small, and loaded before everything else. */
import path from 'node:path';
import { runHeld } from '../../adapters/held-connection/run-held.ts';
import { findSocketPath } from '../../adapters/held-connection/socket-path.ts';
import { listFiles } from '../../adapters/kubernetes/kubeconfig/kubeconfig-files.ts';
import type { Place } from '../../workspace/place.ts';
import { configFolder, temporaryFolder, xdgFolder } from '../terminal/machine.ts';

declare const WS_APP_VERSION: string;

export { runHeld };

/** The socket at which a workspace's connection is held; undefined where none can be. */
export function findHeldSocket({ context, namespace, kubeconfig }: Place, workspace: string): string | undefined {
  const { env } = process;
  const kubeconfigs = listFiles({ kubeconfig, environment: env }).map((file) => path.resolve(file));
  return findSocketPath(
    { version: WS_APP_VERSION, workspace, context, namespace, kubeconfigs, configFolder: configFolder() },
    { runtime: xdgFolder(env, 'XDG_RUNTIME_DIR'), temporary: temporaryFolder(env) },
  );
}
