import { tellIfStopped } from '../../workspace/errors/tell-if-interrupted.ts';
import { readAddress } from '../../workspace/naming/address.ts';
import { type Endpoint, toEndpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';
import { verifyRunning } from '../checks/verify-running.ts';
import { awaitReady } from '../ready/await-ready.ts';

/**
 * Where a workspace serves SSH: the named one, or the only one there is. One that is just starting is waited for, one
 * that was stopped is refused. Throws what `selectWorkspace`, `verifyRunning` and `awaitReady` throw.
 */
export async function* findEndpoint(
  address: string | undefined,
  waitTimeoutMs: number,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, Endpoint, void> {
  yield { type: 'started', step: 'find' };
  // The pod of a workspace that is up says all that a login needs: one request instead of one for each kind of object.
  const { name, user } = address === undefined ? {} : readAddress(address);
  const known = name === undefined ? undefined : await world.cluster.findEndpoint(name, signal);
  if (known !== undefined && (user === undefined || user === known.user)) {
    yield { type: 'finished', step: 'find', fact: toFact(known.workspace, known.pod, true) };
    yield { type: 'started', step: 'ready' };
    yield { type: 'finished', step: 'ready' };
    return known;
  }
  const snapshot = await selectWorkspace(address, world, signal);
  verifyRunning(snapshot);
  const ready = toEndpoint(snapshot);
  yield { type: 'finished', step: 'find', fact: toFact(snapshot.name, snapshot.pod?.name, ready !== undefined) };
  yield { type: 'started', step: 'ready' };
  const endpoint =
    ready ??
    (yield* tellIfStopped(
      `Workspace ${snapshot.name} goes on starting in the cluster`,
      awaitReady({ workspace: snapshot.name, timeoutMs: waitTimeoutMs, early: false }, world, signal),
    )).endpoint;
  yield { type: 'finished', step: 'ready' };
  return endpoint;
}

function toFact(workspace: string, pod: string | undefined, ready: boolean) {
  return { kind: 'found' as const, workspace, pod, ready };
}
