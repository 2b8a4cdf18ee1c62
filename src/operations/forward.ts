import { HTTP_PORT, RESUME_PORT } from '../contract/ports.ts';
import type { Suggestion } from '../workspace/errors/suggestion.ts';
import type { Forward } from '../workspace/forwards/forward.ts';
import type { Mapping } from '../workspace/forwards/mapping.ts';
import { listSpellings, suggestForward } from '../workspace/forwards/typed-forwards.ts';
import { findName } from '../workspace/naming/address.ts';
import { NEVER_WAKE } from '../workspace/sleep/waking.ts';
import { type Operation, type ProgressEvent, runToEnd } from '../workspace/state/events.ts';
import type { World } from '../workspace/world.ts';
import { AutoForward } from './forwards/auto-forward.ts';
import { Carrier } from './forwards/carrier.ts';
import { ConnectionKeeper } from './forwards/connection-keeper.ts';
import { openForwards } from './forwards/forwards.ts';
import { Mailbox } from './forwards/mailbox.ts';
import { LOG_IN_STEPS, logIn } from './login/log-in.ts';
import type { LoggedIn, LogInRequest } from './login/log-in-anew.ts';

/** How long a local connection waits for a lost connection to the workspace to come back. */
const PATIENCE_MS = 30_000;

export interface ForwardRequest extends LogInRequest {
  mappings: Mapping[];
  /** Forwards what the user's programs listen on, but for these ports. */
  auto: { ignored: number[] } | undefined;
  /** Local address to listen on, where a mapping names none. */
  address: string;
  /** Takes the next free local port when the wanted one is taken. */
  anyFreePort: boolean;
}

/** Forwards that are open. The caller keeps them alive, and closes them. */
export interface ForwardResult {
  workspace: string;
  /** Changes while ports come and go. */
  forwards: readonly Forward[];
  /**
   * Carries until the signal fires. A lost connection is replaced, by one to whatever pod the workspace has by then.
   */
  keep(): Operation<void>;
  close(): Promise<void>;
}

/** Opens the local ports, which stay open through a lost connection, and connects to the workspace. */
export async function* forward(request: ForwardRequest, world: World, signal: AbortSignal): Operation<ForwardResult> {
  yield { type: 'planned', workspace: findName(request.workspace), steps: LOG_IN_STEPS };
  const { mappings, address, anyFreePort } = request;
  const events = new Mailbox<ProgressEvent>();
  const tell = (event: ProgressEvent) => events.push(event);
  const carrier = new Carrier(world.clock, PATIENCE_MS);
  const forwards = await openForwards(mappings, { carrier, address, anyFreePort, suggest, tell }, world, signal);
  const auto =
    request.auto === undefined
      ? undefined
      : new AutoForward({ forwards, ignored: findIgnored(mappings, request.auto), tell }, world.clock, signal);
  const take = async ({ endpoint, connection }: LoggedIn) => {
    try {
      await forwards.carry(connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
    auto?.watch(connection, [endpoint.sshPort, HTTP_PORT, RESUME_PORT]);
    return connection;
  };
  try {
    const first = yield* logIn(request, world, signal);
    // From now on we mean this workspace, even when somebody makes another one.
    // What reconnects by itself wakes nothing: a workspace that fell asleep under a forward would never sleep.
    const again = { ...request, workspace: first.endpoint.workspace, waking: NEVER_WAKE };
    const connection = await take(first);
    tell({ type: 'finished', step: 'forward' });
    const reconnect = async (until: AbortSignal) => take(await runToEnd(logIn(again, world, until), tell));
    const keeper = new ConnectionKeeper({ connection, reconnect, events }, world.clock, signal);
    return {
      workspace: again.workspace,
      forwards: forwards.list,
      async *keep() {
        yield { type: 'started', step: 'forward' };
        yield* keeper.keep();
      },
      async close() {
        await keeper.close();
        await auto?.close();
        await forwards.close();
      },
    };
  } catch (error) {
    await forwards.close();
    throw error;
  }
}

/** Leaves out ports that are forwarded already, in either direction. */
function findIgnored(mappings: Mapping[], auto: { ignored: number[] }): number[] {
  return [...auto.ignored, ...mappings.flatMap((mapping) => (mapping.kind === 'socks' ? [] : [mapping.remote.port]))];
}

function suggest(mapping: Mapping, wanted: Mapping): Suggestion {
  return suggestForward(mapping, 'forward', listSpellings(wanted));
}
