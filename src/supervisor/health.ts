import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';

/** How long the own SSH server may take to greet before it counts as not ready. */
const GREETING_LIMIT_MS = 3000;

/** A good greeting counts for this long: readiness is asked for each second, and each greeting is a process of its own. */
const GREETING_VALID_MS = 10_000;

/** A probe of the kubelet that comes during the start waits for its end, at most this long: it gives up after two seconds. */
const BOOT_WAIT_MS = 1500;

export interface HealthSources {
  lifecycle(): Lifecycle;
  /** Port to greet on; see `SshServer.probePort`. */
  probePort(): number;
  metrics: Metrics;
}

/**
 * `/healthz`: this process answers. `/readyz`: it accepts connections and SSH speaks. `/metrics`: Prometheus.
 * Liveness asks nothing else on purpose: a busy workspace must not be restarted for being busy.
 *
 * It listens before anything else is loaded. The kubelet asks as soon as the container runs and then once a second, so a
 * first answer of "not yet" would make each start a second long.
 */
export class Health {
  readonly #server: Server;
  readonly #started = Promise.withResolvers<HealthSources>();
  readonly #greet: () => Promise<string | undefined>;
  /** Rejects when the port cannot be had. */
  readonly listening: Promise<void>;

  constructor(port: number) {
    this.#greet = rememberGood(async () => findGreetingFault((await this.#started.promise).probePort()));
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: Error) => respond(response, 500, `${error.message}\n`));
    });
    this.listening = new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, resolve);
    });
    // Whoever waits for it is told.
    this.listening.catch(() => undefined);
  }

  /** The port that was asked for, or the one that was free where that was 0. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The start is over: what waits is answered, from these. */
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
    const fault = state === 'ready' ? await this.#greet() : state;
    return fault === undefined ? respond(response, 200, 'ok\n') : respond(response, 503, `${fault}\n`);
  }
}

function respond(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  response.end(body);
}

/** Asks again at once after a fault, and after a while when there was none. */
function rememberGood(findFault: () => Promise<string | undefined>): () => Promise<string | undefined> {
  let goodUntilMs = 0;
  return async () => {
    if (performance.now() < goodUntilMs) return undefined;
    const fault = await findFault();
    goodUntilMs = fault === undefined ? performance.now() + GREETING_VALID_MS : 0;
    return fault;
  };
}

/** Connects as a client would and waits for the SSH banner. Returns what went wrong, or undefined. */
function findGreetingFault(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const finish = (fault: string | undefined) => {
      socket.destroy();
      resolve(fault);
    };
    socket.setTimeout(GREETING_LIMIT_MS, () => finish('SSH did not greet in time'));
    socket.once('error', (error) => finish(`SSH cannot be reached: ${error.message}`));
    socket.once('close', () => finish('SSH closed without greeting'));
    socket.once('data', (data) =>
      finish(data.toString('latin1').startsWith('SSH-2.0-') ? undefined : 'SSH greeted with something else'),
    );
  });
}
