/**
 * The kubeconfig as kubectl reads it: the files of KUBECONFIG or ~/.kube/config, the first file to define a name wins,
 * paths are relative to the file that holds them, and inside a pod its service account. client-node reads the format;
 * the merge is ours, because its own stops at a missing file and at a name that two files define.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node';
import { newClusters, newContexts, newUsers } from '@kubernetes/client-node/dist/config_types.js';
import { loadAll } from 'js-yaml';
import { failure } from '../../workspace/errors.ts';
import { IN_CLUSTER } from '../../workspace/selectors.ts';
import { type KubeconfigChoice, listFiles } from './kubeconfig-files.ts';

/** A kubeconfig user with the fields that client-node's type leaves out. */
export type AccessUser = User & {
  tokenFile?: string | undefined;
  impersonateGroups?: string[] | undefined;
  impersonateUid?: string | undefined;
  /** Folder of the file that defines the user: a relative plugin path starts there. */
  folder: string;
};

/** One context, resolved: where to connect and as whom. */
export interface Access {
  context: string;
  namespace: string;
  cluster: Cluster;
  user: AccessUser;
}

interface Kubeconfig {
  currentContext: string | undefined;
  clusters: Map<string, Cluster>;
  contexts: Map<string, Context>;
  users: Map<string, AccessUser>;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Throws `KUBECONFIG_MISSING`, `KUBECONFIG_INVALID` or `CONTEXT_UNKNOWN`. */
export function loadAccess(choice: KubeconfigChoice): Access {
  const files = listFiles(choice).filter((file) => existsSync(file));
  if (files.length === 0) return loadServiceAccount(choice) ?? throwMissing(choice);
  const config = mergeAll(files.map(readKubeconfig));
  const name = choice.context ?? config.currentContext;
  const context = name === undefined || name === '' ? undefined : config.contexts.get(name);
  if (name === undefined || context === undefined) throw toContextError(name, config, choice);
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined)
    throw invalid(files, `context "${name}" names the cluster "${context.cluster}", which is not there`);
  if (!URL.canParse(cluster.server))
    throw invalid(files, `cluster "${cluster.name}" has the server "${cluster.server}", which is no URL`);
  const user = config.users.get(context.user) ?? { name: context.user, folder: '.' };
  return { context: name, namespace: choice.namespace ?? (context.namespace || 'default'), cluster, user };
}

function readKubeconfig(file: string): Kubeconfig {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw invalid([file], (cause as Error).message, cause);
  }
  try {
    return parseKubeconfig(text, path.dirname(path.resolve(file)));
  } catch (cause) {
    throw invalid([file], (cause as Error).message.split('\n')[0] ?? '', cause);
  }
}

/** Parses one file's text; `folder` is where its relative paths start. Throws plain errors. */
export function parseKubeconfig(text: string, folder: string): Kubeconfig {
  const parsed: unknown = loadAll(text)[0] ?? {};
  if (typeof parsed !== 'object' || Array.isArray(parsed)) throw new Error('it is not a map of keys');
  const raw = parsed as { users?: { name: string; user?: Record<string, unknown> }[]; [key: string]: unknown };
  const entries = (key: string): unknown[] => {
    const list = raw[key] ?? [];
    if (!Array.isArray(list)) throw new Error(`${key} is not a list`);
    return list;
  };
  const absolute = (file: string | undefined) => (file ? path.resolve(folder, file) : undefined);
  const extras = new Map(
    entries('users').map((entry) => {
      const { name, user } = entry as { name: string; user?: Record<string, unknown> };
      return [name, user ?? {}];
    }),
  );
  const clusters = newClusters(entries('clusters')).map((cluster) => ({
    ...cluster,
    caFile: absolute(cluster.caFile),
  }));
  const users = newUsers(entries('users').map(withoutTokenFile)).map((user) => ({
    ...user,
    certFile: absolute(user.certFile),
    keyFile: absolute(user.keyFile),
    tokenFile: absolute(extras.get(user.name)?.['tokenFile'] as string | undefined),
    impersonateGroups: extras.get(user.name)?.['as-groups'] as string[] | undefined,
    impersonateUid: extras.get(user.name)?.['as-uid'] as string | undefined,
    folder,
  }));
  return {
    currentContext: (raw['current-context'] as string | undefined) || undefined,
    clusters: byName(clusters),
    contexts: byName(newContexts(entries('contexts'))),
    users: byName(users),
  };
}

/** client-node would read a `token-file`, which kubectl does not know, at once. */
function withoutTokenFile(entry: unknown): unknown {
  const { user, ...rest } = entry as { user?: Record<string, unknown> };
  return { ...rest, user: { ...user, 'token-file': undefined } };
}

function byName<T extends { name: string }>(items: T[]): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) if (!map.has(item.name)) map.set(item.name, item);
  return map;
}

function mergeAll(configs: Kubeconfig[]): Kubeconfig {
  const merged: Kubeconfig = { currentContext: undefined, clusters: new Map(), contexts: new Map(), users: new Map() };
  for (const config of configs.toReversed()) {
    merged.currentContext = config.currentContext ?? merged.currentContext;
    for (const [name, cluster] of config.clusters) merged.clusters.set(name, cluster);
    for (const [name, context] of config.contexts) merged.contexts.set(name, context);
    for (const [name, user] of config.users) merged.users.set(name, user);
  }
  return merged;
}

/** What a pod's own service account gives; undefined outside a cluster. */
function loadServiceAccount(choice: KubeconfigChoice): Access | undefined {
  const host = choice.environment['KUBERNETES_SERVICE_HOST'];
  const port = choice.environment['KUBERNETES_SERVICE_PORT'];
  const tokenFile = `${SERVICE_ACCOUNT}/token`;
  if (choice.kubeconfig !== undefined || !host || !port || !existsSync(tokenFile)) return undefined;
  const namespaceFile = `${SERVICE_ACCOUNT}/namespace`;
  const own = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : 'default';
  return {
    context: IN_CLUSTER,
    namespace: choice.namespace ?? own,
    cluster: {
      name: IN_CLUSTER,
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      caFile: `${SERVICE_ACCOUNT}/ca.crt`,
      skipTLSVerify: false,
    },
    user: { name: 'service-account', tokenFile, folder: SERVICE_ACCOUNT },
  };
}

function invalid(files: string[], reason: string, cause?: unknown) {
  return failure('KUBECONFIG_INVALID', {
    message: `The kubeconfig ${files.join(', ')} cannot be used`,
    reason,
    suggestions: ['kubectl config view', 'ws doctor'],
    cause,
  });
}

function throwMissing(choice: KubeconfigChoice): never {
  const files = listFiles(choice);
  throw failure('KUBECONFIG_MISSING', {
    message: 'There is no kubeconfig',
    reason: files.length === 0 ? 'neither KUBECONFIG nor HOME is set' : `looked for ${files.join(', ')}`,
    suggestions: ['export KUBECONFIG=PATH', 'ws up --kubeconfig PATH'],
  });
}

function toContextError(name: string | undefined, config: Kubeconfig, choice: KubeconfigChoice) {
  const known = [...config.contexts.keys()];
  const files = listFiles(choice).join(', ');
  return failure('CONTEXT_UNKNOWN', {
    message: name === undefined ? 'The kubeconfig has no current context' : `There is no context "${name}"`,
    reason: known.length === 0 ? `${files} defines no context` : `${files} knows ${known.join(', ')}`,
    suggestions: [...known.slice(0, 3).map((context) => `ws up --context ${context}`), 'kubectl config get-contexts'],
  });
}
