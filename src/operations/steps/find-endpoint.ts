import type { Duplex } from 'node:stream';
import { type Endpoint, toEndpoint } from '../../workspace/endpoint.ts';
import type { ProgressEvent } from '../../workspace/events.ts';
import type { World } from '../../workspace/world.ts';
import { awaitReady } from './await-ready.ts';
import { EarlyStream } from './early-stream.ts';
import { selectWorkspace } from './select-workspace.ts';
import { verifyRunning } from './verify-running.ts';

export interface Found {
  endpoint: Endpoint;
  /** A byte pipe to it, where one was opened on the way; never rejects. Whoever asked closes it. */
  stream: Promise<Duplex | undefined>;
}

/**
 * Where a workspace serves SSH: the named one, or the only one there is. One that is just starting is waited for, one that
 * was stopped is refused. Throws what `selectWorkspace`, `verifyRunning` and `awaitReady` throw.
 */
export async function* findEndpoint(
  name: string | undefined,
  waitTimeoutMs: number,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, Found, void> {
  yield { type: 'started', step: 'find' };
  const known = name === undefined ? undefined : await findReady(name, world, signal);
  if (known !== undefined) {
    const { workspace, pod } = known.endpoint;
    yield { type: 'finished', step: 'find', fact: toFact(workspace, pod, true) };
    yield { type: 'started', step: 'ready' };
    yield { type: 'finished', step: 'ready' };
    return known;
  }
  const snapshot = await selectWorkspace(name, world, signal);
  verifyRunning(snapshot);
  const ready = toEndpoint(snapshot);
  yield { type: 'finished', step: 'find', fact: toFact(snapshot.name, snapshot.pod?.name, ready !== undefined) };
  yield { type: 'started', step: 'ready' };
  const endpoint = ready ?? (yield* awaitReady(snapshot.name, world, waitTimeoutMs, signal)).endpoint;
  yield { type: 'finished', step: 'ready' };
  return { endpoint, stream: Promise.resolve(undefined) };
}

/** The pod of a workspace that is up says all that a login needs: one request instead of one for each kind of object. */
async function findReady(name: string, world: World, signal: AbortSignal): Promise<Found | undefined> {
  const early = new EarlyStream(name, world, signal);
  try {
    const endpoint = await world.cluster.findEndpoint(name, signal);
    if (endpoint !== undefined) return { endpoint, stream: early.take(endpoint) };
  } catch (error) {
    early.drop();
    throw error;
  }
  early.drop();
  return undefined;
}

function toFact(workspace: string, pod: string | undefined, ready: boolean) {
  return { kind: 'found' as const, workspace, pod, ready };
}
