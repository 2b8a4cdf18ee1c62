import type { Waking } from '../../workspace/sleep/waking.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import { type ConnectOptions, connect, getLoginMeans } from './connect.ts';
import { explainLoss } from './explain-loss.ts';
import { findEndpoint } from './find-endpoint.ts';

export interface LogInRequest {
  /** Its name, or `USER@NAME`. Undefined: the only one there is. */
  workspace: string | undefined;
  waitTimeoutMs: number;
  /** Whether it may wake a workspace that sleeps. */
  waking: Waking;
  connect: ConnectOptions;
}

export interface LoggedIn {
  endpoint: Endpoint;
  connection: SshConnection;
}

/** Finds the workspace, waits for it or wakes it where that is needed, and connects. */
export async function* logInAnew(
  { workspace, waitTimeoutMs, waking, connect: options }: LogInRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, LoggedIn, void> {
  const begin = (starting: Endpoint) => getLoginMeans(starting, options, world, signal);
  const found = yield* findEndpoint(workspace, { waitTimeoutMs, waking, begin }, world, signal);
  const { endpoint, stream, begun: means } = found;
  try {
    return { endpoint, connection: yield* connect({ endpoint, options, given: { stream, means } }, world, signal) };
  } catch (error) {
    throw await explainLoss(error, endpoint.workspace, world, signal);
  }
}
