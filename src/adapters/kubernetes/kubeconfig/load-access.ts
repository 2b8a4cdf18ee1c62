/**
 * The kubeconfig as kubectl reads it: the files of KUBECONFIG or ~/.kube/config, the first file to define a name wins,
 * paths are relative to the file that holds them, and inside a pod its service account
 * (k8s.io/client-go/tools/clientcmd: `ClientConfigLoadingRules.Load`, `DeferredLoadingClientConfig`).
 */

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { failure } from '../../../workspace/errors/errors.ts';
import { toReason } from '../../../workspace/errors/foreign/to-reason.ts';
import { findNearest } from '../../../workspace/errors/nearest.ts';
import { toQuoted } from '../../../workspace/errors/printable.ts';
import { again, kubectl, run, ws } from '../../../workspace/errors/suggestion.ts';
import { IN_CLUSTER } from '../../../workspace/state/selectors.ts';
import { type ClusterEntry, type ContextEntry, type Kubeconfig, parseKubeconfig, type UserEntry } from './entries.ts';
import { listFiles, type PlaceInEnvironment } from './kubeconfig-files.ts';
import { listFaults } from './rules.ts';

/** One context, resolved: where to connect and as whom. */
export interface Access {
  context: string;
  namespace: string;
  cluster: ClusterEntry;
  user: UserEntry;
}

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Throws `KUBECONFIG_MISSING`, `KUBECONFIG_INVALID` or `CONTEXT_UNKNOWN`. */
export function loadAccess(place: PlaceInEnvironment): Access {
  const found = listFiles(place)
    .map(readKubeconfig)
    .filter((file) => file !== undefined);
  if (found.length === 0) return loadServiceAccount(place) ?? throwMissing(place);
  const files = found.map(({ file }) => file);
  const config = mergeAll(found.map(({ config: own }) => own));
  const name = place.context || config.currentContext;
  const context = name === undefined ? undefined : config.contexts.get(name);
  if (name === undefined || context === undefined)
    return (name === undefined ? loadServiceAccount(place) : undefined) ?? throwUnknown(name, config, place);
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined)
    throw invalid(files, `context "${name}" names the cluster "${context.cluster}", which is not there`);
  // A user that nobody defines is nobody, as for kubectl.
  const user = config.users.get(context.user) ?? nobody(context.user);
  const faults = listFaults(cluster, user);
  if (faults.length > 0) throw invalid(files, faults.join('; '));
  return { context: name, namespace: place.namespace ?? context.namespace ?? 'default', cluster, user };
}

/** Every context that the files define, in their order. Throws `KUBECONFIG_INVALID`. */
export function listContexts(place: PlaceInEnvironment): ContextEntry[] {
  const files = listFiles(place).map(readKubeconfig);
  return [...mergeAll(files.flatMap((file) => (file === undefined ? [] : [file.config]))).contexts.values()];
}

/** Undefined when there is no such file; one that is there and cannot be read is an error. */
function readKubeconfig(file: string): { file: string; config: Kubeconfig } | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid([file], toReason(cause, 'file'), cause);
  }
  try {
    return { file, config: parseKubeconfig(text, path.dirname(path.resolve(file))) };
  } catch (error) {
    // Not as a cause: YAML's errors carry the whole text, and with it tokens.
    throw invalid([file], toReason(error, 'file'));
  }
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
function loadServiceAccount(place: PlaceInEnvironment): Access | undefined {
  const host = place.environment['KUBERNETES_SERVICE_HOST'];
  const port = place.environment['KUBERNETES_SERVICE_PORT'];
  const tokenFile = `${SERVICE_ACCOUNT}/token`;
  if (place.kubeconfig !== undefined || !host || !port || !existsSync(tokenFile)) return undefined;
  const namespaceFile = `${SERVICE_ACCOUNT}/namespace`;
  const own = existsSync(namespaceFile) ? readFileSync(namespaceFile, 'utf8').trim() : 'default';
  return {
    context: IN_CLUSTER,
    namespace: place.namespace ?? (place.environment['POD_NAMESPACE'] || own),
    cluster: {
      name: IN_CLUSTER,
      server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
      caData: undefined,
      caFile: `${SERVICE_ACCOUNT}/ca.crt`,
      skipTLSVerify: false,
      tlsServerName: undefined,
      proxyUrl: undefined,
      disableCompression: false,
      execConfig: undefined,
    },
    user: { ...nobody('service-account'), tokenFile },
  };
}

function nobody(name: string): UserEntry {
  return {
    name,
    token: undefined,
    tokenFile: undefined,
    username: undefined,
    password: undefined,
    certData: undefined,
    certFile: undefined,
    keyData: undefined,
    keyFile: undefined,
    impersonateUser: undefined,
    impersonateUid: undefined,
    impersonateGroups: [],
    impersonateExtra: {},
    authProvider: undefined,
    exec: undefined,
  };
}

function invalid(files: string[], reason: string, cause?: unknown) {
  return failure('KUBECONFIG_INVALID', {
    message: `The kubeconfig ${files.join(', ')} cannot be used`,
    reason,
    suggestions: [kubectl`config view`, ws`doctor`],
    cause,
  });
}

function throwMissing(place: PlaceInEnvironment): never {
  const files = listFiles(place);
  throw failure('KUBECONFIG_MISSING', {
    message: 'There is no kubeconfig',
    reason: files.length === 0 ? 'neither KUBECONFIG nor HOME is set' : `looked for ${files.join(', ')}`,
    suggestions: [run('export')`KUBECONFIG=PATH`, again({ ...ws`ls`, place: { kubeconfig: 'PATH' } })],
  });
}

function throwUnknown(name: string | undefined, config: Kubeconfig, place: PlaceInEnvironment): never {
  const known = [...config.contexts.keys()];
  const files = listFiles(place).join(', ');
  const near = name === undefined ? undefined : findNearest(name, known);
  const others = near === undefined ? known.slice(0, 3) : [near];
  throw failure('CONTEXT_UNKNOWN', {
    message: name === undefined ? 'The kubeconfig has no current context' : `There is no context ${toQuoted(name)}`,
    reason: known.length === 0 ? `${files} defines no context` : `${files} knows ${known.join(', ')}`,
    suggestions: [...others.map((context) => again({ ...ws`ls`, place: { context } })), kubectl`config get-contexts`],
  });
}
