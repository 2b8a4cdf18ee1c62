/** How a request reaches the API server as the user: TLS, credentials, proxy, all as the kubeconfig says. */

import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { failure } from '../../../workspace/errors/errors.ts';
import type { PluginCredential } from '../credentials/exec-credential.ts';
import { type PluginWorld, runExecPlugin } from '../credentials/exec-plugin.ts';
import { needsPlugin, toHeaders } from '../credentials/headers.ts';
import { PluginCredentials } from '../credentials/plugin-credentials.ts';
import type { Access } from '../kubeconfig/load-access.ts';
import { findProxy, findProxyVariable } from './proxy/find-proxy.ts';
import { makeProxyAgent } from './proxy/proxy-agent.ts';
import type { Proxy } from './proxy/proxy-error.ts';
import { readServerDates, type ServerDates } from './server-dates.ts';
import { readFiles, toTlsOptions } from './trust.ts';

/** What `http.request` and a WebSocket need beside the address. */
export interface Route {
  server: URL;
  agent: http.Agent;
  headers: Record<string, string | string[]>;
  /** The user's, as PEM. */
  certificate: https.AgentOptions['cert'];
}

/**
 * Connections at once for requests and watches; a pod stream leaves this count when it is open. Preflight may ask
 * twenty things at once, and to open a connection for each costs both sides more than to wait for one that is open.
 */
const MOST_SOCKETS = 8;

/** Where a connection gets its access from, and what has changed of it since. */
export interface AccessSource {
  readonly current: Access;
  /** Reads the kubeconfig again if its files have changed; true when they have. Throws what reading it throws. */
  refresh(): boolean;
}

export interface ConnectionOptions extends PluginWorld {
  /** False for those who ask in passing: no credential plugin is started for them, and none opens a browser. */
  mayRunPlugin: boolean;
}

/** A route, and the plugin's credential that is in it. */
interface Made {
  credential: PluginCredential | undefined;
  route: Promise<Route>;
}

/** Resolves routes, one agent for as long as the credentials hold, so that connections and TLS sessions are reused. */
export class Connection {
  readonly #source: AccessSource;
  readonly #options: ConnectionOptions;
  #plugin: PluginCredentials | undefined;
  #made: Made | undefined;
  /** What `#made` came to. */
  #current: Route | undefined;
  /** The last credentials were refused, or there were none: the kubeconfig may have others by now. */
  #isTroubled = false;

  constructor(source: AccessSource, options: ConnectionOptions) {
    this.#source = source;
    this.#options = options;
  }

  get server(): URL {
    return new URL(this.#source.current.cluster.server);
  }

  /** Whether a proxy stands before the API server: then it is the proxy that refuses a connection. */
  get usesProxy(): boolean {
    return this.#findProxy(this.server, this.#source.current.cluster.proxyUrl) !== undefined;
  }

  /**
   * The user's route. A credential plugin is run when there is one and its last answer has expired; it is this
   * connection's, and the signal only ends the wait for it.
   */
  async getRoute(signal: AbortSignal): Promise<Route> {
    if (this.#isTroubled) this.#refresh();
    try {
      const credential = await this.#getCredential(signal);
      const made = this.#made;
      return await (made !== undefined && made.credential === credential ? made.route : this.#make(credential));
    } catch (error) {
      if (!signal.aborted) {
        this.#made = undefined;
        this.#isTroubled = true;
      }
      throw error;
    }
  }

  /**
   * Forgets the credentials of a route that got a 401: the next request asks the plugin or reads the files again. Of
   * several requests that were refused together, the first one does it for all.
   */
  renew(refused: Route): void {
    if (this.#current !== refused) return;
    const credential = this.#made?.credential;
    this.#made = undefined;
    this.#current = undefined;
    this.#isTroubled = true;
    if (credential !== undefined) this.#plugin?.refuse(credential);
  }

  /** The server took the credentials of a route. */
  confirm(route: Route): void {
    if (this.#current !== route) return;
    this.#isTroubled = false;
    if (this.#made?.credential !== undefined) this.#plugin?.accept(this.#made.credential);
  }

  async #make(credential: PluginCredential | undefined): Promise<Route> {
    const made = { credential, route: this.#makeRoute(credential) };
    this.#made = made;
    const route = await made.route;
    if (this.#made === made) this.#current = route;
    return route;
  }

  #refresh(): void {
    if (!this.#source.refresh()) return;
    this.#plugin = undefined;
    this.#made = undefined;
    this.#current = undefined;
  }

  async #getCredential(signal: AbortSignal): Promise<PluginCredential | undefined> {
    const access = this.#source.current;
    const { exec } = access.user;
    if (exec === undefined || !isEncrypted(access) || !needsPlugin(access.user)) return undefined;
    if (!this.#options.mayRunPlugin) {
      throw failure('CREDENTIALS_REJECTED', {
        message: `The kubeconfig's credential plugin is not started for this`,
        reason: 'it might open a browser',
      });
    }
    this.#plugin ??= new PluginCredentials((end) => runExecPlugin(access, exec, this.#options, end));
    return this.#plugin.get(signal);
  }

  async #makeRoute(credential: PluginCredential | undefined): Promise<Route> {
    const access = this.#source.current;
    const { user, cluster } = access;
    const trust = toTlsOptions(access, credential);
    const headers = toHeaders(user, credential, isEncrypted(access));
    const server = this.server;
    const agent = await makeAgent(access, trust, this.#findProxy(server, cluster.proxyUrl));
    return { server, agent, headers, certificate: trust.cert };
  }

  /** Undefined where they cannot be seen, as through a proxy. */
  async readServerDates(): Promise<ServerDates | undefined> {
    const { proxyUrl, tlsServerName } = this.#source.current.cluster;
    if (this.#findProxy(this.server, proxyUrl) !== undefined) return undefined;
    return readServerDates(this.server, tlsServerName);
  }

  #findProxy(server: URL, named: string | undefined): Proxy | undefined {
    if (named !== undefined) return { url: named, variable: undefined };
    const { environment } = this.#options;
    const url = findProxy(server, environment);
    return url === undefined ? undefined : { url, variable: findProxyVariable(server, environment) };
  }
}

/** As client-go, no credentials are sent where everybody on the way could read them. */
function isEncrypted({ cluster }: Access): boolean {
  return cluster.server.startsWith('https:');
}

async function makeAgent(access: Access, trust: https.AgentOptions, proxy: Proxy | undefined): Promise<http.Agent> {
  const options = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets: MOST_SOCKETS, scheduling: 'lifo' as const };
  if (proxy !== undefined) return makeProxyAgent(proxy, new URL(access.cluster.server), trust, options);
  if (!isEncrypted(access)) return new http.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS });
  if (trust.ca !== undefined) skipPublicAuthorities();
  // Made once: each connection would read the certificates again.
  const secureContext = readFiles(() => tls.createSecureContext(trust));
  return new https.Agent({ ...trust, ...options, secureContext });
}

/**
 * If the kubeconfig says whom to trust, nobody else is trusted; yet Node parses its 140 public authorities first, only
 * to compare two pointers (`SecureContext::GetCertStoreOwnedByThisSecureContext`, 5 ms of each command). Before Node
 * 22.19 it cannot be spared.
 */
function skipPublicAuthorities(): void {
  const set: typeof tls.setDefaultCACertificates | undefined = tls.setDefaultCACertificates;
  set?.([]);
}
