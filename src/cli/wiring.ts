/**
 * The composition root: which adapter stands behind which interface of the world. Everything is made on first use, so
 * that a command loads and opens only what it touches.
 */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from '../report/leaving.ts';
import type { SettingsStore } from '../workspace/choices/settings.ts';
import { interrupted } from '../workspace/errors/errors.ts';
import { advice, run } from '../workspace/errors/suggestion.ts';
import type { PassphraseStore } from '../workspace/keys/passphrases.ts';
import type { Place } from '../workspace/place.ts';
import type { SshConfigFiles } from '../workspace/ssh-config/ssh-config.ts';
import type { Releases } from '../workspace/state/releases.ts';
import type { Clock, Listeners, World } from '../workspace/world.ts';
import { accountHome, homeFolder, xdgFolder } from './terminal/machine.ts';

/** The folder that holds the chart: a bundle's chunks lie deeper than its entry, so it is looked for upwards. */
function findPackageRoot(): string {
  for (let folder = import.meta.dirname; ; folder = path.dirname(folder)) {
    if (existsSync(path.join(folder, 'chart', 'Chart.yaml')) || folder === path.dirname(folder)) return folder;
  }
}

/** `ws`'s own folder: WS_CONFIG_DIR, else the platform's place for configuration. */
export function configFolder(): string {
  const { env } = process;
  if (env.WS_CONFIG_DIR) return path.resolve(env.WS_CONFIG_DIR);
  if (process.platform === 'win32')
    return path.join(env.APPDATA || path.join(homeFolder(), 'AppData', 'Roaming'), 'ws');
  if (process.platform === 'darwin') return path.join(homeFolder(), 'Library', 'Application Support', 'ws');
  return path.join(xdgFolder(env, 'XDG_CONFIG_HOME') ?? path.join(homeFolder(), '.config'), 'ws');
}

/** Settings load `conf` and its validator, which `ws ssh` can do without when there is no file. */
export async function openSettingsStore(): Promise<SettingsStore> {
  const { openSettings } = await import('../adapters/files/settings-store.ts');
  return openSettings(configFolder(), Date.now());
}

/** The system's keyring; its native part is optional and loaded only when a passphrase is asked for. */
export async function openPassphraseStore(): Promise<PassphraseStore> {
  const { createPassphraseStore } = await import('../adapters/keyring/passphrase-store.ts');
  return createPassphraseStore();
}

/** The socket at which a connection is held; undefined when another process has it. */
export async function openHolderAt(socketPath: string) {
  const { openHolder } = await import('../adapters/held-connection/open-holder.ts');
  return openHolder(socketPath);
}

/** The Host blocks of `ws config-ssh`; there is no such file before. */
export function ownSshConfigFile(): string {
  return path.join(configFolder(), 'ssh_config');
}

/** OpenSSH's configuration: the file of `ws`'s own and the user's, which may have to get its line by hand. */
export async function openSshConfig(toIncludeLine: (ownFile: string) => string): Promise<SshConfigFiles> {
  const { openTextFile } = await import('../adapters/files/text-file.ts');
  const ownFile = ownSshConfigFile();
  const usersFile = path.join(homeFolder(), '.ssh', 'config');
  return {
    own: openTextFile(ownFile, [run('ls')`-l ${ownFile}`]),
    beside: (name) => openTextFile(path.join(configFolder(), name), [run('ls')`-l ${configFolder()}`]),
    users: openTextFile(usersFile, [
      advice(`Put this line at the top of ${usersFile} yourself: ${toIncludeLine(ownFile)}`),
    ]),
  };
}

/** Throws what is wrong with a place that was written down, for a program without a KUBECONFIG of its own. It asks no cluster. */
export async function verifyPlace(context: string, namespace: string, files: string[] | undefined): Promise<void> {
  const { openCluster } = await import('../adapters/kubernetes/cluster.ts');
  const environment = { ...process.env, KUBECONFIG: files?.join(path.delimiter) };
  void openCluster({ context, namespace, environment, mayRunPlugin: false }).context;
}

/** What a program prints that is started as from the desktop; undefined when it fails. */
export async function tryProgram(words: string[], home: string, signal: AbortSignal): Promise<string | undefined> {
  return (await import('../adapters/ssh/try-program.ts')).tryProgram(words, home, signal);
}

/** The terminal is free for a program's questions while nobody here reads single keys. */
function hasFreeTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdin.isRaw !== true;
}

function onProcessEnd(end: () => void): () => void {
  process.once('exit', end);
  return () => process.off('exit', end);
}

/** The real world of a place. `inPassing` is for who asks for a hint only: then no credential plugin is started. */
export async function openWorld(place: Place, { inPassing = false } = {}): Promise<World> {
  const [
    { findSocket, openSshSettings },
    { openCluster },
    { createConnector },
    { createKnownHosts, pinWherePossible },
    { createIdentities },
    { openRecentLogins },
  ] = await Promise.all([
    import('../adapters/ssh/keys/ssh-settings.ts'),
    import('../adapters/kubernetes/cluster.ts'),
    import('../adapters/ssh/connector.ts'),
    import('../adapters/files/known-hosts.ts'),
    import('../adapters/ssh/keys/identities.ts'),
    import('../adapters/files/recent-logins.ts'),
  ]);
  const environment = process.env;
  const findSettings = openSshSettings({
    environment,
    homeDirectory: homeFolder(),
    accountHome: accountHome(),
    ownConfigFile: ownSshConfigFile(),
    platform: process.platform,
  });
  const cluster = openCluster({
    ...place,
    environment,
    mayRunPlugin: !inPassing,
    hasTerminal: hasFreeTerminal,
    onMessage: (line) => say(process.stderr, `${line}\n`),
    onProcessEnd,
  });
  // Read here: that there is no such place is said before anything else.
  const { context, namespace } = cluster;
  return {
    cluster,
    releases: loadedLater(async () => {
      const { openHelm } = await import('../adapters/helm/releases.ts');
      return openHelm({
        environment,
        kubeconfig: place.kubeconfig,
        context,
        namespace,
        helm: environment.WS_HELM,
        chartPath: path.join(findPackageRoot(), 'chart'),
      });
    }),
    connector: createConnector(async () => ({ agentSocket: findSocket((await findSettings(undefined)).agent) })),
    listeners: loadedLater(async () => (await import('../adapters/ports/listeners.ts')).createListeners()),
    knownHosts: pinWherePossible(createKnownHosts(path.join(configFolder(), 'known_hosts')), ({ message, reason }) =>
      say(process.stderr, `Note: the host key is pinned for this run alone. ${message}: ${reason}\n`),
    ),
    identities: createIdentities({ homeDirectory: homeFolder(), findSettings }),
    recent: openRecentLogins(path.join(configFolder(), 'recent.json'), context, namespace),
    clock: CLOCK,
  };
}

/** An adapter of asynchronous methods alone, which is loaded with the first call of one. */
function loadedLater<Adapter extends Releases | Listeners>(load: () => Promise<Adapter>): Adapter {
  let adapter: Promise<Adapter> | undefined;
  const call =
    (name: string | symbol) =>
    async (...values: unknown[]) => {
      adapter ??= load();
      const loaded = await adapter;
      return Reflect.apply(Reflect.get(loaded, name) as () => unknown, loaded, values);
    };
  return new Proxy({} as Adapter, { get: (_, name) => call(name) });
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
