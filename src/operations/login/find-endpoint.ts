import { tellIfStopped } from '../../workspace/errors/tell-if-interrupted.ts';
import { readAddress } from '../../workspace/naming/address.ts';
import type { Waking } from '../../workspace/sleep/waking.ts';
import { type Endpoint, toEndpoint } from '../../workspace/state/endpoint.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { World } from '../../workspace/world.ts';
import { selectWorkspace } from '../checks/select-workspace.ts';
import { verifyUndamaged } from '../checks/verify-undamaged.ts';
import { awaitReady, type ReadyWorkspace } from '../ready/await-ready.ts';
import { wakeIfAsleep } from './wake.ts';

export interface Finding<Begun> {
  waitTimeoutMs: number;
  waking: Waking;
  /** As for `awaitReady`. */
  begin?(endpoint: Endpoint): Begun;
}

/** `stream` and `begun` only of one that had to be waited for: see `ReadyWorkspace`. */
export type Found<Begun> = Omit<ReadyWorkspace<Begun>, 'snapshot'>;

/**
 * Where a workspace serves SSH: the named one, or the only one there is. One that is just starting is waited for, one
 * that sleeps is woken, one that was stopped is refused. Throws what `selectWorkspace`, `verifyUndamaged`,
 * `wakeIfAsleep` and `awaitReady` throw.
 */
export async function* findEndpoint<Begun = undefined>(
  address: string | undefined,
  { waitTimeoutMs, waking, begin }: Finding<Begun>,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, Found<Begun>, void> {
  yield { type: 'started', step: 'find' };
  // The pod of a workspace that is up says all that a login needs: one request instead of one for each kind of object.
  const { name, user } = address === undefined ? {} : readAddress(address);
  const known = name === undefined ? undefined : await world.cluster.findEndpoint(name, signal);
  if (known !== undefined && (user === undefined || user === known.user)) {
    yield { type: 'finished', step: 'find', fact: toFact(known.workspace, known.pod, true) };
    yield { type: 'started', step: 'ready' };
    yield { type: 'finished', step: 'ready' };
    return { endpoint: known };
  }
  const snapshot = await selectWorkspace(address, world, signal);
  const workspace = snapshot.name;
  verifyUndamaged(snapshot);
  const ready = toEndpoint(snapshot);
  yield { type: 'finished', step: 'find', fact: toFact(workspace, snapshot.pod?.name, ready !== undefined) };
  yield { type: 'started', step: 'ready' };
  // Whoever has woken it waits for a prompt, and not for what Kubernetes calls ready.
  const early = yield* wakeIfAsleep(snapshot, waking, world, signal);
  const wait = { workspace, timeoutMs: waitTimeoutMs, early };
  const found =
    ready === undefined
      ? yield* tellIfStopped(
          `Workspace ${workspace} goes on starting in the cluster`,
          awaitReady(wait, world, signal, early ? begin : undefined),
        )
      : { endpoint: ready };
  yield { type: 'finished', step: 'ready' };
  return found;
}

function toFact(workspace: string, pod: string | undefined, ready: boolean) {
  return { kind: 'found' as const, workspace, pod, ready };
}
