/**
 * The composition root: which adapter stands behind which interface of the world. Everything is made on first use, so
 * that a command loads and opens only what it touches.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKnownHosts, pinWherePossible } from '../../adapters/files/known-hosts.ts';
import { makeFolder } from '../../adapters/files/make-folder.ts';
import { openRecentLogins } from '../../adapters/files/recent-logins.ts';
import { openHelm } from '../../adapters/helm/releases.ts';
import { openCluster } from '../../adapters/kubernetes/cluster.ts';
import { listContexts as readContexts } from '../../adapters/kubernetes/kubeconfig/load-access.ts';
import { createListeners } from '../../adapters/ports/listeners.ts';
import { createConnector } from '../../adapters/ssh/connector.ts';
import { createIdentities } from '../../adapters/ssh/keys/identities.ts';
import { findSocket, openSshSettings } from '../../adapters/ssh/keys/ssh-settings.ts';
import { lendTerminal } from '../../adapters/terminal/quiet-input.ts';
import { sayAside, sayNote } from '../../report/notes.ts';
import { interrupted } from '../../workspace/errors/errors.ts';
import type { Place } from '../../workspace/place.ts';
import type { DirectAddress } from '../../workspace/ways/direct.ts';
import { describeWay, type WayTaken } from '../../workspace/ways/ways.ts';
import type { Clock, World } from '../../workspace/world.ts';
import { accountHome, shownHome } from '../terminal/machine.ts';
import { configFolder, homeFolder } from './folders.ts';
import { SERVER_MEMORY } from './server-memory.ts';
import { ownSshConfigFile } from './user-machine.ts';
import { WAY_MEMORY } from './way-memory.ts';

export { openHolder } from '../../adapters/held-connection/open-holder.ts';
export { startHolder } from '../../adapters/held-connection/start-holder.ts';

/** The folder that holds the chart: a bundle's chunks lie deeper than its entry, so it is looked for upwards. */
function findPackageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'chart', 'Chart.yaml')) || folder === path.dirname(folder)) return folder;
  }
}

/**
 * Throws what is wrong with a place that was written down, for a program without a KUBECONFIG of its own. It asks no
 * cluster.
 */
export async function verifyPlace(context: string, namespace: string, files: string[] | undefined): Promise<void> {
  const environment = { ...process.env, KUBECONFIG: files?.join(path.delimiter) };
  void openCluster({ context, namespace, environment, mayRunPlugin: false }).context;
}

/** The contexts of the kubeconfig that a place and the environment name. Throws `KUBECONFIG_INVALID`. */
export function listContexts(place: Place) {
  return readContexts({ ...place, environment: process.env });
}

/** The terminal is free for a program's questions while nobody here reads single keys. */
function hasFreeTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdin.isRaw !== true;
}

/** A plugin runs from here on until the returned function is called: it may ask on the terminal. */
function onProcessEnd(end: () => void): () => void {
  process.once('exit', end);
  const takeBack = lendTerminal();
  return () => {
    takeBack();
    process.off('exit', end);
  };
}

interface WorldOptions {
  /** For who asks for a hint only: then no credential plugin is started. */
  inPassing?: boolean;
  resumes?: boolean;
  /** Says on stderr which way leads to a pod. */
  isVerbose?: boolean;
  direct?: DirectAddress | undefined;
}

/** The real world of a place. */
export async function openWorld(
  place: Place,
  { inPassing = false, resumes = true, isVerbose = false, direct }: WorldOptions = {},
): Promise<World> {
  const environment = process.env;
  const cluster = openCluster({
    ...place,
    environment,
    mayRunPlugin: !inPassing,
    resumes,
    hasTerminal: hasFreeTerminal,
    onMessage: (line) => (inPassing ? undefined : sayAside(process.stderr, line)),
    onProcessEnd,
    memory: inPassing ? undefined : SERVER_MEMORY,
    direct,
    ways: WAY_MEMORY,
    onWay: isVerbose ? openWayTeller() : undefined,
  });
  // Read the kubeconfig here, so that a missing place is reported before anything else.
  const { context, namespace } = cluster;
  return {
    ...openMachineParts({ ...place, context, namespace }),
    cluster,
    recent: openRecentLogins(path.join(configFolder(), 'recent.json'), context, namespace),
  };
}

/** Says it once: who waits for a pod opens streams over and over. */
function openWayTeller(): (taken: WayTaken) => void {
  let last = '';
  return (taken) => {
    const line = `The way to the pod: ${describeWay(taken)}`;
    if (line !== last) sayAside(process.stderr, line);
    last = line;
  };
}

/** The part of the world that needs no cluster. */
export function openMachineParts(place: Place): Omit<World, 'cluster' | 'recent'> {
  const environment = process.env;
  const findSettings = openSshSettings({
    environment,
    homeDirectory: homeFolder(),
    accountHome: accountHome(),
    ownConfigFile: ownSshConfigFile(),
    platform: process.platform,
  });
  return {
    releases: openHelm({
      ...place,
      environment,
      helm: environment.WS_HELM,
      chartPath: path.join(findPackageRoot(), 'chart'),
    }),
    connector: createConnector(async () => ({ agentSocket: findSocket((await findSettings(undefined)).agent) })),
    listeners: createListeners(),
    knownHosts: pinWherePossible(createKnownHosts(path.join(configFolder(), 'known_hosts')), ({ message, reason }) =>
      sayNote(process.stderr, { text: `the host key is pinned for this run alone. ${message}: ${reason}` }),
    ),
    identities: createIdentities({ homeDirectory: homeFolder(), shownHome: shownHome(), makeFolder, findSettings }),
    clock: CLOCK,
  };
}

const CLOCK: Clock = {
  nowMs: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch {
      throw interrupted();
    }
  },
};
