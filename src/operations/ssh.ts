import type { Operation } from '../workspace/state/events.ts';
import type { SshConnection, World } from '../workspace/world.ts';
import { type SessionForwardChoice, SessionForwards } from './forwards/session-forwards.ts';
import { LOG_IN_STEPS, type LogInRequest, logIn } from './login/log-in.ts';

export interface SshRequest extends LogInRequest {
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
    yield { type: 'planned', workspace: request.workspace ?? '', steps: LOG_IN_STEPS };
    const { connection } = yield* logIn(request, world, signal);
    await forwards?.start(connection);
    return { connection, forwards };
  } catch (error) {
    await forwards?.close();
    throw error;
  }
}
