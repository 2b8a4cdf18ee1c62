import { toFingerprint } from '../../workspace/keys/keys.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent, StepId } from '../../workspace/state/events.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import { type ConnectOptions, connect } from './connect.ts';
import { findEndpoint } from './find-endpoint.ts';
import { logInAgain, recall } from './recall.ts';

export interface LogInRequest {
  /** Its name, or `USER@NAME`. Undefined: the only one there is. */
  workspace: string | undefined;
  waitTimeoutMs: number;
  connect: ConnectOptions;
}

export interface LoggedIn {
  endpoint: Endpoint;
  connection: SshConnection;
}

/** The steps that `logIn` reports. */
export const LOG_IN_STEPS: StepId[] = ['find', 'ready', 'host-key', 'connect'];

/**
 * Logs in to a workspace that is up, as the last time where that still works, and waits for one that is just starting.
 */
export async function* logIn(
  request: LogInRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, LoggedIn, void> {
  const { workspace, waitTimeoutMs } = request;
  // Do this while the API server, the kubelet and the runtime are at work.
  world.connector.prepare();
  const again = workspace === undefined ? undefined : yield* logInAsBefore(workspace, request.connect, world, signal);
  if (again !== undefined) return again;
  const endpoint = yield* findEndpoint(workspace, waitTimeoutMs, world, signal);
  return { endpoint, connection: yield* connect({ endpoint, options: request.connect }, world, signal) };
}

async function* logInAsBefore(
  address: string,
  options: ConnectOptions,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, LoggedIn | undefined, void> {
  const recalled = options.acceptHostKey === undefined ? await recall(address, world) : undefined;
  if (recalled === undefined) return undefined;
  const connection = await logInAgain(recalled, options, world, signal);
  if (connection === undefined) return undefined;
  const { endpoint } = recalled.login;
  const { workspace, pod } = endpoint;
  const fingerprint = toFingerprint(recalled.hostKeys[0]?.blob ?? '');
  // We skipped these steps, so none of them started.
  yield { type: 'finished', step: 'find', fact: { kind: 'found', workspace, pod, ready: true } };
  yield { type: 'finished', step: 'ready' };
  yield { type: 'finished', step: 'host-key', fact: { kind: 'host-key', fingerprint, change: 'known' } };
  yield { type: 'finished', step: 'connect', fact: { kind: 'connected' } };
  return { endpoint, connection };
}
