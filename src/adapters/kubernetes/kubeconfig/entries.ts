/** What one kubeconfig file defines, by client-go's types (k8s.io/client-go/tools/clientcmd/api/v1/types.go). */
import path from 'node:path';
import { CORE_SCHEMA, loadAll, mergeTag } from 'js-yaml';
import { Fields } from './fields.ts';

/** The names are client-node's, which gets clusters and users as they are. */
export interface ClusterEntry {
  name: string;
  server: string;
  /** Base64 of PEM. */
  caData: string | undefined;
  caFile: string | undefined;
  skipTLSVerify: boolean;
  tlsServerName: string | undefined;
  proxyUrl: string | undefined;
  disableCompression: boolean;
  /** What the cluster has to say to credential plugins: its extension `client.authentication.k8s.io/exec`. */
  execConfig: unknown;
}

export interface UserEntry {
  name: string;
  token: string | undefined;
  tokenFile: string | undefined;
  username: string | undefined;
  password: string | undefined;
  /** Base64 of PEM. */
  certData: string | undefined;
  certFile: string | undefined;
  keyData: string | undefined;
  keyFile: string | undefined;
  impersonateUser: string | undefined;
  impersonateUid: string | undefined;
  impersonateGroups: string[];
  impersonateExtra: Record<string, string[]>;
  authProvider: { name: string; config: Record<string, unknown> } | undefined;
  exec: ExecEntry | undefined;
}

export interface ExecEntry {
  /** Absolute when the file has it with a slash: relative to the file's folder. */
  command: string;
  args: string[];
  env: { name: string; value: string }[];
  apiVersion: string;
  installHint: string | undefined;
  provideClusterInfo: boolean;
  interactiveMode: string;
}

export interface ContextEntry {
  name: string;
  cluster: string;
  user: string;
  namespace: string | undefined;
}

export interface Kubeconfig {
  currentContext: string | undefined;
  clusters: Map<string, ClusterEntry>;
  contexts: Map<string, ContextEntry>;
  users: Map<string, UserEntry>;
}

/** Go's decoder knows merge keys. */
const SCHEMA = CORE_SCHEMA.withTags(mergeTag);

const EXEC_EXTENSION = 'client.authentication.k8s.io/exec';

/** Parses one file's text; `folder` is where its relative paths start. Throws plain errors. */
export function parseKubeconfig(text: string, folder: string): Kubeconfig {
  const document = loadAll(text, { schema: SCHEMA })[0] ?? {};
  if (typeof document !== 'object' || Array.isArray(document)) throw new Error('it is not a map of keys');
  const file = new Fields(document, 'kubeconfig');
  for (const [key, known] of [
    ['apiVersion', 'v1'],
    ['kind', 'Config'],
  ] as const) {
    const found = file.text(key) ?? known;
    if (found !== known) throw new Error(`its ${key} is "${found}" and not "${known}"`);
  }
  const absolute = (name: string | undefined) => (name === undefined ? undefined : path.resolve(folder, name));
  return {
    currentContext: file.text('current-context'),
    clusters: byName(file, 'clusters', 'cluster', (fields, name) => toCluster(fields, name, absolute)),
    contexts: byName(file, 'contexts', 'context', toContext),
    users: byName(file, 'users', 'user', (fields, name) => toUser(fields, name, folder)),
  };
}

/** A name that one file has twice is an error, as in client-go. */
function byName<T>(file: Fields, list: string, key: string, read: (fields: Fields, name: string) => T): Map<string, T> {
  const map = new Map<string, T>();
  for (const entry of file.list(list)) {
    const name = entry.text('name') ?? '';
    if (map.has(name)) throw new Error(`${list} has "${name}" twice`);
    map.set(name, read(entry.map(key) ?? new Fields({}, `${list}.${name}`), name));
  }
  return map;
}

function toCluster(
  fields: Fields,
  name: string,
  absolute: (file: string | undefined) => string | undefined,
): ClusterEntry {
  const extension = fields.list('extensions').find((entry) => entry.text('name') === EXEC_EXTENSION);
  return {
    name,
    server: fields.text('server')?.replace(/\/$/, '') ?? '',
    caData: fields.data('certificate-authority-data'),
    caFile: absolute(fields.text('certificate-authority')),
    skipTLSVerify: fields.flag('insecure-skip-tls-verify'),
    tlsServerName: fields.text('tls-server-name'),
    proxyUrl: fields.text('proxy-url'),
    disableCompression: fields.flag('disable-compression'),
    execConfig: extension?.raw('extension'),
  };
}

function toContext(fields: Fields, name: string): ContextEntry {
  return {
    name,
    cluster: fields.text('cluster') ?? '',
    user: fields.text('user') ?? '',
    namespace: fields.text('namespace'),
  };
}

function toUser(fields: Fields, name: string, folder: string): UserEntry {
  const absolute = (file: string | undefined) => (file === undefined ? undefined : path.resolve(folder, file));
  const authProvider = fields.map('auth-provider');
  const exec = fields.map('exec');
  return {
    name,
    token: fields.text('token'),
    tokenFile: absolute(fields.text('tokenFile')),
    username: fields.text('username'),
    password: fields.text('password'),
    certData: fields.data('client-certificate-data'),
    certFile: absolute(fields.text('client-certificate')),
    keyData: fields.data('client-key-data'),
    keyFile: absolute(fields.text('client-key')),
    impersonateUser: fields.text('as'),
    impersonateUid: fields.text('as-uid'),
    impersonateGroups: fields.texts('as-groups'),
    impersonateExtra: fields.map('as-user-extra')?.textLists() ?? {},
    authProvider: authProvider && {
      name: authProvider.text('name') ?? '',
      config: (authProvider.raw('config') ?? {}) as Record<string, unknown>,
    },
    exec: exec && toExec(exec, folder),
  };
}

function toExec(fields: Fields, folder: string): ExecEntry {
  const command = fields.text('command') ?? '';
  const apiVersion = fields.text('apiVersion') ?? '';
  return {
    // Only what has a slash is a path; anything else is looked for on PATH.
    command: /[\\/]/.test(command) ? path.resolve(folder, command) : command,
    args: fields.texts('args'),
    env: fields.list('env').map((entry) => ({ name: entry.text('name') ?? '', value: entry.text('value') ?? '' })),
    apiVersion,
    installHint: fields.text('installHint'),
    provideClusterInfo: fields.flag('provideClusterInfo'),
    // client-go's default for the version that had no such field.
    interactiveMode: fields.text('interactiveMode') ?? (/\/v1(alpha|beta)1$/.test(apiVersion) ? 'IfAvailable' : ''),
  };
}
