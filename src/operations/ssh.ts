import type { Operation, ProgressEvent } from '../workspace/events.ts';
import type { SshConnection, World } from '../workspace/world.ts';
import { type ConnectOptions, connect } from './steps/connect.ts';
import { findEndpoint } from './steps/find-endpoint.ts';
import { type SessionForwardChoice, SessionForwards } from './steps/session-forwards.ts';

export interface SshRequest {
  /** Undefined: the only one there is. */
  workspace: string | undefined;
  waitTimeoutMs: number;
  connect: ConnectOptions;
  forwards?: SessionForwardChoice;
}

export interface SshResult {
  /** Open; the caller closes it. */
  connection: SshConnection;
  /** As long as the session; the caller closes them. */
  forwards: SessionForwards | undefined;
}

/** Connects to a workspace that is up, waiting for it if it is just starting. */
export async function* ssh(request: SshRequest, world: World, signal: AbortSignal): Operation<SshResult> {
  const forwards = request.forwards === undefined ? undefined : new SessionForwards(request.forwards, world);
  await forwards?.listen(signal);
  try {
    const connection = yield* findAndConnect(request, world, signal);
    await forwards?.start(connection);
    return { connection, forwards };
  } catch (error) {
    await forwards?.close();
    throw error;
  }
}

async function* findAndConnect(
  request: SshRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, SshConnection, void> {
  const { workspace, waitTimeoutMs } = request;
  yield { type: 'planned', workspace: workspace ?? '', steps: ['find', 'ready', 'host-key', 'connect'] };
  const { endpoint, stream } = yield* findEndpoint(workspace, waitTimeoutMs, world, signal);
  return yield* connect(endpoint, request.connect, world, signal, stream);
}
