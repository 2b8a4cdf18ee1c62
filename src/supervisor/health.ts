import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Lifecycle } from './lifecycle.ts';
import type { Metrics } from './metrics.ts';

/** How long the own SSH server may take to greet before it counts as not ready. */
const GREETING_LIMIT_MS = 3000;

/** A good greeting counts for this long: readiness is asked for each second, and each greeting is a process of its own. */
const GREETING_VALID_MS = 10_000;

export interface HealthOptions {
  port: number;
  lifecycle(): Lifecycle;
  /** Port to greet on; see `SshServer.probePort`. */
  probePort(): number;
  metrics: Metrics;
}

/**
 * `/healthz`: this process answers. `/readyz`: it accepts connections and SSH speaks. `/metrics`: Prometheus.
 * Liveness asks nothing else on purpose: a busy workspace must not be restarted for being busy.
 */
export function startHealth(options: HealthOptions): Promise<Server> {
  const greet = rememberGood(() => findGreetingFault(options.probePort()));
  const server = createServer((request, response) => {
    answer(request, response, options, greet).catch((error: Error) => respond(response, 500, `${error.message}\n`));
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, () => resolve(server));
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  options: HealthOptions,
  greet: () => Promise<string | undefined>,
): Promise<void> {
  const [path] = (request.url ?? '/').split('?');
  if (request.method !== 'GET' && request.method !== 'HEAD') return respond(response, 405, 'only GET\n');
  if (path === '/healthz') return respond(response, 200, 'ok\n');
  if (path === '/readyz') {
    const fault = options.lifecycle() === 'ready' ? await greet() : options.lifecycle();
    return fault === undefined ? respond(response, 200, 'ok\n') : respond(response, 503, `${fault}\n`);
  }
  if (path === '/metrics') {
    response.setHeader('content-type', options.metrics.contentType);
    return respond(response, 200, await options.metrics.render());
  }
  return respond(response, 404, 'here are /healthz, /readyz and /metrics\n');
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
