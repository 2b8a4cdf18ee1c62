import { toFingerprint } from '../../workspace/keys/keys.ts';
import type { ProgressEvent, StepId } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import type { ConnectOptions } from './connect.ts';
import type { LoggedIn, LogInRequest } from './log-in-anew.ts';
import { logInAgain, recall } from './recall.ts';

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
  const { workspace, connect: options } = request;
  const again = workspace === undefined ? undefined : yield* logInAsBefore(workspace, options, world, signal);
  if (again !== undefined) return again;
  // Do this while the API server, the kubelet and the runtime are at work.
  world.connector.prepare();
  // It brings all that is known of trouble.
  const { logInAnew } = await import('./log-in-anew.ts');
  return yield* logInAnew(request, world, signal);
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
