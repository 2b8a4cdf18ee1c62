import { existsSync } from 'node:fs';
import path from 'node:path';
import { examine, type Finding, good, type Judgement, warning } from '../../operations/doctor/examine.ts';
import { WorkspaceError } from '../../workspace/errors/errors.ts';
import { toSystemFailure } from '../../workspace/errors/foreign/system-failure.ts';
import { type Suggestion, ws } from '../../workspace/errors/suggestion.ts';
import { toHostKeyAlias } from '../../workspace/keys/identities.ts';
import { listRememberedHosts, type RememberedHost } from '../../workspace/ssh-config/ssh-config-memory.ts';
import { LAUNCHER_NAME } from '../../workspace/ssh-config/ssh-launcher.ts';
import type { Cluster } from '../../workspace/world.ts';
import { configFolder, homeFolder } from '../terminal/machine.ts';
import { openSshConfig, tryProgram } from '../wiring/user-machine.ts';
import { openWorld, verifyPlace } from '../wiring/world.ts';

/** How long all of it may take. */
const WHOLE_LIMIT_MS = 30_000;

/** How long each cluster may take to say which workspaces there are. */
const LIMIT_MS = 5000;

/** Which workspaces there are where a host leads; undefined where that cannot be told. */
export type FindNames = (host: RememberedHost, signal: AbortSignal) => Promise<string[] | undefined>;

/**
 * Whether what the Host blocks remember is still so, for a program that has none of our environment. Undefined where
 * `ws config-ssh` has not been, or leads nowhere. `here` is the place that is looked at, where it answers.
 */
export async function checkSshConfig(
  signal: AbortSignal,
  here?: ListingCluster,
  findNames: FindNames = findNamesInPassing,
): Promise<Finding | undefined> {
  let isUsed = true;
  const look = async (limited: AbortSignal) => {
    const { own } = await openSshConfig(() => '');
    const hosts = listRememberedHosts(await own.read());
    isUsed = hosts.length > 0;
    return judgeHosts(hosts, here, findNames, limited);
  };
  const finding = await examine('ssh hosts', look, signal, WHOLE_LIMIT_MS);
  return isUsed ? finding : undefined;
}

async function judgeHosts(
  hosts: RememberedHost[],
  here: ListingCluster | undefined,
  findNames: FindNames,
  signal: AbortSignal,
): Promise<Judgement> {
  const faults = [
    await findLauncherFault(hosts, signal),
    ...(await Promise.all(hosts.map(async (host) => toFault(host, await findHostFault(host))))),
    ...(await findGone(hosts, findNames, signal)),
    here === undefined ? undefined : await findHostless(hosts, here, signal),
  ].filter((fault) => fault !== undefined);
  const [first] = faults;
  return first === undefined
    ? good(`${hosts.map(({ name }) => name).join(', ')}; ws is found where an editor's PATH is short`)
    : warning(faults.map(({ what }) => what).join('; '), first.suggestion);
}

/** The part of a cluster that says which workspaces need a host. */
export type ListingCluster = Pick<Cluster, 'context' | 'namespace' | 'listWorkspaces' | 'getClusterId'>;

interface Fault {
  what: string;
  suggestion: Suggestion;
}

function toFault(host: RememberedHost, what: string | undefined): Fault | undefined {
  if (what === undefined) return undefined;
  const suggestion = { ...ws`config-ssh`, place: { context: host.context, namespace: host.namespace } };
  return { what: `${host.name}: ${what}`, suggestion };
}

/** `ws config-ssh` takes the hosts of a place away whose workspaces are gone. A home that is kept may come back. */
async function findGone(hosts: RememberedHost[], findNames: FindNames, signal: AbortSignal): Promise<Fault[]> {
  const places = Map.groupBy(hosts, ({ context, namespace, kubeconfig }) =>
    JSON.stringify([context, namespace, kubeconfig]),
  );
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const found = [...places.values()].map(async ([first, ...others]): Promise<Fault[]> => {
    const names = first === undefined ? undefined : await findNames(first, limit);
    if (first === undefined || names === undefined) return [];
    const gone = [first, ...others].filter(({ workspace }) => !names.includes(workspace));
    const { context, namespace, kubeconfig } = first;
    const place = { context, namespace, ...(kubeconfig === undefined ? {} : { kubeconfig }) };
    const suggestion = { ...ws`config-ssh`, place, note: `removes ${gone.map(({ name }) => name).join(', ')}` };
    return gone.map(({ name }) => ({ what: `${name}: the workspace is gone`, suggestion }));
  });
  return (await Promise.all(found)).flat();
}

/** Workspaces that somebody else made, or whose host an earlier `ws` gave to another namespace's. */
async function findHostless(
  hosts: RememberedHost[],
  cluster: ListingCluster,
  signal: AbortSignal,
): Promise<Fault | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const { context, namespace } = cluster;
  try {
    const [snapshots, clusterId] = await Promise.all([cluster.listWorkspaces(limit), cluster.getClusterId(limit)]);
    const names = snapshots
      .filter(({ deployment }) => deployment?.user !== undefined)
      .map(({ name }) => name)
      .filter((name) => !hosts.some((host) => isHostOf(host, name)));
    if (names.length === 0) return undefined;
    const list = names.join(', ');
    const suggestion = { ...ws`config-ssh`, place: { context, namespace }, note: `gives ${list} a host` };
    return { what: `${list} in namespace ${namespace}: no host`, suggestion };

    function isHostOf(host: RememberedHost, name: string): boolean {
      const isNamed = host.workspace === name && host.context === context && host.namespace === namespace;
      return isNamed || host.hostKeyAlias === toHostKeyAlias(name, namespace, clusterId);
    }
  } catch (error) {
    if (toSystemFailure(error as Error) instanceof WorkspaceError) return undefined;
    throw error;
  }
}

/** Without a login that somebody would have to take part in. */
async function findNamesInPassing({ context, namespace, kubeconfig }: RememberedHost, signal: AbortSignal) {
  // What is no single file is a list, as of KUBECONFIG.
  if (kubeconfig?.includes(path.delimiter) === true) return undefined;
  try {
    const { cluster } = await openWorld({ context, namespace, kubeconfig }, { inPassing: true });
    return (await cluster.listWorkspaces(signal)).map(({ name }) => name);
  } catch (error) {
    if (toSystemFailure(error as Error) instanceof WorkspaceError) return undefined;
    throw error;
  }
}

/** Windows has no launcher. Its blocks name this Node and the program. */
async function findLauncherFault(hosts: RememberedHost[], signal: AbortSignal): Promise<Fault | undefined> {
  if (process.platform === 'win32') return undefined;
  const launcher = path.join(configFolder(), LAUNCHER_NAME);
  const suggestion = ws`config-ssh`;
  const older = hosts.filter(({ proxyCommand }) => !proxyCommand.includes(`/${LAUNCHER_NAME}`)).map(({ name }) => name);
  if (older.length > 0)
    return {
      what: `${older.join(', ')}: an earlier ws wrote it, and a program of the desktop need not find ws`,
      suggestion,
    };
  if (!existsSync(launcher)) return { what: `${launcher}, which starts ws for ssh, is gone`, suggestion };
  const answer = await tryProgram(['/bin/sh', launcher, '--version'], homeFolder(), signal);
  if (answer?.startsWith('ws-workspace/')) return undefined;
  return { what: `${launcher} does not find ws any more where PATH is short`, suggestion };
}

async function findHostFault({ context, namespace, kubeconfig, identityFile }: RememberedHost) {
  if (identityFile !== undefined && !existsSync(identityFile)) return `the key ${identityFile} is gone`;
  try {
    await verifyPlace(context, namespace, kubeconfig?.split(path.delimiter));
    return undefined;
  } catch (thrown) {
    const error = toSystemFailure(thrown as Error);
    if (!(error instanceof WorkspaceError)) throw error;
    return error.reason === undefined ? error.message : `${error.message}: ${error.reason}`;
  }
}
