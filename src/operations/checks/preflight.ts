import { toHomeChoice } from '../../workspace/choices/home-choice.ts';
import { failure } from '../../workspace/errors/errors.ts';
import { advice, ws } from '../../workspace/errors/suggestion.ts';
import type { ProgressEvent } from '../../workspace/state/events.ts';
import type { Permission, World } from '../../workspace/world.ts';
import type { Asked } from './asked.ts';
import { findChosenAmounts, lookForAmounts, tellBeyondNodes } from './beyond-nodes.ts';
import { getNamespaceMissing } from './find-namespace-fault.ts';
import { findSharingFault } from './find-sharing-fault.ts';
import { findExtrasFault } from './rights/extras.ts';
import { findMissing } from './rights/find-missing.ts';
import { listPermissions, tellMissing } from './rights/permissions.ts';
import { verifyHome } from './verify-home.ts';

export interface PreflightRequest extends Asked {
  createNamespace: boolean;
}

/**
 * Everything that the cluster can be known to refuse is found out before anything is changed: the namespace, the
 * permissions, the storage class, the home. All questions are asked at once. Returns whether the namespace must be
 * made.
 */
export async function* preflight(
  request: PreflightRequest,
  world: World,
  signal: AbortSignal,
): AsyncGenerator<ProgressEvent, { createNamespace: boolean }, void> {
  yield { type: 'started', step: 'preflight' };
  const { cluster } = world;
  const home = toHomeChoice(request.choices);
  const amounts = await findChosenAmounts(request, world);
  const [version, namespace, missing, extrasFault, classes, nodes, sharing] = await Promise.all([
    cluster.getVersion(signal),
    cluster.findNamespace(signal),
    findMissing(listPermissions(home), cluster, signal),
    findExtrasFault(request, world, signal),
    home?.kind === 'claim' ? cluster.findStorageClasses(signal) : undefined,
    lookForAmounts(amounts, world, signal),
    findSharingFault(request, world, signal),
  ]);
  const mustCreate = await verifyNamespace(namespace, request, world, signal);
  verifyPermissions(missing, world);
  if (extrasFault !== undefined) throw extrasFault;
  yield* tellBeyondNodes(amounts, nodes);
  if (home !== undefined)
    yield* verifyHome({ workspace: request.workspace, home, found: request.found, classes }, world, signal);
  if (sharing !== undefined) throw sharing;
  yield {
    type: 'finished',
    step: 'preflight',
    fact: { kind: 'cluster', context: cluster.context, namespace: cluster.namespace, version },
  };
  return { createNamespace: mustCreate };
}

async function verifyNamespace(
  state: 'active' | 'terminating' | 'unknown' | undefined,
  request: PreflightRequest,
  world: World,
  signal: AbortSignal,
): Promise<boolean> {
  const { namespace } = world.cluster;
  if (state === undefined && request.createNamespace) return true;
  if (state === undefined) throw await getNamespaceMissing(request.workspace, world, signal);
  if (state === 'terminating') {
    throw failure('NAMESPACE_MISSING', {
      message: `Namespace ${namespace} is being deleted`,
      suggestions: [advice('Wait until it is gone, or use another namespace')],
    });
  }
  return false;
}

function verifyPermissions(missing: Permission[], world: World): void {
  if (missing.length === 0) return;
  throw failure('NOT_PERMITTED', {
    message: `You may not make a workspace in namespace ${world.cluster.namespace}`,
    reason: tellMissing(missing),
    suggestions: [
      advice('Ask an administrator for the Role in docs/operators.md'),
      { ...ws`up`, place: { namespace: 'NAME' }, note: 'one that is yours' },
    ],
  });
}
