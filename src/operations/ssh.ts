import type { Operation, ProgressEvent } from '../workspace/events.ts';
import { toInfo, type WorkspaceInfo } from '../workspace/info.ts';
import type { WorkspaceSnapshot } from '../workspace/snapshot.ts';
import type { SshConnection, World } from '../workspace/world.ts';
import { awaitReady, type ReadyWorkspace } from './steps/await-ready.ts';
import { type ConnectOptions, connect } from './steps/connect.ts';
import { selectWorkspace } from './steps/select-workspace.ts';
import { type SessionForwardChoice, SessionForwards } from './steps/session-forwards.ts';
import { verifyRunning } from './steps/verify-running.ts';

export interface SshRequest {
  /** Undefined: the only one there is. */
  workspace: string | undefined;
  waitTimeoutMs: number;
  connect: ConnectOptions;
  forwards?: SessionForwardChoice;
}

export interface SshResult {
  info: WorkspaceInfo;
  snapshot: WorkspaceSnapshot;
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
    const found = yield* findAndConnect(request, world, signal);
    await forwards?.start(found.connection);
    return { ...found, forwards };
  } catch (error) {
    await forwards?.close();
    throw error;
  }
}

async function* findAndConnect(
  request: SshRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, Omit<SshResult, 'forwards'>, void> {
  yield { type: 'planned', workspace: request.workspace ?? '', steps: ['find', 'ready', 'host-key', 'connect'] };
  yield { type: 'started', step: 'find' };
  const snapshot = await selectWorkspace(request.workspace, world, signal);
  verifyRunning(snapshot);
  yield {
    type: 'finished',
    step: 'find',
    fact: { kind: 'found', workspace: snapshot.name, pod: snapshot.pod?.name, ready: snapshot.pod?.ready ?? false },
  };
  yield { type: 'started', step: 'ready' };
  const ready: ReadyWorkspace =
    snapshot.pod?.ready === true
      ? { snapshot, pod: snapshot.pod }
      : yield* awaitReady(snapshot.name, world, request.waitTimeoutMs, signal);
  yield { type: 'finished', step: 'ready' };
  const connection = yield* connect(ready, request.connect, world, signal);
  return { info: toInfo(ready.snapshot, world.cluster.context), snapshot: ready.snapshot, connection };
}
