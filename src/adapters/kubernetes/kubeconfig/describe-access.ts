import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { ApiAccess, Credentials } from '../../../workspace/api-access.ts';
import { IN_CLUSTER } from '../../../workspace/state/selectors.ts';
import { findProxy, findProxyVariable } from '../api/proxy/find-proxy.ts';
import { toTrust } from '../api/trust.ts';
import { needsPlugin } from '../credentials/headers.ts';
import type { UserEntry } from './entries.ts';
import { type Environment, listFiles, type PlaceInEnvironment } from './kubeconfig-files.ts';
import type { Access } from './load-access.ts';

/** Where an access comes from and what it rests on, for a person to check. It starts nothing. */
export function describeAccess(access: Access, place: PlaceInEnvironment): ApiAccess {
  const files = access.context === IN_CLUSTER ? [] : listFiles(place);
  return {
    files: files.map((file) => ({ path: file, isThere: existsSync(file) })),
    credentials: describeCredentials(access.user, place.environment),
    variables: listVariables(access, place.environment),
  };
}

/** Only those that count: a proxy-url, NO_PROXY or a certificate-authority may leave them without a say. */
function listVariables(access: Access, environment: Environment): string[] {
  const { proxyUrl, server } = access.cluster;
  const url = new URL(server);
  // With REQUEST_METHOD, no proxy of the environment is used.
  const isProxied =
    proxyUrl === undefined && !environment['REQUEST_METHOD'] && findProxy(url, environment) !== undefined;
  const trustsMachine = toTrust(access).kind === 'system' && Boolean(environment['NODE_EXTRA_CA_CERTS']);
  return [
    ...(isProxied ? [findProxyVariable(url, environment)] : []),
    ...(trustsMachine ? ['NODE_EXTRA_CA_CERTS'] : []),
  ];
}

function describeCredentials(user: UserEntry, environment: Environment): Credentials {
  if (user.exec !== undefined && needsPlugin(user)) {
    const { command, installHint } = user.exec;
    return { kind: 'plugin', command, foundAt: findProgram(command, environment), installHint };
  }
  if (user.token !== undefined || user.tokenFile !== undefined) return { kind: 'token' };
  if (user.username !== undefined) return { kind: 'password' };
  if (user.certData !== undefined || user.certFile !== undefined) return { kind: 'certificate' };
  return { kind: user.authProvider === undefined ? 'none' : 'auth-provider' };
}

/** As a shell finds it: a path is one, and anything else is looked for on PATH. */
export function findProgram(command: string, environment: Environment): string | undefined {
  const folders = path.isAbsolute(command) ? [''] : (environment['PATH'] ?? '').split(path.delimiter);
  const endings = process.platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  return folders
    .flatMap((folder) => endings.map((ending) => path.join(folder, `${command}${ending}`)))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
