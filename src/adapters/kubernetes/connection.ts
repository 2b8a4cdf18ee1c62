/** How a request reaches the API server as the user: TLS, credentials, proxy, all as the kubeconfig says. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { failure } from '../../workspace/errors.ts';
import type { PluginCredential } from './exec-plugin.ts';
import type { Access } from './kubeconfig.ts';
import type { Environment } from './kubeconfig-files.ts';
import { findProxy } from './proxy.ts';

/** What `http.request` and a WebSocket need beside the address. */
export interface Route {
  server: URL;
  agent: http.Agent;
  headers: Record<string, string | string[]>;
}

/** Credentials are dropped this long before they expire, so that none expires on the way. */
const EXPIRY_MARGIN_MS = 10_000;

/**
 * Connections at once for requests and watches; a pod stream leaves this count when it is open. Preflight may ask
 * twenty things at once, and to open a connection for each costs both sides more than to wait for one that is open.
 */
const MOST_SOCKETS = 8;

/** Resolves routes, one agent for as long as the credentials hold, so that connections and TLS sessions are reused. */
export class Connection {
  readonly server: URL;
  readonly #access: Access;
  readonly #environment: Environment;
  readonly #onMessage: (line: string) => void;
  #route: Promise<Route> | undefined;
  /** What `#route` came to. */
  #current: Route | undefined;
  #expiresAtMs = Number.POSITIVE_INFINITY;

  constructor(access: Access, environment: Environment, onMessage: (line: string) => void) {
    this.server = new URL(access.cluster.server);
    this.#access = access;
    this.#environment = environment;
    this.#onMessage = onMessage;
  }

  /** Runs the credential plugin when there is one and its last answer has expired. */
  getRoute(signal: AbortSignal): Promise<Route> {
    if (Date.now() > this.#expiresAtMs - EXPIRY_MARGIN_MS) this.#forget();
    this.#route ??= this.#makeRoute(signal).then(
      (route) => {
        this.#current = route;
        return route;
      },
      (error: unknown) => {
        this.#route = undefined;
        throw error;
      },
    );
    return this.#route;
  }

  /**
   * Forgets the credentials of a route that got a 401: the next request asks the plugin or reads the token file again.
   * Of several requests that were refused together, the first one does it for all.
   */
  renew(refused: Route): void {
    if (this.#current === refused) this.#forget();
  }

  #forget(): void {
    this.#route = undefined;
    this.#current = undefined;
    this.#expiresAtMs = Number.POSITIVE_INFINITY;
  }

  async #makeRoute(signal: AbortSignal): Promise<Route> {
    const { user } = this.#access;
    const credential = user.exec ? await this.#askPlugin(signal) : undefined;
    if (credential?.expiresAtMs !== undefined) this.#expiresAtMs = credential.expiresAtMs;
    const trust = readFiles(() => toTlsOptions(this.#access, credential));
    const headers = toHeaders(this.#access, credential);
    if (user.authProvider && headers['Authorization'] === undefined) {
      headers['Authorization'] = await askAuthProvider(this.#access);
    }
    const proxy = this.#access.cluster.proxyUrl || findProxy(this.server, this.#environment);
    return { server: this.server, agent: await this.#makeAgent(trust, proxy), headers };
  }

  async #askPlugin(signal: AbortSignal): Promise<PluginCredential> {
    const { runExecPlugin } = await import('./exec-plugin.ts');
    return runExecPlugin(this.#access, this.#environment, this.#onMessage, signal);
  }

  async #makeAgent(trust: https.AgentOptions, proxy: string | undefined): Promise<http.Agent> {
    const options = {
      ...trust,
      keepAlive: true,
      keepAliveMsecs: 15_000,
      maxSockets: MOST_SOCKETS,
      scheduling: 'lifo' as const,
    };
    if (proxy !== undefined) {
      const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
      return makeProxyAgent(new KubeConfig(), this.#access, proxy, options);
    }
    if (this.server.protocol !== 'https:') return new http.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS });
    if (trust.ca !== undefined && !this.#access.user.authProvider) skipPublicAuthorities();
    // Made once: each connection would read the certificates again.
    return new https.Agent({ ...options, secureContext: readFiles(() => tls.createSecureContext(trust)) });
  }
}

/**
 * Where the kubeconfig says whom to trust, nobody else is trusted; yet Node parses its 140 public authorities first, only to
 * compare two pointers (`SecureContext::GetCertStoreOwnedByThisSecureContext`, 5 ms of each command). Before Node 22.19 it cannot be spared.
 */
function skipPublicAuthorities(): void {
  const set: typeof tls.setDefaultCACertificates | undefined = tls.setDefaultCACertificates;
  set?.([]);
}

/** client-node knows HTTP and SOCKS proxies; the method that makes its agents is private in its types alone. */
function makeProxyAgent(
  config: object,
  { cluster }: Access,
  proxyUrl: string,
  options: https.AgentOptions,
): http.Agent {
  type AgentMaker = { createAgent(cluster: object, options: https.AgentOptions): http.Agent };
  return (config as AgentMaker).createAgent({ ...cluster, proxyUrl }, options);
}

function toTlsOptions({ cluster, user }: Access, credential: PluginCredential | undefined): https.AgentOptions {
  const decode = (data: string | undefined) => (data ? Buffer.from(data, 'base64') : undefined);
  const read = (file: string | undefined) => (file ? readFileSync(file) : undefined);
  const options: https.AgentOptions = { minVersion: 'TLSv1.2' };
  // As in client-go, data in the file goes before a path.
  const ca = decode(cluster.caData) ?? read(cluster.caFile);
  const cert = credential?.certificate ?? decode(user.certData) ?? read(user.certFile);
  const key = credential?.key ?? decode(user.keyData) ?? read(user.keyFile);
  if (ca !== undefined) options.ca = ca;
  if (cert !== undefined) options.cert = cert;
  if (key !== undefined) options.key = key;
  if (cluster.skipTLSVerify) options.rejectUnauthorized = false;
  if (cluster.tlsServerName) options.servername = cluster.tlsServerName;
  return options;
}

function toHeaders({ user }: Access, credential: PluginCredential | undefined): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {};
  const fromFile =
    user.tokenFile === undefined ? undefined : readFiles(() => readFileSync(user.tokenFile as string, 'utf8').trim());
  const token = credential?.token ?? fromFile ?? user.token;
  if (token) headers['Authorization'] = `Bearer ${token}`;
  else if (user.username) {
    headers['Authorization'] = `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}`;
  }
  if (user.impersonateUser) headers['Impersonate-User'] = user.impersonateUser;
  if (user.impersonateUid) headers['Impersonate-Uid'] = user.impersonateUid;
  if (user.impersonateGroups?.length) headers['Impersonate-Group'] = user.impersonateGroups;
  return headers;
}

/** OIDC and the older cloud providers, by client-node. Loaded only for them: its module costs a fifth of a second. */
async function askAuthProvider({ cluster, user }: Access): Promise<string> {
  const { KubeConfig } = await import('@kubernetes/client-node/dist/config.js');
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, user);
  const options: https.RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw failure('CREDENTIALS_REJECTED', {
      message: `The kubeconfig's auth provider ${user.authProvider?.name ?? ''} gave no credential`,
      reason: (cause as Error).message,
      suggestions: ['kubectl auth whoami'],
      cause,
    });
  }
  return String((options.headers as Record<string, string> | undefined)?.['Authorization'] ?? '');
}

function readFiles<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw failure('KUBECONFIG_INVALID', {
      message: 'A file that the kubeconfig names cannot be read',
      reason: (cause as Error).message,
      suggestions: ['kubectl config view'],
      cause,
    });
  }
}
