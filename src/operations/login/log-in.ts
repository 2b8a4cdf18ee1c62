import { toFingerprint } from '../../workspace/keys/keys.ts';
import type { Waking } from '../../workspace/sleep/waking.ts';
import type { Endpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent, StepId } from '../../workspace/state/events.ts';
import type { SshConnection, World } from '../../workspace/world.ts';
import { type ConnectOptions, connect, getLoginMeans } from './connect.ts';
import { explainLoss } from './explain-loss.ts';
import { findEndpoint } from './find-endpoint.ts';
import { logInAgain, recall } from './recall.ts';

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
  const { workspace, waitTimeoutMs, waking, connect: options } = request;
  // Do this while the API server, the kubelet and the runtime are at work.
  world.connector.prepare();
  const again = workspace === undefined ? undefined : yield* logInAsBefore(workspace, options, world, signal);
  if (again !== undefined) return again;
  const begin = (starting: Endpoint) => getLoginMeans(starting, options, world, signal);
  const found = yield* findEndpoint(workspace, { waitTimeoutMs, waking, begin }, world, signal);
  const { endpoint, stream, begun: means } = found;
  try {
    return { endpoint, connection: yield* connect({ endpoint, options, given: { stream, means } }, world, signal) };
  } catch (error) {
    throw await explainLoss(error, endpoint.workspace, world, signal);
  }
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
