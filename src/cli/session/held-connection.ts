/** A connection that one `ws` leaves open for the next: at which socket, and the process that holds it. */
import path from 'node:path';
import { findSocketPath } from '../../adapters/held-connection/socket-path.ts';
import { startHolder } from '../../adapters/held-connection/start-holder.ts';
import { listFiles } from '../../adapters/kubernetes/kubeconfig/kubeconfig-files.ts';
import type { Place } from '../../workspace/place.ts';
import { configFolder, temporaryFolder, xdgFolder } from '../terminal/machine.ts';

declare const WS_APP_VERSION: string;

/** A workspace and where it is. */
type WorkspaceAt = Place & { workspace: string };

/** Whether the environment allows that commands share a connection. Who names a key wants that one, not the one that a connection was made with. */
export function mayShare(): boolean {
  const { WS_SHARE = '', WS_IDENTITY = '' } = process.env;
  return WS_IDENTITY === '' && !/^(0|no|false|off)$/i.test(WS_SHARE);
}

/** The socket's path; undefined where connections cannot be held. */
export async function findHeldSocket(place: WorkspaceAt): Promise<string | undefined> {
  const { env } = process;
  return findSocketPath(
    {
      version: WS_APP_VERSION,
      workspace: place.workspace,
      context: place.context ?? env.WS_CONTEXT,
      namespace: place.namespace ?? env.WS_NAMESPACE,
      kubeconfigs: listFiles({ kubeconfig: place.kubeconfig, environment: env }).map(toAbsolute),
      configFolder: configFolder(),
    },
    { runtime: xdgFolder(env, 'XDG_RUNTIME_DIR'), temporary: temporaryFolder(env) },
  );
}

/** Starts the process that holds a connection for the commands to come; it ends at once where there is one already. */
export async function startHolding(place: WorkspaceAt, root: string, passphrase: string | undefined): Promise<void> {
  const { env } = process;
  const files = env.KUBECONFIG === undefined ? {} : { KUBECONFIG: toAbsoluteList(env.KUBECONFIG) };
  const flags = (['context', 'namespace'] as const).flatMap((name) => {
    const value = place[name];
    return value === undefined ? [] : [`--${name}`, value];
  });
  const kubeconfig = place.kubeconfig === undefined ? [] : ['--kubeconfig', toAbsolute(place.kubeconfig)];
  startHolder(
    [process.execPath, path.join(root, 'bin', 'run.js'), 'hold', place.workspace, ...flags, ...kubeconfig],
    { ...env, ...files },
    passphrase ?? '',
  );
}

function toAbsolute(file: string): string {
  return path.resolve(file);
}

function toAbsoluteList(files: string): string {
  return files
    .split(path.delimiter)
    .map((file) => (file === '' ? '' : toAbsolute(file)))
    .join(path.delimiter);
}
