import { HTTP_PORT } from '../contract/ports.ts';
import { hasCode } from '../workspace/errors/errors.ts';
import type { Mapping, RemoteMapping, SocksMapping } from '../workspace/forwards/mapping.ts';
import type { Operation, ProgressEvent } from '../workspace/state/events.ts';
import type { SshConnection, World } from '../workspace/world.ts';
import { AutoForward, announce } from './forwards/auto-forward.ts';
import { Carrier } from './forwards/carrier.ts';
import { Mailbox } from './forwards/mailbox.ts';
import { type OpenForward, openMapping, openSocks, toFailed } from './forwards/open-listeners.ts';
import { openRemotes, toForward } from './forwards/open-remotes.ts';
import { LOG_IN_STEPS, type LogInRequest, logIn } from './login/log-in.ts';
import { RetryPauses } from './login/retry-pauses.ts';

export interface ForwardRequest extends LogInRequest {
  mappings: Mapping[];
  /** Ports of the workspace that lead to what this machine can reach. */
  remoteMappings: RemoteMapping[];
  socks: SocksMapping[];
  /** Forward what the user's programs listen on, but for these ports. */
  auto: { ignored: number[] } | undefined;
  /** Local address to listen on. */
  address: string;
  /** Another local port when the wanted one is taken. */
  anyFreePort: boolean;
}

/** Forwards that are open. The caller keeps them alive, and closes them. */
export interface ForwardSession {
  readonly workspace: string;
  /** Changes while ports come and go. */
  readonly forwards: readonly OpenForward[];
  /** Carries until the signal fires, and makes a lost connection anew, to whatever pod the workspace has by then. */
  keep(): Operation<void>;
  close(): Promise<void>;
}

interface Connected {
  workspace: string;
  sshPort: number;
  connection: SshConnection;
}

/** Opens the local listeners, which then stay open through a lost connection, and connects to the workspace. */
export async function* openForwards(
  request: ForwardRequest,
  world: World,
  signal: AbortSignal,
): Operation<ForwardSession> {
  yield { type: 'planned', workspace: request.workspace ?? '', steps: LOG_IN_STEPS };
  const mailbox = new Mailbox();
  const carrier = new Carrier(world, mailbox, signal);
  const forwards: OpenForward[] = [];
  const close = async () => {
    await Promise.all([carrier.close(), ...forwards.map(({ listener }) => listener?.close())]);
  };
  const onFailure = (local: string, remote: string, error: Error) => mailbox.push(toFailed(local, remote, error));
  const takeUp = async ({ connection, sshPort }: Connected) => {
    try {
      await openRemotes(request.remoteMappings, connection, world, onFailure);
    } catch (error) {
      await connection.close();
      throw error;
    }
    carrier.take(connection);
    auto?.watch(connection, [sshPort, HTTP_PORT]);
  };
  const auto =
    request.auto === undefined
      ? undefined
      : new AutoForward(request, findIgnored(request, request.auto), forwards, carrier, mailbox, world, signal);
  try {
    // Taken local ports are found before anything is asked of the cluster.
    for (const mapping of request.mappings)
      forwards.push(await openMapping(mapping, request, carrier, mailbox, world, signal));
    for (const socks of request.socks) forwards.push(await openSocks(socks, request, carrier, mailbox, world, signal));
    forwards.push(...request.remoteMappings.map(toForward));
    const asked = [...forwards];
    const connected = yield* connectTo(request, world, signal);
    await takeUp(connected);
    // From here on it is this one, also when another is made beside it.
    const again = { ...request, workspace: connected.workspace };
    const session = { asked, carrier, mailbox };
    return {
      workspace: connected.workspace,
      forwards,
      keep: () => keepConnected(session, () => reconnect(again, takeUp, world, signal), world, signal),
      close: async () => {
        await auto?.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is forwarded already, either way, is not forwarded once more. */
function findIgnored(request: ForwardRequest, auto: { ignored: number[] }): number[] {
  return [...auto.ignored, ...[...request.mappings, ...request.remoteMappings].map(({ remote }) => remote.port)];
}

async function* connectTo(
  request: ForwardRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, Connected, void> {
  const { endpoint, connection } = yield* logIn(request, world, signal);
  return { workspace: endpoint.workspace, sshPort: endpoint.sshPort, connection };
}

async function* keepConnected(
  session: { asked: OpenForward[]; carrier: Carrier; mailbox: Mailbox },
  restore: () => AsyncGenerator<ProgressEvent, void, void>,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  const { asked, carrier, mailbox } = session;
  const wake = () => mailbox.wake();
  signal.addEventListener('abort', wake);
  try {
    yield { type: 'started', step: 'forward' };
    for (const forward of asked) yield* announce(forward);
    yield { type: 'finished', step: 'forward' };
    while (!signal.aborted) {
      await mailbox.wait();
      yield* mailbox.take();
      if (carrier.lossReason === undefined || signal.aborted) continue;
      const lostAtMs = world.clock.nowMs();
      yield {
        type: 'noticed',
        level: 'warning',
        notice: { kind: 'connection-lost', reason: carrier.lossReason },
      };
      yield* restore();
      if (signal.aborted) return;
      const afterMs = world.clock.nowMs() - lostAtMs;
      yield { type: 'noticed', level: 'info', notice: { kind: 'connection-restored', afterMs } };
    }
  } finally {
    signal.removeEventListener('abort', wake);
  }
}

/** Tries until it works or the signal fires. A workspace that is gone or stopped ends it: nobody wants it back by accident. */
async function* reconnect(
  request: ForwardRequest,
  takeUp: (connected: Connected) => Promise<void>,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, void, void> {
  const pauses = new RetryPauses();
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    let pauseMs: number;
    try {
      return await takeUp(yield* connectTo(request, world, signal));
    } catch (error) {
      if (signal.aborted) return;
      if (
        hasCode(
          error,
          'WORKSPACE_MISSING',
          'WORKSPACE_STOPPED',
          'HOST_KEY_CHANGED',
          'HOST_KEY_UNVERIFIED',
          'KEY_NOT_AUTHORIZED',
        )
      )
        throw error;
      pauseMs = pauses.next(error);
      yield {
        type: 'advanced',
        step: 'connect',
        fact: { kind: 'reconnecting', attempt, reason: (error as Error).message },
      };
    }
    await world.clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}
