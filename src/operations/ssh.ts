import type { Suggestion } from '../workspace/errors/suggestion.ts';
import type { Mapping } from '../workspace/forwards/mapping.ts';
import { listSpellings, suggestForward } from '../workspace/forwards/typed-forwards.ts';
import { findName } from '../workspace/naming/address.ts';
import type { Endpoint } from '../workspace/state/endpoint.ts';
import type { Operation, ProgressEvent } from '../workspace/state/events.ts';
import type { SshConnection, World } from '../workspace/world.ts';
import { Carrier } from './forwards/carrier.ts';
import { type Forwards, openForwards } from './forwards/forwards.ts';
import { LOG_IN_STEPS, logIn } from './login/log-in.ts';
import type { LogInRequest } from './login/log-in-anew.ts';

/** What a session carries beside itself. */
export interface SessionForwards {
  mappings: Mapping[];
  /** Hears what happens to them during the session. */
  tell(event: ProgressEvent): void;
}

export interface SessionRequest extends LogInRequest {
  forwards?: SessionForwards;
}

export interface SshResult {
  endpoint: Endpoint;
  /** Open; the caller closes it. */
  connection: SshConnection;
  /** Open for the whole session; the caller closes them. */
  forwards: Forwards;
}

/** Connects to a workspace that is up, waiting for it if it is just starting. */
export async function* ssh(request: SessionRequest, world: World, signal: AbortSignal): Operation<SshResult> {
  const { mappings, tell } = request.forwards ?? { mappings: [], tell: () => undefined };
  // A local connection that arrives early waits for the login.
  const carrier = new Carrier(world.clock, Number.POSITIVE_INFINITY);
  const options = { carrier, anyFreePort: false, suggest, tell };
  const forwards = await openForwards(mappings, options, world, signal);
  let connection: SshConnection | undefined;
  try {
    yield { type: 'planned', workspace: findName(request.workspace), steps: LOG_IN_STEPS };
    const { endpoint, ...login } = yield* logIn(request, world, signal);
    connection = login.connection;
    await forwards.carry(connection);
    return { endpoint, connection, forwards };
  } catch (error) {
    await Promise.all([forwards.close(), connection?.close()]);
    throw error;
  }
}

function suggest(mapping: Mapping, wanted: Mapping): Suggestion {
  return suggestForward(mapping, 'ssh', listSpellings(wanted));
}
