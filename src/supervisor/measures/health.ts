import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { limitConnections } from '../connections/idle-first.ts';
import type { Lifecycle } from '../lifecycle.ts';
import type { Metrics } from './metrics.ts';

/**
 * A probe of the kubelet that comes during the start waits for its end, at most this long: it gives up after two
 * seconds.
 */
const BOOT_WAIT_MS = 1500;

/** Connections at once. The kubelet has one or two and a scraper one; any number of others take turns with the rest. */
const MOST_CONNECTIONS = 64;

/** A request must arrive whole within this time, or its connection is closed. */
const REQUEST_LIMIT_MS = 5000;

/** How often we check that. */
const LOOK_MS = 1000;

/** A connection on which nothing moves, an answer that nobody takes included. */
const IDLE_LIMIT_MS = 10_000;

export interface HealthSources {
  lifecycle(): Lifecycle;
  /** What is wrong with SSH, or undefined; see `Greeting`. */
  greet(): Promise<string | undefined>;
  metrics: Metrics;
}

/**
 * `/healthz`: this process answers. `/readyz`: it accepts connections and SSH speaks. `/metrics`: Prometheus.
 * Liveness asks nothing else on purpose: a busy workspace must not be restarted for being busy.
 *
 * It listens before anything else is loaded. The kubelet asks as soon as the container runs and then once a second, so
 * a first answer of "not yet" would make each start a second long.
 */
export class Health {
  readonly #server: Server;
  readonly #started = Promise.withResolvers<HealthSources>();
  /** Rejects when the port cannot be opened. */
  readonly listening: Promise<void>;

  constructor(port: number) {
    const limits = {
      headersTimeout: REQUEST_LIMIT_MS,
      requestTimeout: REQUEST_LIMIT_MS,
      keepAliveTimeout: REQUEST_LIMIT_MS,
      connectionsCheckingInterval: LOOK_MS,
    };
    this.#server = createServer(limits, (request, response) => {
      this.#answer(request, response).catch((error: Error) => respond(response, 500, `${error.message}\n`));
    });
    this.#server.setTimeout(IDLE_LIMIT_MS);
    limitConnections(this.#server, MOST_CONNECTIONS);
    this.listening = new Promise((resolve, reject) => {
      // Later errors mean that a connection could not be accepted. It is lost; the next one may be accepted.
      this.#server.on('error', reject);
      this.#server.listen(port, resolve);
    });
    // `listening` rejects for whoever awaits it.
    this.listening.catch(() => undefined);
  }

  /** The port we asked for, or the free one that the kernel picked for 0. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends the start: answers the requests that wait, from these. */
  serve(sources: HealthSources): void {
    this.#started.resolve(sources);
  }

  close(): void {
    this.#server.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path] = (request.url ?? '/').split('?');
    if (request.method !== 'GET' && request.method !== 'HEAD') return respond(response, 405, 'only GET\n');
    if (path === '/healthz') return respond(response, 200, 'ok\n');
    if (path !== '/readyz' && path !== '/metrics')
      return respond(response, 404, 'here are /healthz, /readyz and /metrics\n');
    const sources = await Promise.race([this.#started.promise, sleep(BOOT_WAIT_MS, undefined, { ref: false })]);
    if (sources === undefined) return respond(response, 503, 'booting\n');
    if (path === '/metrics') {
      response.setHeader('content-type', sources.metrics.contentType);
      return respond(response, 200, await sources.metrics.render());
    }
    const state = sources.lifecycle();
    const fault = state === 'ready' ? await sources.greet() : state;
    return fault === undefined ? respond(response, 200, 'ok\n') : respond(response, 503, `${fault}\n`);
  }
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}
