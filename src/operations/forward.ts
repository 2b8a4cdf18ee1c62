import { hasCode } from '../workspace/errors.ts';
import type { Operation, ProgressEvent } from '../workspace/events.ts';
import { formatAddress, type Mapping } from '../workspace/mapping.ts';
import type { LocalListener, SshConnection, World } from '../workspace/world.ts';
import { awaitReady } from './steps/await-ready.ts';
import { Carrier, openRemotes } from './steps/carrier.ts';
import { type ConnectOptions, connect } from './steps/connect.ts';
import { selectWorkspace } from './steps/select-workspace.ts';
import { verifyRunning } from './steps/verify-running.ts';

/** Between tries to reconnect, doubling from the first to the last. */
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5000;

export interface ForwardRequest {
  workspace: string | undefined;
  mappings: Mapping[];
  /** Ports of this machine that the workspace shall reach: `remote` is listened on in the pod, `local` is connected to here. */
  remoteMappings: Mapping[];
  /** A SOCKS5 server on this local port. */
  socksPort: number | undefined;
  /** Local address to listen on. */
  address: string;
  /** Another local port when the wanted one is taken. */
  anyFreePort: boolean;
  waitTimeoutMs: number;
  connect: ConnectOptions;
  /** Told once all listeners are open. */
  opened(forwards: OpenForward[]): void;
}

/** A forward as the table shows it. */
export interface OpenForward {
  local: string;
  remote: string;
  listener: LocalListener | undefined;
}

/**
 * Carries local ports to the workspace until the signal fires. The local listeners stay open through a lost connection:
 * it is made anew, to whatever pod the workspace has by then, and says so.
 */
export async function* forward(request: ForwardRequest, world: World, signal: AbortSignal): Operation<void> {
  yield {
    type: 'planned',
    workspace: request.workspace ?? '',
    steps: ['find', 'ready', 'host-key', 'connect', 'forward'],
  };
  const carrier = new Carrier(world, signal);
  await using listeners = new AsyncDisposableStack();
  // Taken local ports are found before anything is asked of the cluster.
  const opened = await openListeners(request, carrier, world, signal, listeners);
  carrier.connection = yield* connectTo(request, world, signal);
  await openRemotes(request.remoteMappings, carrier, world);
  yield { type: 'started', step: 'forward' };
  for (const { wanted, forward } of opened) {
    if (forward.listener !== undefined && wanted !== 0 && forward.listener.port !== wanted) {
      yield { type: 'noticed', level: 'warning', notice: { kind: 'port-moved', wanted, got: forward.listener.port } };
    }
    yield {
      type: 'noticed',
      level: 'info',
      notice: { kind: 'forward-opened', local: forward.local, remote: forward.remote },
    };
  }
  yield { type: 'finished', step: 'forward' };
  request.opened(opened.map(({ forward }) => forward));
  try {
    yield* keepConnected(request, carrier, world, signal);
  } finally {
    await carrier.connection?.close();
  }
}

async function* connectTo(
  request: ForwardRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, SshConnection, void> {
  yield { type: 'started', step: 'find' };
  const snapshot = await selectWorkspace(request.workspace, world, signal);
  verifyRunning(snapshot);
  yield {
    type: 'finished',
    step: 'find',
    fact: { kind: 'found', workspace: snapshot.name, pod: snapshot.pod?.name, ready: snapshot.pod?.ready ?? false },
  };
  yield { type: 'started', step: 'ready' };
  const ready =
    snapshot.pod?.ready === true
      ? { snapshot, pod: snapshot.pod }
      : yield* awaitReady(snapshot.name, world, request.waitTimeoutMs, signal);
  yield { type: 'finished', step: 'ready' };
  return yield* connect(ready, request.connect, world, signal);
}

async function openListeners(
  request: ForwardRequest,
  carrier: Carrier,
  world: World,
  signal: AbortSignal,
  stack: AsyncDisposableStack,
) {
  const opened: { wanted: number; forward: OpenForward }[] = [];
  const { address, anyFreePort } = request;
  for (const mapping of request.mappings) {
    const { host, port } = mapping.remote;
    const remote = formatAddress(host, port);
    const onFailure = (error: Error) =>
      carrier.failures.push({ local: String(mapping.local), remote, reason: error.message });
    const listener = stack.use(
      await world.listeners.listen(
        mapping,
        { address, anyFreePort, open: () => carrier.open(host, port), onFailure },
        signal,
      ),
    );
    opened.push({
      wanted: mapping.local,
      forward: { local: formatAddress(listener.address, listener.port), remote, listener },
    });
  }
  if (request.socksPort !== undefined) {
    const onFailure = (error: Error) => carrier.failures.push({ local: 'SOCKS', remote: 'any', reason: error.message });
    const listener = stack.use(
      await world.listeners.listenSocks(
        { address, port: request.socksPort, anyFreePort, open: (host, port) => carrier.open(host, port), onFailure },
        signal,
      ),
    );
    opened.push({
      wanted: request.socksPort,
      forward: { local: formatAddress(listener.address, listener.port), remote: 'SOCKS5', listener },
    });
  }
  for (const mapping of request.remoteMappings) {
    opened.push({
      wanted: 0,
      forward: {
        local: formatAddress('127.0.0.1', mapping.local),
        remote: `workspace port ${mapping.remote.port}`,
        listener: undefined,
      },
    });
  }
  return opened;
}

async function* keepConnected(
  request: ForwardRequest,
  carrier: Carrier,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  while (!signal.aborted) {
    const ended = await Promise.race([
      carrier.connection?.ended.then((error) => ({ error })),
      world.clock.sleep(500, signal).catch(() => undefined),
    ]);
    for (const { local, remote, reason } of carrier.failures.splice(0)) {
      yield { type: 'noticed', level: 'warning', notice: { kind: 'forward-failed', local, remote, reason } };
    }
    if (ended === undefined || signal.aborted) continue;
    carrier.connection = undefined;
    yield {
      type: 'noticed',
      level: 'warning',
      notice: { kind: 'connection-lost', reason: ended.error?.message ?? 'closed by the workspace' },
    };
    const lostAtMs = world.clock.nowMs();
    carrier.connection = yield* reconnect(request, world, signal);
    if (carrier.connection === undefined) return;
    await openRemotes(request.remoteMappings, carrier, world);
    yield {
      type: 'noticed',
      level: 'info',
      notice: { kind: 'connection-restored', afterMs: world.clock.nowMs() - lostAtMs },
    };
  }
}

/** Tries until it works or the signal fires. A workspace that is gone or stopped ends it: nobody wants it back by accident. */
async function* reconnect(
  request: ForwardRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, SshConnection | undefined, void> {
  let waitMs = FIRST_RETRY_MS;
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      return yield* connectTo(request, world, signal);
    } catch (error) {
      if (
        hasCode(
          error,
          'WORKSPACE_MISSING',
          'WORKSPACE_STOPPED',
          'HOST_KEY_CHANGED',
          'KEY_NOT_AUTHORIZED',
          'INTERRUPTED',
        )
      )
        throw error;
      yield {
        type: 'advanced',
        step: 'connect',
        fact: { kind: 'reconnecting', attempt, reason: (error as Error).message },
      };
    }
    await world.clock.sleep(waitMs * (0.75 + Math.random() / 2), signal).catch(() => undefined);
    waitMs = Math.min(waitMs * 2, LAST_RETRY_MS);
  }
  return undefined;
}
